import { statement, type Tx } from '../store/db.ts'

const ensure = statement(
  'ensure_carrier',
  `insert into carriers (account_id, id, name, kind, created_at) values ($1, $2, $3, $4, $5)
   on conflict (name) where deleted_at is null do update set kind = excluded.kind returning id, account_id`,
)

/** The carrier of that name, made if it is not there yet. Ids stay the same over restarts: receipts depend on them. */
export async function ensureCarrier(
  tx: Tx,
  carrier: { accountId: string; id: string; name: string; kind: string; now: Date },
): Promise<{ id: string; accountId: string }> {
  const { accountId, id, name, kind, now } = carrier
  const [row] = await tx.query<{ id: string; account_id: string }>(ensure, [accountId, id, name, kind, now])
  return { id: row!.id, accountId: row!.account_id }
}

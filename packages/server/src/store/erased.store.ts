import { statement, type Tx } from './db.ts'

const count = statement(
  'erased_count',
  `insert into contact_erasure_counts as c (account_id, erasure_id, place, count, note, at)
   select $1, $2, place, count, null, $5 from unnest($3::text[], $4::integer[]) as gone(place, count)
   on conflict (account_id, erasure_id, place) do update set count = c.count + excluded.count, at = excluded.at`,
)

/**
 * Lines of the receipt of an erasure: how much went, by place. Whoever hears `contact.erased` writes one for each place where it
 * keeps something of people, also where there was nothing: that somebody has looked is what the receipt is for.
 */
export async function countErased(
  tx: Tx,
  accountId: string,
  erasureId: string,
  gone: Readonly<Record<string, number>>,
  now: Date,
): Promise<void> {
  await tx.query(count, [accountId, erasureId, Object.keys(gone), Object.values(gone), now])
}

import { statement, type Tx } from '../../../store/db.ts'

/** A link to the page on which one person sees and changes what they get. */
export interface Link {
  accountId: string
  /** Bare UUID. */
  id: string
  number: string
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
}

const columns = `account_id as "accountId", id, number, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"`

const insert = statement(
  'consent_links_insert',
  'insert into consent_links (account_id, id, number_key, number, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
)
const find = statement('consent_link', `select ${columns} from consent_links where id = $1`)
const revoke = statement(
  'consent_link_revoke',
  'update consent_links set revoked_at = coalesce(revoked_at, $3) where account_id = $1 and id = $2 returning id',
)
const drop = statement('consent_links_drop', 'delete from consent_links where expires_at < $1')

export async function insertLink(
  tx: Tx,
  { accountId, id, number, createdAt, expiresAt }: Omit<Link, 'revokedAt'>,
  numberKey: Buffer,
): Promise<void> {
  await tx.query(insert, [accountId, id, numberKey, number, createdAt, expiresAt])
}

export const findLink = async (tx: Tx, id: string): Promise<Link | undefined> =>
  (await tx.query<Link>(find, [id]))[0]

/** False where the account has no such link. */
export const revokeLink = async (tx: Tx, accountId: string, id: string, now: Date): Promise<boolean> =>
  (await tx.query(revoke, [accountId, id, now])).length > 0

export const dropLinks = async (tx: Tx, before: Date): Promise<void> => {
  await tx.query(drop, [before])
}

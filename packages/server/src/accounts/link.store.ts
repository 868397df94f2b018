import type { Actor } from '../route.ts'
import { statement, type Tx } from '../store/db.ts'
import type { RoleName } from './roles.ts'

/** A link that lets somebody in: `role` is that of an invitation, `user_id` whose password a reset is for. */
export interface LinkRow {
  account_id: string
  id: string
  kind: 'invitation' | 'reset'
  email: string
  name: string
  role: RoleName | null
  user_id: string | null
  made_by: Actor
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

const columns = 'account_id, id, kind, email, name, role, user_id, made_by, created_at, expires_at, used_at'

const insert = statement(
  'insert_user_link',
  `insert into user_links (account_id, id, kind, hash, email, name, role, user_id, made_by, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${columns}`,
)
export async function insertLink(
  tx: Tx,
  link: Omit<LinkRow, 'used_at'> & { hash: Buffer },
): Promise<LinkRow> {
  const { account_id, id, kind, hash, email, name, role, user_id, made_by, created_at, expires_at } = link
  const who = JSON.stringify(made_by)
  const values = [account_id, id, kind, hash, email, name, role, user_id, who, created_at, expires_at]
  return (await tx.query<LinkRow>(insert, values))[0]!
}

const byHash = statement(
  'user_link_by_hash',
  `select ${columns} from user_links where hash = $1 and used_at is null and expires_at > $2 for update`,
)
/** A link that still opens, held until the end of the transaction: of two who take it, one comes too late. */
export const lockLink = async (tx: Tx, hash: Buffer, now: Date): Promise<LinkRow | undefined> =>
  (await tx.query<LinkRow>(byHash, [hash, now]))[0]

const use = statement('use_user_link', 'update user_links set used_at = $3 where account_id = $1 and id = $2')
export const useLink = async (tx: Tx, { account_id, id }: LinkRow, now: Date): Promise<void> =>
  void (await tx.query(use, [account_id, id, now]))

const open = statement(
  'open_user_links',
  `select ${columns} from user_links where account_id = $1 and id < $2 and kind = 'invitation' and used_at is null
     and expires_at > $3 order by account_id desc, id desc limit $4`,
)
/** Invitations that nobody has taken yet, newest first, before `before`. */
export const openInvitations = (
  tx: Tx,
  accountId: string,
  before: string,
  limit: number,
  now: Date,
): Promise<LinkRow[]> => tx.query<LinkRow>(open, [accountId, before, now, limit])

const withdraw = statement(
  'delete_invitation',
  `delete from user_links where account_id = $1 and id = $2 and kind = 'invitation' and used_at is null returning role`,
)
/** The role that it would have given; undefined: there is none that is still open. */
export const deleteInvitation = async (
  tx: Tx,
  accountId: string,
  id: string,
): Promise<RoleName | undefined> => (await tx.query<{ role: RoleName }>(withdraw, [accountId, id]))[0]?.role

const withdrawResets = statement(
  'delete_reset_links',
  `delete from user_links where account_id = $1 and user_id = $2 and kind = 'reset' and used_at is null`,
)
/** A new link ends the ones before it. */
export const deleteResets = async (tx: Tx, accountId: string, userId: string): Promise<void> =>
  void (await tx.query(withdrawResets, [accountId, userId]))

const withdrawInvitations = statement(
  'delete_invitations',
  `delete from user_links where account_id = $1 and email = $2 and kind = 'invitation' and used_at is null
   returning role`,
)
/** The roles that they would have given. */
export const deleteInvitationsOf = async (tx: Tx, accountId: string, email: string): Promise<RoleName[]> =>
  (await tx.query<{ role: RoleName }>(withdrawInvitations, [accountId, email])).map(({ role }) => role)

const old = statement('old_user_links', 'delete from user_links where expires_at < $1')
export const deleteOldLinks = async (tx: Tx, before: Date): Promise<void> =>
  void (await tx.query(old, [before]))

const ofUser = statement('delete_links_of_user', 'delete from user_links where user_id = $1')
export const deleteLinksOfUser = async (tx: Tx, userId: string): Promise<void> =>
  void (await tx.query(ofUser, [userId]))

import { statement, type Tx } from '../store/db.ts'
import type { RoleName } from './roles.ts'

export interface UserRow {
  id: string
  email: string
  name: string
  password: string | null
  totp_secret: Buffer | null
  totp_pending: Buffer | null
  totp_step: number
  /** Recovery codes that are left. */
  recovery_codes: number
  created_at: Date
}

const columns =
  'id, email, name, password, totp_secret, totp_pending, totp_step, cardinality(recovery) as recovery_codes, created_at'

const byEmail = statement('user_by_email', `select ${columns} from users where email = $1`)
const byId = statement('user_by_id', `select ${columns} from users where id = $1`)
const byIdLocked = statement('lock_user', `select ${columns} from users where id = $1 for update`)

/** `email` in lower case. */
export const findUserByEmail = async (tx: Tx, email: string): Promise<UserRow | undefined> =>
  (await tx.query<UserRow>(byEmail, [email]))[0]
export const findUser = async (tx: Tx, id: string): Promise<UserRow | undefined> =>
  (await tx.query<UserRow>(byId, [id]))[0]
/** Held until the end of the transaction. */
export const lockUser = async (tx: Tx, id: string): Promise<UserRow | undefined> =>
  (await tx.query<UserRow>(byIdLocked, [id]))[0]

const insert = statement(
  'insert_user',
  `insert into users (id, email, name, password, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
   on conflict (email) do nothing returning ${columns}`,
)

/** Undefined: the address is taken. */
export async function insertUser(
  tx: Tx,
  user: Pick<UserRow, 'id' | 'email' | 'name' | 'password'>,
  now: Date,
): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(insert, [user.id, user.email, user.name, user.password, now]))[0]
}

const setName = statement('rename_user', 'update users set name = $2, updated_at = $3 where id = $1')
export const renameUser = async (tx: Tx, id: string, name: string, now: Date): Promise<void> =>
  void (await tx.query(setName, [id, name, now]))

const setHash = statement(
  'set_user_password',
  'update users set password = $2, updated_at = $3 where id = $1',
)
export const setPasswordHash = async (tx: Tx, id: string, hash: string, now: Date): Promise<void> =>
  void (await tx.query(setHash, [id, hash, now]))

const pend = statement('pend_user_totp', 'update users set totp_pending = $2, updated_at = $3 where id = $1')
export const pendTotp = async (tx: Tx, id: string, sealed: Buffer, now: Date): Promise<void> =>
  void (await tx.query(pend, [id, sealed, now]))

const confirm = statement(
  'confirm_user_totp',
  `update users set totp_secret = totp_pending, totp_pending = null, totp_step = $2, recovery = $4, updated_at = $3
   where id = $1 and totp_pending is not null`,
)
/** The pending secret counts from now on, and these are the hashes of the codes for a lost phone. */
export const confirmTotp = async (
  tx: Tx,
  id: string,
  step: number,
  recovery: readonly Buffer[],
  now: Date,
): Promise<void> => void (await tx.query(confirm, [id, step, now, recovery]))

const renew = statement(
  'renew_recovery_codes',
  'update users set recovery = $2, updated_at = $3 where id = $1 and totp_secret is not null returning id',
)
/** In place of those before; false: the user has no second factor to recover. */
export const renewRecovery = async (
  tx: Tx,
  id: string,
  recovery: readonly Buffer[],
  now: Date,
): Promise<boolean> => (await tx.query(renew, [id, recovery, now])).length === 1

const takeRecovery = statement(
  'take_recovery_code',
  'update users set recovery = array_remove(recovery, $2::bytea), updated_at = $3 where id = $1 and $2::bytea = any (recovery) returning id',
)
/** True once for each code. */
export const takeRecoveryCode = async (tx: Tx, id: string, hash: Buffer, now: Date): Promise<boolean> =>
  (await tx.query(takeRecovery, [id, hash, now])).length === 1

const drop = statement(
  'drop_user_totp',
  "update users set totp_secret = null, totp_pending = null, recovery = '{}', updated_at = $2 where id = $1",
)
export const dropTotp = async (tx: Tx, id: string, now: Date): Promise<void> =>
  void (await tx.query(drop, [id, now]))

const takeStep = statement(
  'take_totp_step',
  'update users set totp_step = $2 where id = $1 and totp_step < $2 returning true as taken',
)

/** True for the first who brings a code of this step or a later one; codes of earlier steps are dead then. */
export const takeTotpStep = async (tx: Tx, id: string, step: number): Promise<boolean> =>
  (await tx.query(takeStep, [id, step])).length === 1

export interface Membership {
  account_id: string
  account_name: string
  role: RoleName
}

const membershipsOf = statement(
  'memberships_of_user',
  `select m.account_id, a.name as account_name, m.role from memberships m join accounts a on a.id = m.account_id
   where m.user_id = $1 order by m.account_id`,
)
export const membershipsOfUser = (tx: Tx, userId: string): Promise<Membership[]> =>
  tx.query<Membership>(membershipsOf, [userId])

export interface MemberRow {
  id: string
  email: string
  name: string
  role: RoleName
  created_at: Date
  seen_at: Date | null
  has_password: boolean
  has_totp: boolean
  passkeys: number
}

const memberColumns = `u.id, u.email, u.name, m.role, m.created_at,
  (select max(s.seen_at) from user_sessions s where s.user_id = u.id) as seen_at,
  u.password is not null as has_password, u.totp_secret is not null as has_totp,
  (select count(*)::integer from user_passkeys p where p.user_id = u.id) as passkeys`
const membersOf = statement(
  'members_of_account',
  `select ${memberColumns} from memberships m join users u on u.id = m.user_id
   where m.account_id = $1 and m.user_id < $2 order by m.account_id desc, m.user_id desc limit $3`,
)
const memberOf = statement(
  'member_of_account',
  `select ${memberColumns} from memberships m join users u on u.id = m.user_id
   where m.account_id = $1 and m.user_id = $2`,
)

/** Newest first, before `before`. */
export const listMembers = (tx: Tx, accountId: string, before: string, limit: number): Promise<MemberRow[]> =>
  tx.query<MemberRow>(membersOf, [accountId, before, limit])
export const findMember = async (tx: Tx, accountId: string, userId: string): Promise<MemberRow | undefined> =>
  (await tx.query<MemberRow>(memberOf, [accountId, userId]))[0]

const lockMemberships = statement('lock_account', 'select id from accounts where id = $1 for no key update')
const owners = statement(
  'owners_of_account',
  `select user_id from memberships where account_id = $1 and role = 'owner'`,
)

/** The owners, with the account held until the transaction ends: of two that remove each other, one is told so. */
export async function holdOwners(tx: Tx, accountId: string): Promise<Set<string>> {
  await tx.query(lockMemberships, [accountId])
  return new Set((await tx.query<{ user_id: string }>(owners, [accountId])).map(({ user_id }) => user_id))
}

const join = statement(
  'insert_membership',
  `insert into memberships (account_id, user_id, role, created_at) values ($1, $2, $3, $4)
   on conflict do nothing returning true as made`,
)
/** False: the user is a member already. */
export const insertMembership = async (
  tx: Tx,
  accountId: string,
  userId: string,
  role: RoleName,
  now: Date,
): Promise<boolean> => (await tx.query(join, [accountId, userId, role, now])).length === 1

const changeRole = statement(
  'change_membership',
  'update memberships set role = $3 where account_id = $1 and user_id = $2',
)
export const setRole = async (tx: Tx, accountId: string, userId: string, role: RoleName): Promise<void> =>
  void (await tx.query(changeRole, [accountId, userId, role]))

const leave = statement('delete_membership', 'delete from memberships where account_id = $1 and user_id = $2')
export const deleteMembership = async (tx: Tx, accountId: string, userId: string): Promise<void> =>
  void (await tx.query(leave, [accountId, userId]))

const elsewhere = statement(
  'memberships_elsewhere',
  'select true as found from memberships where user_id = $2 and account_id <> $1 limit 1',
)
/** Whether the user belongs to other accounts, too. */
export const belongsElsewhere = async (tx: Tx, accountId: string, userId: string): Promise<boolean> =>
  (await tx.query(elsewhere, [accountId, userId])).length > 0

const remove = statement('delete_user', 'delete from users where id = $1')
/** After everything that names the user. */
export const deleteUser = async (tx: Tx, id: string): Promise<void> => void (await tx.query(remove, [id]))

import { statement, type Tx } from '../store/db.ts'
import type { RoleName } from './roles.ts'

export interface SessionRow {
  id: string
  account_id: string
  user_id: string
  user_name: string
  role: RoleName
  seen_at: Date
  proved_at: Date
  /** SHA-256, hex. */
  hash: string
}

const live = statement(
  'live_sessions',
  // Whoever is no member any more is nobody here: the session names an account and counts only with a role in it.
  `select s.id, s.account_id, s.user_id, u.name as user_name, m.role, s.seen_at, s.proved_at, encode(s.hash, 'hex') as hash
   from user_sessions s join users u on u.id = s.user_id
     join memberships m on m.account_id = s.account_id and m.user_id = s.user_id
   where s.hash = any ($1::bytea[]) and s.expires_at > $2 and s.seen_at > $3`,
)

/** The sessions among these hashes that have neither ended nor been idle since before `idleSince`. */
export const findLiveSessions = (
  tx: Tx,
  hashes: readonly Buffer[],
  now: Date,
  idleSince: Date,
): Promise<SessionRow[]> => tx.query<SessionRow>(live, [hashes, now, idleSince])

const touch = statement(
  'touch_sessions',
  'update user_sessions set seen_at = $2 where id = any ($1::uuid[]) and seen_at < $2',
)
export const touchSessions = async (tx: Tx, ids: readonly string[], now: Date): Promise<void> =>
  void (await tx.query(touch, [ids, now]))

const insert = statement(
  'insert_session',
  `insert into user_sessions (id, hash, user_id, account_id, created_at, seen_at, expires_at, proved_at, address, agent)
   values ($1, $2, $3, $4, $5, $5, $6, $5, $7, $8)`,
)

export interface NewSession {
  id: string
  hash: Buffer
  userId: string
  accountId: string
  expiresAt: Date
  address: string
  agent: string
}

export async function insertSession(tx: Tx, session: NewSession, now: Date): Promise<void> {
  const { id, hash, userId, accountId, expiresAt, address, agent } = session
  await tx.query(insert, [id, hash, userId, accountId, now, expiresAt, address, agent])
}

const lastAccount = statement(
  'last_account_of_user',
  'select account_id from user_sessions where user_id = $1 order by user_id, seen_at desc limit 1',
)
/** Where the user was last. */
export const lastAccountOf = async (tx: Tx, userId: string): Promise<string | undefined> =>
  (await tx.query<{ account_id: string }>(lastAccount, [userId]))[0]?.account_id

export interface ListedSession {
  id: string
  account_id: string
  created_at: Date
  seen_at: Date
  expires_at: Date
  address: string
  agent: string
}

const ofUser = statement(
  'sessions_of_user',
  `select id, account_id, created_at, seen_at, expires_at, address, agent from user_sessions
   where user_id = $1 and expires_at > $2 and seen_at > $3 order by id desc limit 200`,
)
export const sessionsOfUser = (
  tx: Tx,
  userId: string,
  now: Date,
  idleSince: Date,
): Promise<ListedSession[]> => tx.query<ListedSession>(ofUser, [userId, now, idleSince])

const end = statement(
  'delete_session',
  'delete from user_sessions where user_id = $1 and id = $2 returning id',
)
/** False: the user has no such session. */
export const deleteSession = async (tx: Tx, userId: string, id: string): Promise<boolean> =>
  (await tx.query(end, [userId, id])).length === 1

const endOthers = statement(
  'delete_sessions_of_user',
  'delete from user_sessions where user_id = $1 and ($2::uuid is null or id <> $2) returning id',
)
/** Ends all but `keep`; returns the ids. */
export const deleteSessionsOf = async (tx: Tx, userId: string, keep: string | null): Promise<string[]> =>
  (await tx.query<{ id: string }>(endOthers, [userId, keep])).map(({ id }) => id)

const endInAccount = statement(
  'delete_sessions_in_account',
  'delete from user_sessions where user_id = $1 and account_id = $2 returning id',
)
export const deleteSessionsIn = async (tx: Tx, userId: string, accountId: string): Promise<string[]> =>
  (await tx.query<{ id: string }>(endInAccount, [userId, accountId])).map(({ id }) => id)

const prove = statement('prove_session', 'update user_sessions set proved_at = $2 where id = $1')
export const proveSession = async (tx: Tx, id: string, now: Date): Promise<void> =>
  void (await tx.query(prove, [id, now]))

const provedAt = statement('session_proved_at', 'select proved_at from user_sessions where id = $1')
/** Not from memory: another node may have taken the proof a moment ago. */
export const provedWhen = async (tx: Tx, id: string): Promise<Date | undefined> =>
  (await tx.query<{ proved_at: Date }>(provedAt, [id]))[0]?.proved_at

const move = statement('move_session', 'update user_sessions set account_id = $2 where id = $1')
export const moveSession = async (tx: Tx, id: string, accountId: string): Promise<void> =>
  void (await tx.query(move, [id, accountId]))

const over = statement(
  'delete_old_sessions',
  'delete from user_sessions where expires_at < $1 or seen_at < $2',
)
export const deleteOldSessions = async (tx: Tx, now: Date, idleSince: Date): Promise<void> =>
  void (await tx.query(over, [now, idleSince]))

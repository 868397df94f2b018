import { plain, quoted, uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'
import type { Details } from '../entry.ts'

/** A double opt-in that waits for its answer, or has had it. */
export interface SignUp {
  accountId: string
  /** Bare UUID. */
  id: string
  numberKey: Buffer
  /** E.164; null once it has ended. */
  number: string | null
  state: 'pending' | 'granted' | 'declined' | 'expired' | 'replaced'
  /** Bare UUIDs. */
  topics: string[]
  sender: string | null
  /** How whoever asked calls himself. */
  name: string | null
  language: string
  codeHash: Buffer
  /** Wrong codes so far. */
  tries: number
  details: Details
  /** Bare UUID of the message that asked. */
  messageId: string
  createdAt: Date
  expiresAt: Date
}

const columns = `s.account_id as "accountId", s.id, s.number_key as "numberKey", s.number, s.state, s.topics, s.sender, s.name,
  s.language, s.code_hash as "codeHash", s.tries, s.details, s.message_id as "messageId", s.created_at as "createdAt",
  s.expires_at as "expiresAt"`

const insert = statement(
  'consent_sign_ups_insert',
  // Who starts again means the new one: an answer must not be to two questions.
  `with before as (
     update consent_sign_ups set state = 'replaced', number = null, ended_at = $13
     where account_id = $1 and number_key = $3 and state = 'pending' and topics = $5)
   insert into consent_sign_ups (account_id, id, number_key, number, state, topics, sender, name, language, code_hash, details,
     message_id, created_at, expires_at)
   values ($1, $2, $3, $4, 'pending', $5, $6, $7, $8, $9, $10, $11, $13, $12)`,
)

export type NewSignUp = Omit<SignUp, 'state' | 'tries' | 'number' | 'createdAt'> & { number: string }

export async function insertSignUp(tx: Tx, made: NewSignUp, now: Date): Promise<void> {
  await tx.query(insert, [
    ...[made.accountId, made.id, made.numberKey, made.number, made.topics, made.sender, made.name],
    ...[made.language, made.codeHash, JSON.stringify(made.details), made.messageId, made.expiresAt, now],
  ])
}

const byId = statement(
  'consent_sign_up',
  `select ${columns} from consent_sign_ups s where s.id = $1 and ($2::uuid is null or s.account_id = $2)`,
)
const lockById = statement(
  'consent_sign_up_lock',
  `select ${columns} from consent_sign_ups s where s.id = $1 and ($2::uuid is null or s.account_id = $2) for update`,
)

/** Of any account where none is given: whoever asks has a signed token. `lock`: until the end of the transaction. */
export async function findSignUp(
  tx: Tx,
  id: string,
  { accountId, lock = false }: { accountId?: string; lock?: boolean } = {},
): Promise<SignUp | undefined> {
  return (await tx.query<SignUp>(lock ? lockById : byId, [id, accountId ?? null]))[0]
}

const ofPeople = statement(
  'consent_sign_ups_of',
  `select ${columns} from unnest($1::uuid[], $2::text[]) as d(account_id, number_key)
   cross join lateral (
     select * from consent_sign_ups s
     where s.account_id = d.account_id and s.number_key = decode(d.number_key, 'hex') and s.state = 'pending' and s.expires_at > $3
     for update) s
   order by s.id desc`,
)

/** What waits for an answer of these people, the newest first; held until the end of the transaction. */
export const pendingOf = (
  tx: Tx,
  people: readonly { accountId: string; numberKey: Buffer }[],
  now: Date,
): Promise<SignUp[]> =>
  tx.query<SignUp>(ofPeople, [
    uuids(people.map(({ accountId }) => accountId)),
    plain(people.map(({ numberKey }) => numberKey.toString('hex'))),
    now,
  ])

const end = statement(
  'consent_sign_ups_end',
  `with found as materialized (
     select place.ctid as place, d.state from unnest($1::uuid[], $2::uuid[], $3::text[]) as d(account_id, id, state)
     cross join lateral (
       select s.ctid from consent_sign_ups s where s.account_id = d.account_id and s.id = d.id limit 1 for update) place)
   update consent_sign_ups s set state = found.state, number = null, ended_at = $4 from found where s.ctid = found.place`,
)

export async function endSignUps(
  tx: Tx,
  ended: readonly { accountId: string; id: string; state: SignUp['state'] }[],
  now: Date,
): Promise<void> {
  if (ended.length === 0) return
  await tx.query(end, [
    uuids(ended.map(({ accountId }) => accountId)),
    uuids(ended.map(({ id }) => id)),
    quoted(ended.map(({ state }) => state)),
    now,
  ])
}

const wrong = statement(
  'consent_sign_ups_wrong_code',
  `update consent_sign_ups set tries = tries + 1 where account_id = $1 and id = $2 and state = 'pending' and tries < $3 returning tries`,
)

/** Counts a code before it is compared; undefined when there were too many. */
export async function countCode(
  tx: Tx,
  { accountId, id }: SignUp,
  most: number,
): Promise<number | undefined> {
  return (await tx.query<{ tries: number }>(wrong, [accountId, id, most]))[0]?.tries
}

const takeExpired = statement(
  'consent_sign_ups_expired',
  `select ${columns} from consent_sign_ups s where s.state = 'pending' and s.expires_at <= $1
   order by s.expires_at limit $2 for update skip locked`,
)

/** Those that nobody has answered in time; held until the end of the transaction. */
export const expiredSignUps = (tx: Tx, now: Date, limit: number): Promise<SignUp[]> =>
  tx.query<SignUp>(takeExpired, [now, limit])

const list = statement(
  'consent_sign_ups_list',
  `select ${columns} from consent_sign_ups s where s.account_id = $1 and ($2::uuid is null or s.id < $2)
     and ($3::text is null or s.state = $3)
   order by s.id desc limit $4`,
)

/** Newest first. */
export const listSignUps = (
  tx: Tx,
  accountId: string,
  { before = null, state = null, limit }: { before?: string | null; state?: string | null; limit: number },
): Promise<SignUp[]> => tx.query<SignUp>(list, [accountId, before, state, limit])

const drop = statement('consent_sign_ups_drop', 'delete from consent_sign_ups where ended_at < $1')

export const dropEnded = async (tx: Tx, before: Date): Promise<void> => {
  await tx.query(drop, [before])
}

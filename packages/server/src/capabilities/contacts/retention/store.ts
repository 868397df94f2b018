import { uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

/** For how many days each class of data is kept; null: for good. */
export interface Retention {
  bodies_days: number | null
  numbers_days: number | null
  events_days: number | null
}
export const keepAll: Retention = { bodies_days: null, numbers_days: null, events_days: null }

const get = statement(
  'contact_retention_get',
  'select bodies_days, numbers_days, events_days from contact_retention where account_id = $1',
)
export const readRetention = async (tx: Tx, accountId: string): Promise<Retention> =>
  (await tx.query<Retention>(get, [accountId]))[0] ?? keepAll

const all = statement(
  'contact_retention_all',
  'select account_id, bodies_days, numbers_days, events_days from contact_retention',
)
export const readAllRetention = (tx: Tx): Promise<(Retention & { account_id: string })[]> => tx.query(all)

const put = statement(
  'contact_retention_put',
  `insert into contact_retention (account_id, bodies_days, numbers_days, events_days, updated_at) values ($1, $2, $3, $4, $5)
   on conflict (account_id) do update set bodies_days = excluded.bodies_days, numbers_days = excluded.numbers_days,
     events_days = excluded.events_days, updated_at = excluded.updated_at`,
)
export const putRetention = async (
  tx: Tx,
  accountId: string,
  { bodies_days, numbers_days, events_days }: Retention,
  now: Date,
): Promise<void> => {
  await tx.query(put, [accountId, bodies_days, numbers_days, events_days, now])
}

const marks = statement(
  'contact_retention_marks',
  'select class, mark, left_over, done, at from contact_retention_marks where account_id = $1',
)
export interface Mark {
  class: string
  mark: string
  /** Bare ids of messages before the mark that had not ended. */
  left_over: string[]
  done: number
  at: Date
}
export const readMarks = (tx: Tx, accountId: string): Promise<Mark[]> => tx.query<Mark>(marks, [accountId])

const setMark = statement(
  'contact_retention_mark',
  `insert into contact_retention_marks (account_id, class, mark, left_over, done, at) values ($1, $2, $3, $4::uuid[], $5, $6)
   on conflict (account_id, class) do update set mark = excluded.mark, left_over = excluded.left_over, done = excluded.done,
     at = excluded.at`,
)
export const writeMark = async (tx: Tx, accountId: string, mark: Mark): Promise<void> => {
  await tx.query(setMark, [accountId, mark.class, mark.mark, uuids(mark.left_over), mark.done, mark.at])
}

const resetMark = statement(
  'contact_retention_reset',
  'delete from contact_retention_marks where account_id = $1 and class = $2',
)
/** Another number of days is another question: what was passed over is looked at again. */
export const forgetMark = async (tx: Tx, accountId: string, name: string): Promise<void> => {
  await tx.query(resetMark, [accountId, name])
}

const slice = statement(
  'contact_retention_slice',
  `select id, final_at is not null as ended from messages
   where account_id = $1 and id > $2 and id < $3 order by account_id, id limit $4`,
)
/** Messages between two ids, in order. */
export const readSlice = (
  tx: Tx,
  accountId: string,
  after: string,
  before: string,
  limit: number,
): Promise<{ id: string; ended: boolean }[]> => tx.query(slice, [accountId, after, before, limit])

const these = statement(
  'contact_retention_these',
  `select m.id, m.ended from unnest($2::uuid[]) as d(id) cross join lateral (
     select id, final_at is not null as ended from messages m where m.account_id = $1 and m.id = d.id limit 1) m order by m.id`,
)
/** Messages by their ids, in order. */
export const readThese = (
  tx: Tx,
  accountId: string,
  ids: readonly string[],
): Promise<{ id: string; ended: boolean }[]> => tx.query(these, [accountId, uuids(ids)])

const found = (condition: string) => `with found as materialized (
     select place.* from unnest($2::uuid[]) as d(id) cross join lateral (
       select m.id from messages m where m.account_id = $1 and m.id = d.id and m.id between $3 and $4 and ${condition}
       limit 1 for update) place)`
const clearBodies = statement(
  'contact_retention_bodies',
  `${found(`m.body <> ''`)},
   parts as (
     update segments s set request = null, receipts = '[]' from found
     where s.account_id = $1 and s.message_id = found.id and s.message_id between $3 and $4)
   update messages m set body = '', user_data = null, fingerprint = null from found
   where m.account_id = $1 and m.id = found.id and m.id between $3 and $4 returning 1`,
)
const clearNumbers = statement(
  'contact_retention_numbers',
  `${found(`case when m.direction = 'outbound' then m.recipient else m.sender end is distinct from 'erased'`)},
   parts as (
     update segments s set request = null, receipts = '[]' from found
     where s.account_id = $1 and s.message_id = found.id and s.message_id between $3 and $4)
   update messages m set origin = null, fingerprint = null,
     recipient = case when m.direction = 'outbound' then 'erased' else m.recipient end,
     sender = case when m.direction = 'inbound' then 'erased' else m.sender end
   from found where m.account_id = $1 and m.id = found.id and m.id between $3 and $4 returning 1`,
)

/** Takes texts, or numbers, out of messages that have ended; in order of their ids. Returns how many were changed. */
export async function clearMessages(
  tx: Tx,
  accountId: string,
  what: 'bodies' | 'numbers',
  ids: readonly string[],
): Promise<number> {
  if (ids.length === 0) return 0
  const statement = what === 'bodies' ? clearBodies : clearNumbers
  return (await tx.query(statement, [accountId, uuids(ids), ids[0], ids.at(-1)])).length
}

const chunks = statement(
  'contact_retention_chunks',
  `select id, accounts, events from event_chunks where id > $2 and id < $3 and accounts @> array[$1::uuid]
   order by id limit $4 for update`,
)
/** Chunks between two ids in which there are events of the account; nobody else rewrites them until the end of the transaction. */
export const readChunkSlice = (
  tx: Tx,
  accountId: string,
  after: string,
  before: string,
  limit: number,
): Promise<{ id: string; accounts: string[]; events: string }[]> =>
  tx.query(chunks, [accountId, after, before, limit])

const deleteChunks = statement(
  'contact_retention_delete_chunks',
  'delete from event_chunks where id = any ($1::uuid[])',
)
export const removeChunks = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await tx.query(deleteChunks, [uuids(ids)])
}

const rewriteChunk = statement(
  'contact_retention_rewrite_chunk',
  'update event_chunks set events = $2, accounts = array_remove(accounts, $3::uuid) where id = $1',
)
/** What is left of a chunk without the events of one account. */
export const shrinkChunk = async (tx: Tx, id: string, events: string, without: string): Promise<void> => {
  await tx.query(rewriteChunk, [id, events, without])
}

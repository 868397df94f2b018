import { statement, type Tx } from '../store/db.ts'
import type { Lane } from './lane.ts'
import { allowedFrom, isFinal, type State } from './state.ts'

/** A row of `messages` about to be born, its queue entry and its first event with it. JSON names are the columns. */
export interface NewMessage {
  account_id: string
  id: string
  state: 'queued' | 'scheduled'
  lane: Lane
  sender: string | null
  recipient: string
  body: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  reference: number | null
  client_ref: string | null
  timeline: object[]
  send_at: Date | null
  expires_at: Date
  due_at: Date
  created_at: Date
  event_id: string
  event: object
}

const insertMessages = statement(
  'insert_messages',
  `with d as materialized (
     select * from json_to_recordset($1) as d(
       account_id uuid, id uuid, state text, lane lane, sender text, recipient text, body text, encoding text,
       segments smallint, reference smallint, client_ref text, timeline jsonb, send_at timestamptz,
       expires_at timestamptz, due_at timestamptz, created_at timestamptz, event_id uuid, event jsonb)),
   queued as (
     insert into queue (account_id, message_id, lane, status, due_at, expires_at)
     select account_id, id, lane, case state when 'queued' then 'ready' else 'scheduled' end, due_at, expires_at from d),
   told as (
     insert into events (account_id, id, name, payload, at)
     select account_id, event_id, 'message.accepted', event, created_at from d)
   insert into messages (account_id, id, direction, state, lane, sender, recipient, body, encoding, segments,
     reference, client_ref, timeline, send_at, expires_at, created_at, updated_at)
   select account_id, id, 'outbound', state, lane, sender, recipient, body, encoding, segments,
     reference, client_ref, timeline, send_at, expires_at, created_at, created_at from d`,
)

/** Stores messages with their queue entries and `message.accepted` events: one statement for any number. */
export async function insertAccepted(tx: Tx, messages: readonly NewMessage[]): Promise<void> {
  await tx.query(insertMessages, [JSON.stringify(messages)])
}

const insertKeys = statement(
  'insert_idempotency_keys',
  `insert into idempotency_keys (account_id, key, fingerprint, answer, created_at)
   select account_id, key, decode(fingerprint, 'hex'), answer, $2
   from json_to_recordset($1) as d(account_id uuid, key text, fingerprint text, answer jsonb)
   on conflict (account_id, key) do update
     set fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at
     where idempotency_keys.created_at < $3
   returning account_id, key`,
)
const selectKeys = statement(
  'select_idempotency_keys',
  `select k.account_id, k.key, encode(k.fingerprint, 'hex') as fingerprint, k.answer
   from json_to_recordset($1) as d(account_id uuid, key text) join idempotency_keys k using (account_id, key)`,
)

export interface KeyedAnswer {
  account_id: string
  key: string
  /** Hex. */
  fingerprint: string
  answer: unknown
}

/**
 * Reserves idempotency keys for the answers given, in one order so that two batches cannot wait for each other.
 * Returns the answers that stood there already: for those keys nothing may be done again. A concurrent
 * transaction with the same key is waited for. Keys older than `staleBefore` (24 h) are free again.
 */
export async function reserveKeys(
  tx: Tx,
  wanted: readonly KeyedAnswer[],
  now: Date,
  staleBefore: Date,
): Promise<KeyedAnswer[]> {
  const ordered = [...wanted].sort((a, b) => (a.account_id + a.key < b.account_id + b.key ? -1 : 1))
  const won = await tx.query<{ account_id: string; key: string }>(insertKeys, [
    JSON.stringify(ordered),
    now,
    staleBefore,
  ])
  if (won.length === ordered.length) return []
  const mine = new Set(won.map((row) => row.account_id + row.key))
  const lost = ordered.filter((row) => !mine.has(row.account_id + row.key))
  return tx.query<KeyedAnswer>(selectKeys, [
    JSON.stringify(lost.map(({ account_id, key }) => ({ account_id, key }))),
  ])
}

/** Who submits: one bind slot of a carrier, under the fencing token of its present lease. */
export interface Claimant {
  carrierId: string
  slot: number
  fence: number
}

export interface ClaimedMessage {
  account_id: string
  id: string
  attempt: number
  lane: Lane
  sender: string | null
  recipient: string
  body: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  reference: number | null
  client_ref: string | null
  possible_duplicate: boolean
  expires_at: Date
  /** Segments of a long message that were answered on an earlier attempt: only the others go out again. */
  done: number[] | null
}

const claimMessages = statement(
  'claim_messages',
  `with picked as (
     select q.account_id, q.message_id from queue q
     where q.status = 'ready' and q.expires_at > $5
       and exists (select from binds b where b.carrier_id = $1 and b.slot = $2 and b.fence = $3 and b.leased_until > now())
     order by q.lane, q.message_id limit $4 for update of q skip locked),
   claimed as (
     update queue q set status = 'on_wire', carrier_id = $1, slot = $2, fence = $3, attempt = q.attempt + 1
     from picked p where q.account_id = p.account_id and q.message_id = p.message_id
     returning q.account_id, q.message_id, q.attempt)
   update messages m set state = 'on_wire', carrier_id = $1, updated_at = $5,
     timeline = m.timeline || jsonb_build_object('state', 'on_wire', 'at', $6::text, 'attempt', c.attempt)
   from claimed c where m.account_id = c.account_id and m.id = c.message_id
   returning m.account_id, m.id, c.attempt, m.lane, m.sender, m.recipient, m.body, m.encoding, m.segments,
     m.reference, m.client_ref, m.possible_duplicate, m.expires_at,
     case when c.attempt > 1 and m.segments > 1 then
       (select array_agg(s.index) from segments s where s.account_id = m.account_id and s.message_id = m.id) end as done`,
)

/**
 * Takes up to `limit` messages for a bind, highest lane and oldest first, and marks them `on_wire` with its
 * fencing token, before any byte is written. A claimant whose lease has ended gets nothing.
 */
export function claim(
  tx: Tx,
  { carrierId, slot, fence }: Claimant,
  limit: number,
  now: Date,
): Promise<ClaimedMessage[]> {
  return tx.query<ClaimedMessage>(claimMessages, [carrierId, slot, fence, limit, now, now.toISOString()])
}

/** One move of one message along the transition table. */
export interface Move {
  account_id: string
  id: string
  to: State
  /** Steps for the timeline, oldest first; the last one is `to`. */
  steps: object[]
  error_code?: string | null
  carrier_code?: string | null
  possible_duplicate?: boolean
}

export interface Moved {
  account_id: string
  id: string
  state: State
  was: State
  sender: string | null
  recipient: string
  lane: Lane
  client_ref: string | null
  segments: number
  possible_duplicate: boolean
  error_code: string | null
  carrier_code: string | null
}

const moveMessages = statement(
  'move_messages',
  `update messages m set state = c.state, timeline = m.timeline || c.steps, updated_at = $2,
     final_at = case when c.final then $2::timestamptz end,
     error_code = c.error_code, carrier_code = c.carrier_code,
     possible_duplicate = m.possible_duplicate or coalesce(c.possible_duplicate, false)
   from json_to_recordset($1) as c(account_id uuid, id uuid, state text, "from" text[], steps jsonb, final boolean,
     error_code text, carrier_code text, possible_duplicate boolean)
   where m.account_id = c.account_id and m.id = c.id and m.state = any (c."from")
   returning m.account_id, m.id, m.state, old.state as was, m.sender, m.recipient, m.lane, m.client_ref, m.segments,
     m.possible_duplicate, m.error_code, m.carrier_code`,
)

/**
 * Moves messages, each only if the transition table allows it from where it stands now; what is not allowed is
 * left as it is and missing from the answer. At most one move a message in a call. `via` lists states that the
 * message passes through in the same move (uncertain on the way to queued).
 */
export async function move(tx: Tx, moves: readonly (Move & { via?: State })[], now: Date): Promise<Moved[]> {
  if (moves.length === 0) return []
  const rows = moves.map(({ to, via, ...rest }) => ({
    ...rest,
    state: to,
    from: allowedFrom(via ?? to),
    final: isFinal(to),
  }))
  return tx.query<Moved>(moveMessages, [JSON.stringify(rows), now])
}

const leaveQueue = statement(
  'leave_queue',
  `delete from queue q using json_to_recordset($1) as d(account_id uuid, id uuid, fence bigint)
   where q.account_id = d.account_id and q.message_id = d.id and (d.fence is null or q.fence = d.fence)
   returning q.account_id, q.message_id as id`,
)
const requeueRows = statement(
  'requeue',
  `update queue q set status = d.status, due_at = d.due_at, carrier_id = null, slot = null, fence = null
   from json_to_recordset($1) as d(account_id uuid, id uuid, status text, due_at timestamptz, fence bigint)
   where q.account_id = d.account_id and q.message_id = d.id and (d.fence is null or q.fence = d.fence)
   returning q.account_id, q.message_id as id`,
)

/** A message of the queue. With `fence`, only if it is still claimed under that token. */
export interface QueueKey {
  account_id: string
  id: string
  fence?: number
}

export interface Requeue extends QueueKey {
  status: 'ready' | 'scheduled' | 'uncertain'
  due_at: Date
}

/** Takes messages out of the queue: a carrier has answered for them, or nobody will. Returns those that were there. */
export async function dequeue(tx: Tx, keys: readonly QueueKey[]): Promise<QueueKey[]> {
  if (keys.length === 0) return []
  return tx.query<QueueKey>(leaveQueue, [
    JSON.stringify(keys.map(({ account_id, id, fence }) => ({ account_id, id, fence }))),
  ])
}

/** Gives messages back to the queue, without their claim. Returns those that were there. */
export async function requeue(tx: Tx, rows: readonly Requeue[]): Promise<QueueKey[]> {
  return rows.length === 0 ? [] : tx.query<QueueKey>(requeueRows, [JSON.stringify(rows)])
}

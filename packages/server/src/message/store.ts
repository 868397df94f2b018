import { idsInChunk } from '../ids.ts'
import { newChunk } from '../outbox/chunk.ts'
import { lines, listed, plain, quoted, uuids } from '../store/arrays.ts'
import { statement, type Tx } from '../store/db.ts'
import { partitioned, partitionOf } from '../store/partitions.ts'
import type { Lane } from './lane.ts'
import { isFinal, type State, storedFrom } from './state.ts'

/** A row of `messages` about to be born, its queue entry and its first event with it. */
export interface NewMessage {
  account_id: string
  id: string
  lane: Lane
  sender: string | null
  recipient: string
  body: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  reference: number | null
  client_ref: string | null
  send_at: Date | null
  expires_at: Date
  /** Of the carriers that it may take. */
  path: number
  /** Hex. Absent where a text is cut into segments by us: almost always. */
  user_data?: string
  origin?: object
  /** Bare UUID. */
  topic?: string
  /** What is to be known of it from its first moment on: why a gate has put it off. */
  timeline?: object[]
  event: object
}

const insertMessages = partitioned(
  'insert_messages',
  (own, now) => `with d as materialized (
     select * from unnest($6::uuid[], $7::uuid[], $8::lane[], $9::text[], $10::text[], $11::text[], $12::text[],
       $13::smallint[], $14::smallint[], $15::text[], $16::timestamptz[], $17::timestamptz[], $18::text[], $19::jsonb[],
       $20::integer[], $21::uuid[], $22::text[])
     as d(account_id, id, lane, sender, recipient, body, encoding, segments, reference, client_ref, send_at, expires_at,
       user_data, origin, path, topic_id, timeline)),
   queued as (
     insert into queue (account_id, message_id, path, lane, status, due_at, expires_at)
     select account_id, id, path, lane, case when send_at is null then 'ready' else 'scheduled' end, coalesce(send_at, $1), expires_at
     from d),
   told as (
     insert into event_chunks${now} (id, accounts, names, count, events, at)
     select $2, $3, '{message.accepted}', $4, $5, $1)
   insert into messages${own} (account_id, id, direction, state, lane, sender, recipient, body, encoding, segments,
     reference, client_ref, send_at, expires_at, user_data, origin, topic_id, timeline, created_at, updated_at)
   select account_id, id, 'outbound', case when send_at is null then 'queued' else 'scheduled' end, lane, sender,
     recipient, body, encoding, segments, reference, client_ref, send_at, expires_at, decode(user_data, 'hex'), origin,
     topic_id, coalesce(timeline, ''), $1, $1 from d`,
)

/** Stores messages with their queue entries and `message.accepted` events: one statement for any number. */
export async function insertAccepted(tx: Tx, messages: readonly NewMessage[], now: Date): Promise<void> {
  for (let from = 0; from < messages.length; from += idsInChunk) {
    const rows = messages.slice(from, from + idsInChunk)
    const chunk = newChunk(
      rows.map(({ account_id, event: payload }) => ({ account_id, name: 'message.accepted', payload })),
      now,
    )
    const ids = rows.map((row) => row.id).sort()
    await tx.query(insertMessages(partitionOf(ids), partitionOf([chunk.id])), [
      now,
      chunk.id,
      chunk.accounts,
      rows.length,
      lines(chunk.lines),
      uuids(rows.map((row) => row.account_id)),
      uuids(rows.map((row) => row.id)),
      plain(rows.map((row) => row.lane)),
      quoted(rows.map((row) => row.sender)),
      quoted(rows.map((row) => row.recipient)),
      quoted(rows.map((row) => row.body)),
      plain(rows.map((row) => row.encoding)),
      plain(rows.map((row) => row.segments)),
      plain(rows.map((row) => row.reference)),
      quoted(rows.map((row) => row.client_ref)),
      plain(rows.map((row) => row.send_at?.toISOString())),
      plain(rows.map((row) => row.expires_at.toISOString())),
      plain(rows.map((row) => row.user_data)),
      quoted(rows.map((row) => row.origin && JSON.stringify(row.origin))),
      plain(rows.map((row) => row.path)),
      plain(rows.map((row) => row.topic)),
      quoted(rows.map((row) => row.timeline && listed(row.timeline))),
    ])
  }
}

const insertKeys = statement(
  'insert_idempotency_keys',
  `insert into idempotency_keys (account_id, key, fingerprint, answer, created_at)
   select account_id, key, decode(fingerprint, 'hex'), 'null', $2
   from json_to_recordset($1) as d(account_id uuid, key text, fingerprint text)
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
const setAnswers = statement(
  'answer_idempotency_keys',
  `update idempotency_keys k set answer = d.answer
   from json_to_recordset($1) as d(account_id uuid, key text, answer jsonb)
   where k.account_id = d.account_id and k.key = d.key`,
)

export interface IdempotencyKey {
  account_id: string
  key: string
  /** Hex. */
  fingerprint: string
}

export interface KeyedAnswer extends IdempotencyKey {
  answer: unknown
}

/**
 * Reserves idempotency keys, in one order so that two batches cannot wait for each other; the winner's answer follows
 * in the same transaction. Returns the answers that stood there already: for those keys nothing may be done again. A
 * concurrent transaction with the same key is waited for. Keys older than `staleBefore` (24 h) are free again.
 */
export async function reserveKeys(
  tx: Tx,
  wanted: readonly IdempotencyKey[],
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

/** Keeps the answers for which keys were reserved. */
export async function answerKeys(
  tx: Tx,
  answers: readonly { account_id: string; key: string; answer: unknown }[],
): Promise<void> {
  if (answers.length > 0) await tx.query(setAnswers, [JSON.stringify(answers)])
}

/** Every statement locks messages in the order of their ids, so that two nodes cannot wait for each other. */
export const inOrder = <Row extends { id: string }>(rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))

/**
 * SQL: these columns are equal, of which the first leads an index of a table that is updated. As a plain equation a plan
 * that was made while the table was empty may begin with all of the table in the order of the index, and look for each row
 * among the given ones; as this, the index can only be entered.
 */
export const byKey = (column: string, given: string): string => `${column} = any (array[${given}])`

/** One move of one message along the transition table. */
export interface Move {
  account_id: string
  id: string
  to: State
  /** Only from these states; default: wherever the transition table allows it from. */
  from?: readonly State[]
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
  `update messages m set state = c.state, updated_at = $2,
     -- A carrier that says "later" for days must not make a row that grows with each try.
     timeline = case when c.final or length(m.timeline) < 20000 then m.timeline || c.steps else m.timeline end,
     final_at = case when c.final then $2::timestamptz end,
     error_code = c.error_code, carrier_code = c.carrier_code,
     possible_duplicate = m.possible_duplicate or coalesce(c.possible_duplicate, false)
   from json_to_recordset($1) as c(account_id uuid, id uuid, state text, "from" text[], steps text, final boolean,
     error_code text, carrier_code text, possible_duplicate boolean)
   where m.account_id = c.account_id and m.id = c.id and m.state = any (c."from")
   returning m.account_id, m.id, m.state, old.state as was, m.sender, m.recipient, m.lane, m.client_ref, m.segments,
     m.possible_duplicate, m.error_code, m.carrier_code`,
)

/**
 * Moves messages, each only if the transition table allows it from where it stands now; what is not allowed is
 * left as it is and missing from the answer. At most one move a message in a call.
 */
export async function move(tx: Tx, moves: readonly Move[], now: Date): Promise<Moved[]> {
  if (moves.length === 0) return []
  const rows = inOrder(moves).map(({ to, from = storedFrom(to), steps, ...rest }) => ({
    ...rest,
    steps: listed(steps),
    state: to,
    from,
    final: isFinal(to),
  }))
  return tx.query<Moved>(moveMessages, [JSON.stringify(rows), now])
}

const leaveQueue = statement(
  'leave_queue',
  // Each is found by its key in a subquery of its own: as a join, a plan made while the queue was empty reads all of it.
  `with gone as materialized (
     select found.place from unnest($1::uuid[], $2::uuid[]) as d(account_id, id)
     cross join lateral (
       select q.ctid as place from queue q where q.account_id = d.account_id and q.message_id = d.id limit 1 for update) found)
   delete from queue q using gone where q.ctid = gone.place`,
)
const enterQueue = statement(
  'enter_queue',
  `insert into queue as q (account_id, message_id, path, lane, status, due_at, expires_at, attempt)
   select d.account_id, d.id, d.path, d.lane, d.status, d.due_at, d.expires_at, d.attempt
   from json_to_recordset($1) as d(account_id uuid, id uuid, path integer, lane lane, status text, due_at timestamptz,
     expires_at timestamptz, attempt smallint)
   -- Not what a late answer or a receipt has ended in the meantime.
   cross join lateral (
     select from messages m where m.account_id = d.account_id and m.id = d.id and m.state in ('queued', 'uncertain') limit 1) m
   on conflict (account_id, message_id) do update
     set status = excluded.status, due_at = excluded.due_at, path = excluded.path`,
)

export interface MessageKey {
  account_id: string
  id: string
}

export interface Requeue extends MessageKey {
  path: number
  lane: Lane
  status: 'ready' | 'scheduled' | 'uncertain'
  due_at: Date
  expires_at: Date
  /** Attempts so far. */
  attempt: number
}

/** Takes messages out of the queue: a carrier has answered for them, or nobody will. */
export async function dequeue(tx: Tx, keys: readonly MessageKey[]): Promise<void> {
  if (keys.length === 0) return
  const rows = inOrder(keys)
  await tx.query(leaveQueue, [uuids(rows.map((row) => row.account_id)), uuids(rows.map((row) => row.id))])
}

/** Gives messages back to the queue, or changes what they wait for there. */
export async function requeue(tx: Tx, rows: readonly Requeue[]): Promise<void> {
  if (rows.length > 0) await tx.query(enterQueue, [JSON.stringify(inOrder(rows))])
}

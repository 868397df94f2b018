import { type EventRow, newChunk } from '../outbox/chunk.ts'
import { lines, listed, plain, quoted, uuids } from '../store/arrays.ts'
import { statement, type Tx } from '../store/db.ts'
import { partitioned, partitionOf } from '../store/partitions.ts'
import { storedFrom } from './state.ts'
import { byKey, inOrder } from './store.ts'

/** What a carrier answered for a segment that it took. */
export interface AnsweredSegment {
  account_id: string
  message_id: string
  attempt: number
  index: number
  carrier_id: string
  remote_id: string
  remote_key: string
  /** Base64 of the PDU as sent, or null when traces are off. */
  request: string | null
}

/** A message of which every segment is with the carrier, and the event that says so. */
export interface Submission {
  account_id: string
  id: string
  steps: object[]
  event: object
}

const touch = statement(
  'touch_claims',
  `with gone as (delete from claims where id = any ($1::bigint[]) returning id),
   kept as (
     select id from claims where id = any ($2::bigint[]) and id <> all ($1::bigint[]) order by id for update)
   select id from gone union all select id from kept`,
)
const list = statement(
  'list_claimed',
  `select m ->> 'id' as id from claims c cross join lateral jsonb_array_elements(c.messages) m where c.id = any ($1::bigint[])`,
)
const strike = statement(
  'strike_from_claims',
  `update claims set messages = (
     select coalesce(jsonb_agg(m), '[]') from jsonb_array_elements(messages) m where m ->> 'id' <> all ($2::text[]))
   where id = any ($1::bigint[])`,
)

/** Locks claims, and deletes those that are done. Returns the ids of those that are still held. */
export async function touchClaims(
  tx: Tx,
  done: readonly number[],
  all: readonly number[],
): Promise<Set<number>> {
  return new Set((await tx.query<{ id: number }>(touch, [done, all])).map((row) => row.id))
}

/** The messages that claims list still: not those that went back to the queue. Lock the claims first. */
export async function listClaimed(tx: Tx, claims: readonly number[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set()
  return new Set((await tx.query<{ id: string }>(list, [claims])).map((row) => row.id))
}

/** Takes messages off the lists of claims that go on without them. */
export async function strikeFromClaims(
  tx: Tx,
  claims: readonly number[],
  messageIds: readonly string[],
): Promise<void> {
  if (claims.length > 0) await tx.query(strike, [claims, messageIds])
}

const settleAnswered = partitioned(
  'settle_submitted',
  (own, now) => `with answered as (
     insert into segments${own} (account_id, message_id, attempt, index, state, carrier_id, remote_id, remote_key, request, submitted_at)
     select account_id, message_id, attempt, index, 'submitted', carrier_id, remote_id, remote_key, decode(request, 'base64'), $1
     from unnest($9::uuid[], $10::uuid[], $11::smallint[], $12::smallint[], $13::uuid[], $14::text[], $15::text[], $16::text[])
       as s(account_id, message_id, attempt, index, carrier_id, remote_id, remote_key, request)
     on conflict do nothing),
   moved as (
     update messages${own} m set state = 'submitted', timeline = m.timeline || d.steps, updated_at = $1
     from rows from (unnest($3::uuid[]), unnest($4::uuid[]), string_to_table($5, E'\n'), string_to_table($6, E'\n'))
       with ordinality as d(account_id, id, steps, event, place)
     where ${byKey('m.account_id', 'd.account_id')} and m.id = d.id and m.state = any ($2::text[])
     returning d.place, d.event),
   told as (
     insert into event_chunks${now} (id, accounts, names, count, events, at)
     select $7, $8, '{message.submitted}', count(*), string_agg(event, E'\n'), $1 from moved having count(*) > 0)
   select coalesce(array_agg(place::integer), '{}') as places from moved`,
)

/**
 * Records answered segments, moves submitted messages and tells it: one statement for any number. `answered` may hold
 * segments of messages that are not submitted as a whole. Returns the events of the messages that moved.
 */
export async function settleSubmitted(
  tx: Tx,
  submissions: readonly Submission[],
  answered: readonly AnsweredSegment[],
  now: Date,
): Promise<EventRow[]> {
  if (submissions.length === 0 && answered.length === 0) return []
  const rows = inOrder(submissions)
  const events = rows.map(
    ({ account_id, event }): EventRow => ({ account_id, name: 'message.submitted', payload: event }),
  )
  const chunk = newChunk(events, now)
  const ids = [...rows.map((row) => row.id), ...answered.map((row) => row.message_id)].sort()
  const [moved] = await tx.query<{ places: number[] }>(
    settleAnswered(partitionOf(ids), partitionOf([chunk.id])),
    [
      now,
      storedFrom('submitted'),
      uuids(rows.map((row) => row.account_id)),
      uuids(rows.map((row) => row.id)),
      lines(rows.map((row) => listed(row.steps))),
      lines(chunk.lines),
      chunk.id,
      chunk.accounts,
      uuids(answered.map((row) => row.account_id)),
      uuids(answered.map((row) => row.message_id)),
      plain(answered.map((row) => row.attempt)),
      plain(answered.map((row) => row.index)),
      uuids(answered.map((row) => row.carrier_id)),
      quoted(answered.map((row) => row.remote_id)),
      quoted(answered.map((row) => row.remote_key)),
      plain(answered.map((row) => row.request)),
    ],
  )
  const { places } = moved!
  return places.length === events.length ? events : places.map((place) => events[place - 1]!)
}

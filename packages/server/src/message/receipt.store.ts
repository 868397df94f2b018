import type { CarrierReceipt, Reading } from '../carriers/carrier.ts'
import type { EventName } from '../events.ts'
import { uuidFloor } from '../ids.ts'
import { type EventRow, newChunk } from '../outbox/chunk.ts'
import { lines, listed, plain, quoted, uuids } from '../store/arrays.ts'
import { statement, type Tx } from '../store/db.ts'
import { partitioned, partitionOf } from '../store/partitions.ts'
import type { Lane } from './lane.ts'
import { distinct } from './reading.ts'
import type { AnsweredSegment } from './settle.store.ts'
import { type State, storedFrom } from './state.ts'
import { byKey, inOrder, type MessageKey } from './store.ts'

/** A receipt as it is kept: the carrier's words and what they mean. */
export interface ReceiptRecord {
  state: 'delivered' | 'undelivered' | 'expired' | 'rejected' | null
  /** The network's error code, verbatim. */
  error: string | null
  /** When it reached us, ISO. */
  at: string
  text: string | null
  /** When the network says that it happened, ISO. */
  done_at?: string
  /** What else it said that the carrier's settings name. */
  details?: CarrierReceipt['details']
}

export interface ReceiptRow {
  carrier_id: string
  remote_id: string
  readings: readonly Reading[]
  covers: CarrierReceipt['covers']
  parties: readonly string[]
  receipt: ReceiptRecord
  /** Of one that has waited among the orphans: since when. */
  received_at?: string
}

/** A segment that a receipt may be for. */
export interface Candidate {
  /** Index into the receipts asked for. */
  n: number
  account_id: string
  message_id: string
  attempt: number
  index: number
  remote_id: string
  remote_key: string
  /** No final receipt yet. */
  open: boolean
  segments: number
  message_state: State
  sender: string | null
  recipient: string
  lane: Lane
  client_ref: string | null
  possible_duplicate: boolean
}

const findCandidates = statement(
  'find_receipted',
  // Ids of a carrier are used again after days at most a few times within the reach.
  `select r.n, s.account_id, s.message_id, s.attempt, s.index, s.remote_id, s.remote_key, s.final_at is null as open,
     m.segments, m.state as message_state, m.sender, m.recipient, m.lane, m.client_ref, m.possible_duplicate
   from unnest($1::integer[], $2::uuid[], $3::text[]) as r(n, carrier_id, key)
   cross join lateral (
     select s.account_id, s.message_id, s.attempt, s.index, s.remote_id, s.remote_key, s.final_at from segments s
     where s.carrier_id = r.carrier_id and s.remote_key = r.key and s.message_id between $4 and $5
     order by s.message_id desc limit 16) s
   cross join lateral (
     select * from messages m
     where m.account_id = s.account_id and m.id = s.message_id and m.id between $4 and $5 limit 1) m`,
)

/** Carriers use ids again after days (smpp-interop group 40); a receipt reaches back no further than this. */
const receiptReachMs = 14 * 86_400_000
/** Clocks of other nodes may be ahead; with an end, the months to come are not looked at. */
const aheadMs = 3_600_000

const newestFirst = (a: Candidate, b: Candidate): number =>
  a.message_id === b.message_id
    ? b.attempt - a.attempt || a.index - b.index
    : a.message_id > b.message_id
      ? -1
      : 1

/** The segments that receipts may be for, by the `n` of each receipt, newest first. `asked`: a receipt and one of its keys. */
export async function findReceipted(
  tx: Tx,
  asked: readonly { n: number; carrier_id: string; key: string }[],
  now: Date,
): Promise<Map<number, Candidate[]>> {
  if (asked.length === 0) return new Map()
  const rows = await tx.query<Candidate>(findCandidates, [
    plain(asked.map(({ n }) => n)),
    uuids(asked.map(({ carrier_id }) => carrier_id)),
    quoted(asked.map(({ key }) => key)),
    uuidFloor(new Date(now.getTime() - receiptReachMs)),
    uuidFloor(new Date(now.getTime() + aheadMs)),
  ])
  const found = Map.groupBy(rows, ({ n }) => n)
  for (const candidates of found.values()) if (candidates.length > 1) candidates.sort(newestFirst)
  return found
}

export interface SegmentUpdate {
  account_id: string
  message_id: string
  attempt: number
  index: number
  state: ReceiptRecord['state']
  receipts: ReceiptRecord[]
}

/** A message that its receipts decide, and the event that says so. */
export interface Decision {
  account_id: string
  id: string
  state: State
  steps: object[]
  error_code: string | null
  carrier_code: string | null
  event_name: EventName
  event: object
}

type SegmentKey = Pick<SegmentUpdate, 'message_id' | 'attempt' | 'index'>
const bySegment = (a: SegmentKey, b: SegmentKey): number =>
  a.message_id === b.message_id
    ? a.attempt - b.attempt || a.index - b.index
    : a.message_id < b.message_id
      ? -1
      : 1

const applyReceipts = partitioned(
  'apply_receipts',
  // Of a segment: a final state gives way to `delivered` alone; history is kept either way, up to a length that
  // no honest network reaches.
  (own, now) => `with receipted as (
     update segments${own} s set
       state = case when r.state is not null and (s.state = 'submitted' or r.state = 'delivered') then r.state else s.state end,
       final_at = case when r.state is not null then coalesce(s.final_at, $1::timestamptz) else s.final_at end,
       receipts = case when length(s.receipts) < 8000 then s.receipts || r.receipts else s.receipts end
     from rows from (unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::smallint[]), unnest($5::smallint[]),
       unnest($6::text[]), string_to_table($7, E'\n')) as r(account_id, message_id, attempt, index, state, receipts)
     where ${byKey('s.account_id', 'r.account_id')} and s.message_id = r.message_id and s.attempt = r.attempt and s.index = r.index),
   moved as (
     update messages${own} m set state = d.state, timeline = m.timeline || d.steps, updated_at = $1, final_at = $1,
       error_code = d.error_code, carrier_code = d.carrier_code
     from rows from (unnest($8::uuid[]), unnest($9::uuid[]), unnest($10::text[]), string_to_table($11, ';'),
       string_to_table($12, E'\n'), unnest($13::text[]), unnest($14::text[]), string_to_table($15, E'\n'))
       with ordinality as d(account_id, id, state, "from", steps, error_code, carrier_code, event, place)
     where ${byKey('m.account_id', 'd.account_id')} and m.id = d.id and m.state = any (d."from"::text[])
     returning d.place, d.event),
   told as (
     insert into event_chunks${now} (id, accounts, names, count, events, at)
     select $16, $17, $18, count(*), string_agg(event, E'\n'), $1 from moved having count(*) > 0)
   select coalesce(array_agg(place::integer), '{}') as places from moved`,
)

/**
 * Writes receipts to their segments, moves the messages that they decide and tells it: one statement. Returns the
 * events of the messages that moved; what the transition table does not allow stays as it is.
 */
export async function updateReceipted(
  tx: Tx,
  segments: readonly SegmentUpdate[],
  decisions: readonly Decision[],
  now: Date,
): Promise<EventRow[]> {
  const parts = [...segments].sort(bySegment)
  const rows = inOrder(decisions)
  const events = rows.map(
    ({ account_id, event_name: name, event: payload }): EventRow => ({ account_id, name, payload }),
  )
  const chunk = newChunk(events, now)
  const own = partitionOf([...parts.map((part) => part.message_id), ...rows.map((row) => row.id)].sort())
  const [moved] = await tx.query<{ places: number[] }>(applyReceipts(own, partitionOf([chunk.id])), [
    now,
    uuids(parts.map((part) => part.account_id)),
    uuids(parts.map((part) => part.message_id)),
    plain(parts.map((part) => part.attempt)),
    plain(parts.map((part) => part.index)),
    plain(parts.map((part) => part.state)),
    lines(parts.map((part) => listed(part.receipts))),
    uuids(rows.map((row) => row.account_id)),
    uuids(rows.map((row) => row.id)),
    plain(rows.map((row) => row.state)),
    rows.map((row) => plain(storedFrom(row.state))).join(';'),
    lines(rows.map((row) => listed(row.steps))),
    plain(rows.map((row) => row.error_code)),
    quoted(rows.map((row) => row.carrier_code)),
    lines(chunk.lines),
    chunk.id,
    chunk.accounts,
    chunk.names,
  ])
  const { places } = moved!
  return places.length === events.length ? events : places.map((place) => events[place - 1]!)
}

export interface SegmentState {
  account_id: string
  message_id: string
  attempt: number
  index: number
  state: 'submitted' | 'delivered' | 'undelivered' | 'expired' | 'rejected'
  carrier_id: string
  remote_key: string
}

const selectStates = statement(
  'select_segment_states',
  `select s.account_id, s.message_id, s.attempt, s.index, s.state, s.carrier_id, s.remote_key
   from json_to_recordset($1) as d(account_id uuid, id uuid)
   join segments s on s.account_id = d.account_id and s.message_id = d.id`,
)

// A statement of its own: the one after it must see what was committed while this one waited.
const lockMessages = statement(
  'lock_receipted_messages',
  `select from json_to_recordset($1) as d(account_id uuid, id uuid)
   cross join lateral (
     select from messages m where m.account_id = d.account_id and m.id = d.id for no key update) m`,
)

/**
 * The states of all segments, of every attempt, of the messages named, which stay locked until the transaction ends:
 * two nodes with a receipt each for the parts of one message would otherwise both find the other part still open.
 */
export async function segmentStates(tx: Tx, keys: readonly MessageKey[]): Promise<SegmentState[]> {
  if (keys.length === 0) return []
  const named = JSON.stringify(inOrder(keys).map(({ account_id, id }) => ({ account_id, id })))
  await tx.query(lockMessages, [named])
  return tx.query<SegmentState>(selectStates, [named])
}

const insertOrphans = statement(
  'insert_orphan_receipts',
  `insert into orphan_receipts (id, carrier_id, keys, receipt, received_at)
   select id, carrier_id, keys, receipt, coalesce(received_at, $2)
   from json_to_recordset($1) as d(id uuid, carrier_id uuid, keys text[], receipt jsonb, received_at timestamptz)`,
)

/** What waits among the orphans besides its keys. `ambiguous`: it fits several segments, and time alone decides nothing. */
interface Orphaned extends ReceiptRecord, Pick<ReceiptRow, 'remote_id' | 'readings' | 'covers' | 'parties'> {
  ambiguous?: true
}

/** Keeps receipts that fit nothing, or nothing for certain. Their age is that of their first coming. */
export async function keepOrphans(
  tx: Tx,
  rows: readonly (ReceiptRow & { id: string; ambiguous: boolean })[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  const kept = rows.map(({ id, carrier_id, receipt, received_at, ambiguous, ...row }) => {
    const { remote_id, readings, covers, parties } = row
    const orphaned: Orphaned = { ...receipt, remote_id, readings, covers, parties }
    return {
      id,
      carrier_id,
      keys: distinct(readings),
      receipt: ambiguous ? { ...orphaned, ambiguous } : orphaned,
      received_at,
    }
  })
  await tx.query(insertOrphans, [JSON.stringify(kept), now])
}

interface OrphanRow {
  carrier_id: string
  receipt: Orphaned
  received_at: string
}

const orphanColumns = 'carrier_id, receipt, received_at::text'
const takeOrphansOf = statement(
  'take_orphan_receipts',
  // Mostly there are none at all, and to look up each of the keys would be most of the work.
  `delete from orphan_receipts o
   where (select true from orphan_receipts limit 1) and o.keys && $1::text[] and o.carrier_id = any ($2::uuid[])
   returning ${orphanColumns}`,
)
const takeMatching = statement(
  'take_matching_orphans',
  `delete from orphan_receipts where id in (
     select o.id from orphan_receipts o
     where o.received_at > $1 and not o.receipt ? 'ambiguous' and exists (
       select from segments s where s.carrier_id = o.carrier_id and s.remote_key = any (o.keys) and s.message_id >= $2)
     limit 1000 for update of o skip locked)
   returning ${orphanColumns}`,
)
const takeAmbiguous = statement(
  'take_ambiguous_orphans',
  `delete from orphan_receipts o where o.carrier_id = any ($1::uuid[]) and o.receipt ? 'ambiguous'
   returning ${orphanColumns}`,
)

const revive = ({ carrier_id, received_at, receipt: orphaned }: OrphanRow): ReceiptRow => {
  const { remote_id, readings, covers, parties, ambiguous: _, ...receipt } = orphaned
  return { carrier_id, remote_id, readings, covers, parties, receipt, received_at }
}

/** Takes the receipts that were waiting for these segments' ids (smpp-interop group 33). */
export async function takeOrphans(tx: Tx, segments: readonly AnsweredSegment[]): Promise<ReceiptRow[]> {
  if (segments.length === 0) return []
  const keys = quoted(segments.map((segment) => segment.remote_key))
  const carriers = uuids([...new Set(segments.map((segment) => segment.carrier_id))])
  return (await tx.query<OrphanRow>(takeOrphansOf, [keys, carriers])).map(revive)
}

/** Takes the receipts that fitted several segments of carriers whose ids can be told apart by now. */
export async function takeAmbiguousOrphans(tx: Tx, carrierIds: readonly string[]): Promise<ReceiptRow[]> {
  return carrierIds.length === 0 ? [] : (await tx.query<OrphanRow>(takeAmbiguous, [carrierIds])).map(revive)
}

/**
 * Takes orphans for which a segment has turned up since: receipt and answer were committed at the same moment
 * by two nodes, neither of which could see the other's row.
 */
export async function takeLateOrphans(tx: Tx, since: Date, now: Date): Promise<ReceiptRow[]> {
  const floor = uuidFloor(new Date(now.getTime() - receiptReachMs))
  return (await tx.query<OrphanRow>(takeMatching, [since, floor])).map(revive)
}

const dropOrphans = statement(
  'drop_orphan_receipts',
  'delete from orphan_receipts where received_at < $1 returning id',
)

/** Forgets receipts that fitted nothing until `before`; returns how many. */
export async function dropOrphansBefore(tx: Tx, before: Date): Promise<number> {
  return (await tx.query(dropOrphans, [before])).length
}

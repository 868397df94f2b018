import { uuidFloor } from '../ids.ts'
import { statement, type Tx } from '../store/db.ts'
import type { State } from './state.ts'

/** What a carrier answered for a segment that it took. */
export interface AnsweredSegment {
  account_id: string
  message_id: string
  attempt: number
  index: number
  carrier_id: string
  remote_id: string
  remote_key: string
  /** Hex of the PDU as sent, or null when traces are off. */
  request: string | null
}

const insertAnswered = statement(
  'insert_segments',
  `insert into segments (account_id, message_id, attempt, index, state, carrier_id, remote_id, remote_key, request, submitted_at)
   select account_id, message_id, attempt, index, 'submitted', carrier_id, remote_id, remote_key, decode(request, 'hex'), $2
   from json_to_recordset($1) as d(account_id uuid, message_id uuid, attempt smallint, index smallint, carrier_id uuid,
     remote_id text, remote_key text, request text)
   on conflict do nothing`,
)

export async function insertSegments(tx: Tx, rows: readonly AnsweredSegment[], now: Date): Promise<void> {
  if (rows.length > 0) await tx.query(insertAnswered, [JSON.stringify(rows), now])
}

/** A receipt as it is kept: the carrier's words and what they mean. */
export interface ReceiptRecord {
  state: 'delivered' | 'undelivered' | 'expired' | 'rejected' | null
  /** The network's error code, verbatim. */
  error: string | null
  /** When it reached us, ISO. */
  at: string
  text: string | null
}

export interface ReceiptRow {
  carrier_id: string
  /** Candidates for `remote_key`, the fold of the id first (smpp-interop groups 31, 32). */
  keys: string[]
  remote_id: string
  receipt: ReceiptRecord
}

export interface Match {
  /** Index into the receipts asked for. */
  n: number
  account_id: string
  message_id: string
  attempt: number
  index: number
  segments: number
  message_state: State
}

const matchSegments = statement(
  'match_segments',
  `select r.n, s.account_id, s.message_id, s.attempt, s.index, m.segments, m.state as message_state
   from json_to_recordset($1) as r(n integer, carrier_id uuid, keys text[], remote_id text)
   cross join lateral (
     select s.account_id, s.message_id, s.attempt, s.index from segments s
     where s.carrier_id = r.carrier_id and s.remote_key = any (r.keys) and s.message_id >= $2
     order by (s.remote_id = r.remote_id) desc, (s.remote_key = r.keys[1]) desc, (s.final_at is null) desc, s.message_id desc
     limit 1) s
   join messages m on m.account_id = s.account_id and m.id = s.message_id`,
)

/** Carriers use ids again after days (smpp-interop group 40); a receipt reaches back no further than this. */
const receiptReachMs = 14 * 86_400_000

/** Finds the segment of each receipt: the exact id before a converted one, open before final, newest first. */
export async function match(tx: Tx, receipts: readonly ReceiptRow[], now: Date): Promise<Match[]> {
  if (receipts.length === 0) return []
  const asked = receipts.map(({ carrier_id, keys, remote_id }, n) => ({ n, carrier_id, keys, remote_id }))
  return tx.query<Match>(matchSegments, [
    JSON.stringify(asked),
    uuidFloor(new Date(now.getTime() - receiptReachMs)),
  ])
}

export interface SegmentUpdate {
  account_id: string
  message_id: string
  attempt: number
  index: number
  state: ReceiptRecord['state']
  receipts: ReceiptRecord[]
}

const updateReceipted = statement(
  'update_receipted_segments',
  // A final state gives way to `delivered` alone; history is kept either way, up to a length that no honest
  // network reaches.
  `update segments s set
     state = case when d.state is not null and (s.state = 'submitted' or d.state = 'delivered') then d.state else s.state end,
     final_at = case when d.state is not null then coalesce(s.final_at, $2::timestamptz) else s.final_at end,
     receipts = case when jsonb_array_length(s.receipts) < 20 then s.receipts || d.receipts else s.receipts end
   from json_to_recordset($1) as d(account_id uuid, message_id uuid, attempt smallint, index smallint, state text, receipts jsonb)
   where s.account_id = d.account_id and s.message_id = d.message_id and s.attempt = d.attempt and s.index = d.index`,
)

export async function updateSegments(tx: Tx, rows: readonly SegmentUpdate[], now: Date): Promise<void> {
  if (rows.length > 0) await tx.query(updateReceipted, [JSON.stringify(rows), now])
}

export interface SegmentState {
  account_id: string
  message_id: string
  index: number
  state: 'submitted' | 'delivered' | 'undelivered' | 'expired' | 'rejected'
}

const selectStates = statement(
  'select_segment_states',
  `select s.account_id, s.message_id, s.index, s.state
   from json_to_recordset($1) as d(account_id uuid, id uuid)
   join segments s on s.account_id = d.account_id and s.message_id = d.id`,
)

/** The states of all segments, of every attempt, of the messages named. */
export async function segmentStates(
  tx: Tx,
  keys: readonly { account_id: string; id: string }[],
): Promise<SegmentState[]> {
  return keys.length === 0 ? [] : tx.query<SegmentState>(selectStates, [JSON.stringify(keys)])
}

const insertOrphans = statement(
  'insert_orphan_receipts',
  `insert into orphan_receipts (id, carrier_id, keys, receipt, received_at)
   select id, carrier_id, keys, receipt, $2
   from json_to_recordset($1) as d(id uuid, carrier_id uuid, keys text[], receipt jsonb)`,
)

export async function keepOrphans(
  tx: Tx,
  rows: readonly (ReceiptRow & { id: string })[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  const kept = rows.map(({ id, carrier_id, keys, remote_id, receipt }) => ({
    id,
    carrier_id,
    keys,
    receipt: { ...receipt, remote_id },
  }))
  await tx.query(insertOrphans, [JSON.stringify(kept), now])
}

interface OrphanRow {
  carrier_id: string
  keys: string[]
  receipt: ReceiptRecord & { remote_id: string }
}

const takeOrphansOf = statement(
  'take_orphan_receipts',
  `delete from orphan_receipts o where o.keys && $1::text[] and o.carrier_id = any ($2::uuid[])
   returning o.carrier_id, o.keys, o.receipt`,
)
const takeMatching = statement(
  'take_matching_orphans',
  `delete from orphan_receipts where id in (
     select o.id from orphan_receipts o
     where o.received_at > $1 and exists (
       select from segments s where s.carrier_id = o.carrier_id and s.remote_key = any (o.keys) and s.message_id >= $2)
     limit 1000 for update of o skip locked)
   returning carrier_id, keys, receipt`,
)

const revive = ({ carrier_id, keys, receipt: { remote_id, ...receipt } }: OrphanRow): ReceiptRow => ({
  carrier_id,
  keys,
  remote_id,
  receipt,
})

/** Takes the receipts that were waiting for these segments' ids (smpp-interop group 33). */
export async function takeOrphans(tx: Tx, segments: readonly AnsweredSegment[]): Promise<ReceiptRow[]> {
  if (segments.length === 0) return []
  const keys = segments.map((segment) => segment.remote_key)
  const carriers = [...new Set(segments.map((segment) => segment.carrier_id))]
  return (await tx.query<OrphanRow>(takeOrphansOf, [keys, carriers])).map(revive)
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

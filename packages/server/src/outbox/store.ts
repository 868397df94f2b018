import type { EventName } from '../events.ts'
import { statement, type Tx } from '../store/db.ts'

/** An event about to be written; `id` is a bare UUIDv7, JSON names are the columns. */
export interface EventRow {
  account_id: string
  id: string
  name: EventName
  payload: object
}

/**
 * A place in the order of events: transaction, then row. Rows of a transaction become readable together, once
 * no older transaction is under way, so whoever remembers a place never skips a late commit.
 * `xid` stays text: it may pass 2^53. `(xid, 0)` stands before every event of that transaction.
 */
export interface Place {
  xid: string
  seq: number
}

/** `812345-67`: a place as people and programs see it, the `id:` of the stream. */
export const cursorOf = (place: Place): string => `${place.xid}-${place.seq}`

/** The place in a cursor, or undefined when the text is none. */
export function placeOf(cursor: string): Place | undefined {
  const match = /^(\d{1,19})-(\d{1,15})$/.exec(cursor)
  return match ? { xid: match[1]!, seq: Number(match[2]) } : undefined
}

/** True when `a` stands after `b`. */
export function isAfter(a: Place, b: Place): boolean {
  if (a.xid === b.xid) return a.seq > b.seq
  // Decimal text without leading zeros: the longer one is the larger number.
  return a.xid.length === b.xid.length ? a.xid > b.xid : a.xid.length > b.xid.length
}

/** An event as the outbox gives it back; `payload` and `at` are text, ready to be sent on. */
export interface OutboxRow extends Place {
  account_id: string
  id: string
  name: EventName
  /** JSON text. */
  payload: string
  /** ISO 8601 in UTC, to the millisecond. */
  at: string
}

/** SQL for a moment as ISO 8601 text in UTC; cheaper than a Date that is printed again. */
export const isoText = (column: string): string =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const insert = statement(
  'outbox_insert',
  `insert into events (account_id, id, name, payload, at)
   select account_id, id, name, payload, $2
   from json_to_recordset($1) as e(account_id uuid, id uuid, name text, payload jsonb)`,
)

/**
 * Writes events into the outbox in the transaction of their change: one statement for any number.
 * Ring `outbox` once it has committed.
 */
export async function insertEvents(tx: Tx, events: readonly EventRow[], at: Date): Promise<void> {
  if (events.length > 0) await tx.query(insert, [JSON.stringify(events), at])
}

const readAfter = statement(
  'outbox_read',
  `with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as xmin)
   select h.xmin::text as horizon, e.*
   from horizon h left join lateral (
     select account_id, id, xid::text, seq, name, payload::text, ${isoText('at')} as at
     from events
     where (events.xid, events.seq) > ($1::xid8, $2) and events.xid < h.xmin
       and account_id = any($3) and ($4::text[] is null or name = any($4))
     order by events.xid, events.seq
     limit $5
   ) e on true`,
)

/**
 * Readable events of these accounts after a place, in order, at most `limit`. `next` is where to go on from:
 * the last row of a full page, else the end of what is readable now.
 */
export async function readEvents(
  tx: Tx,
  after: Place,
  accounts: readonly string[],
  limit: number,
  types: readonly string[] | null = null,
): Promise<{ rows: OutboxRow[]; next: Place; full: boolean }> {
  type Row = OutboxRow & { horizon: string }
  const found = await tx.query<Row>(readAfter, [after.xid, after.seq, accounts, types, limit])
  const rows = found.filter((row) => row.id !== null)
  const full = rows.length === limit
  const end = { xid: found[0]!.horizon, seq: 0 }
  const last = rows.at(-1)
  if (full && last) return { rows, next: { xid: last.xid, seq: last.seq }, full }
  // The horizon of a snapshot can lie before a place that a later snapshot gave out.
  return { rows, next: isAfter(end, after) ? end : after, full }
}

const readEnd = statement('outbox_end', 'select pg_snapshot_xmin(pg_current_snapshot())::text as xid')

/** The place after everything that is readable now. */
export async function endOfEvents(tx: Tx): Promise<Place> {
  const [row] = await tx.query<{ xid: string }>(readEnd)
  return { xid: row!.xid, seq: 0 }
}

const held = statement(
  'outbox_held',
  `select exists (select from events where xid >= pg_snapshot_xmin(pg_current_snapshot())) as held`,
)

/** True when committed events wait for an older transaction to end: worth another look in a moment. */
export async function eventsAreHeld(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ held: boolean }>(held)
  return row!.held
}

const lockCursor = statement(
  'outbox_lock_cursor',
  `select xid::text, seq,
     xid > pg_snapshot_xmax(pg_current_snapshot())
       or exists (select from events where xid >= pg_snapshot_xmax(pg_current_snapshot())) as strange
   from event_cursors where reader = 'webhooks' for update`,
)
const rebase = statement(
  'outbox_rebase',
  `update events set xid = case when (xid, seq) <= ($1::xid8, $2) then '1'::xid8 else '2'::xid8 end returning 1`,
)
const rebaseCursor = statement(
  'outbox_rebase_cursor',
  `update event_cursors set xid = '2', seq = 0 where reader = 'webhooks'`,
)

/**
 * If the outbox has transaction numbers that this cluster has not reached: all events up to the cursor become
 * transaction 1, all later ones transaction 2, numbers that no real transaction has. Returns how many events.
 */
export async function rebaseEvents(tx: Tx): Promise<number> {
  const [cursor] = await tx.query<Place & { strange: boolean }>(lockCursor)
  if (!cursor?.strange) return 0
  const moved = await tx.query(rebase, [cursor.xid, cursor.seq])
  await tx.query(rebaseCursor)
  return moved.length
}

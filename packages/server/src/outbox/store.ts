import type { EventName } from '../events.ts'
import { idInChunk, idsInChunk } from '../ids.ts'
import { statement, type Tx } from '../store/db.ts'
import {
  type EventRow,
  eventsOf,
  isAfter,
  newChunk,
  type OutboxRow,
  type Place,
  type StoredChunk,
} from './chunk.ts'

/** SQL for a moment as ISO 8601 text in UTC; cheaper than a Date that is printed again. */
export const isoText = (column: string): string =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const insert = statement(
  'outbox_insert',
  'insert into event_chunks (id, accounts, names, count, events, at) values ($1, $2, $3, $4, $5, $6)',
)

/**
 * Writes events into the outbox in the transaction of their change: one statement for any number. Returns their ids.
 * Ring `outbox` once it has committed.
 */
export async function insertEvents(tx: Tx, events: readonly EventRow[], at: Date): Promise<string[]> {
  const ids: string[] = []
  for (let from = 0; from < events.length; from += idsInChunk) {
    const { id, accounts, names, lines } = newChunk(events.slice(from, from + idsInChunk), at)
    await tx.query(insert, [id, accounts, names, lines.length, lines.join('\n'), at])
    ids.push(...lines.map((_, place) => idInChunk(id, place)))
  }
  return ids
}

/** SQL: chunk `c` holds events after the place ($1, $2). Said twice, so that the index is entered at the right page. */
export const holdsAfter = (xid: string, seq: string): string =>
  `(c.xid, c.seq) > (${xid}, ${seq} - ${idsInChunk}) and (c.xid > ${xid} or c.seq + c.count - 1 > ${seq})`

const readAfter = statement(
  'outbox_read',
  // Chunks are counted before their text is fetched from where long values lie.
  `with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as xmin)
   select h.xmin::text as horizon, e.*
   from horizon h left join lateral (
     select id, xid::text, seq, count, events, ${isoText('at')} as at
     from (
       select c.*, sum(c.count) over (order by c.xid, c.seq) - c.count as before
       from (
         select c.* from event_chunks c
         where ${holdsAfter('$1::xid8', '$2::bigint')} and c.xid < h.xmin
           and ($3::uuid[] is null or c.accounts && $3) and ($4::text[] is null or c.names && $4)
         order by c.xid, c.seq limit $5) c) c
     where c.before < $5
   ) e on true`,
)

/**
 * Readable events of these accounts (null: of all) after a place, in order: whole chunks, until they hold `enough` events or there
 * are no more. `next` is where to go on from: the end of the last chunk if it was enough, else of what is readable now.
 */
export async function readEvents(
  tx: Tx,
  after: Place,
  accounts: readonly string[] | null,
  enough: number,
  types: readonly string[] | null = null,
): Promise<{ rows: OutboxRow[]; next: Place; full: boolean }> {
  type Row = StoredChunk & { horizon: string; count: number }
  const found = await tx.query<Row>(readAfter, [after.xid, after.seq, accounts, types, enough])
  const chunks = found.filter((row) => row.id !== null)
  const whose = accounts && new Set(accounts)
  const wanted = (name: string, account: string): boolean =>
    (whose === null || whose.has(account)) && (types === null || types.includes(name))
  const rows = chunks.flatMap((chunk) => eventsOf(chunk, after, wanted))
  const full = chunks.reduce((sum, chunk) => sum + chunk.count, 0) >= enough
  const end = { xid: found[0]!.horizon, seq: 0 }
  const last = chunks.at(-1)
  if (full && last) return { rows, next: { xid: last.xid, seq: last.seq + last.count - 1 }, full }
  // The horizon of a snapshot can lie before a place that a later snapshot gave out.
  return { rows, next: isAfter(end, after) ? end : after, full }
}

const readNames = statement(
  'outbox_names',
  `with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as xmin)
   select h.xmin::text as horizon, array(
     select distinct name from event_chunks c cross join lateral unnest(c.names) as name
     where ${holdsAfter('$1::xid8', '$2::bigint')} and c.xid < h.xmin) as names
   from horizon h`,
)

/** Which events may stand after a place, of any account, without reading them; `next` is where to look on from. */
export async function namesAfter(tx: Tx, after: Place): Promise<{ names: EventName[]; next: Place }> {
  const [row] = await tx.query<{ horizon: string; names: EventName[] }>(readNames, [after.xid, after.seq])
  const end = { xid: row!.horizon, seq: 0 }
  return { names: row!.names, next: isAfter(end, after) ? end : after }
}

const readEnd = statement('outbox_end', 'select pg_snapshot_xmin(pg_current_snapshot())::text as xid')

/** The place after everything that is readable now. */
export async function endOfEvents(tx: Tx): Promise<Place> {
  const [row] = await tx.query<{ xid: string }>(readEnd)
  return { xid: row!.xid, seq: 0 }
}

const held = statement(
  'outbox_held',
  `select exists (select from event_chunks where xid >= pg_snapshot_xmin(pg_current_snapshot())) as held`,
)

/** True when committed events wait for an older transaction to end: worth another look in a moment. */
export async function eventsAreHeld(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ held: boolean }>(held)
  return row!.held
}

const lockCursors = statement(
  'outbox_lock_cursors',
  `select reader, xid::text, seq,
     xid > pg_snapshot_xmax(pg_current_snapshot())
       or exists (select from event_chunks where xid >= pg_snapshot_xmax(pg_current_snapshot())) as strange
   from event_cursors order by reader for update`,
)
// A chunk that a cursor stands in counts as unread: some of it comes twice.
const passed = 'select distinct xid, seq from event_cursors'
const rebase = statement(
  'outbox_rebase',
  `with moved as (
     update event_chunks c set xid = (1 + (
       select count(*) from (${passed}) k where (k.xid, k.seq) < (c.xid, c.seq + c.count - 1)))::text::xid8
     returning c.count)
   select coalesce(sum(count), 0) as events from moved`,
)
const rebaseCursors = statement(
  'outbox_rebase_cursors',
  `update event_cursors r set seq = 0, xid = (1 + (
     select count(*) from (${passed}) k where (k.xid, k.seq) <= (r.xid, r.seq)))::text::xid8`,
)

/**
 * If the outbox has transaction numbers that this cluster has not reached: events that every reader has read become
 * transaction 1, those that all but one have read 2, and so on; numbers that no real transaction has. Returns how
 * many events.
 */
export async function rebaseEvents(tx: Tx): Promise<number> {
  const cursors = await tx.query<{ strange: boolean }>(lockCursors)
  if (!cursors.some((cursor) => cursor.strange)) return 0
  const [moved] = await tx.query<{ events: number }>(rebase)
  await tx.query(rebaseCursors)
  return Number(moved!.events)
}

import type { EventName } from '../events.ts'
import { idInChunk, idsInChunk, uuidv7Chunk } from '../ids.ts'

/** An event about to be written; `account_id` is a bare UUID. */
export interface EventRow {
  account_id: string
  name: EventName
  payload: object
}

/**
 * A place in the order of events: transaction, then number. Events of a transaction become readable together, once
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
  /** Bare UUID. */
  id: string
  name: EventName
  /** JSON text. */
  payload: string
  /** ISO 8601 in UTC, to the millisecond. */
  at: string
}

/** A row of `event_chunks` as it is read. */
export interface StoredChunk extends Place {
  id: string
  events: string
  at: string
}

/** A row of `event_chunks` about to be written. */
export interface NewChunk {
  id: string
  accounts: string
  names: string
  lines: string[]
}

/** An event as a line of its chunk. JSON has no raw line breaks, names and ids no spaces. */
export const eventLine = (event: EventRow): string =>
  `${event.name} ${event.account_id} ${JSON.stringify(event.payload)}`

/** Array literals of PostgreSQL, whose elements need no quotes. */
const distinct = (texts: readonly string[]): string => `{${[...new Set(texts)].join()}}`

/** A chunk of events that are told at one moment; at most `idsInChunk`. */
export function newChunk(events: readonly EventRow[], at: Date): NewChunk {
  if (events.length > idsInChunk) throw new Error(`a chunk of ${events.length} events`)
  return {
    id: uuidv7Chunk(at.getTime()),
    accounts: distinct(events.map((event) => event.account_id)),
    names: distinct(events.map((event) => event.name)),
    lines: events.map(eventLine),
  }
}

/** The events of a chunk that stand after a place, in order; `wanted` says by name and account which. */
export function eventsOf(
  chunk: StoredChunk,
  after: Place,
  wanted: (name: EventName, accountId: string) => boolean,
): OutboxRow[] {
  const { xid, seq, id, at } = chunk
  const rows: OutboxRow[] = []
  const seen = xid === after.xid ? after.seq - seq + 1 : 0
  for (const [place, line] of chunk.events.split('\n').entries()) {
    if (place < seen) continue
    const space = line.indexOf(' ')
    const name = line.slice(0, space) as EventName
    const account_id = line.slice(space + 1, space + 37)
    if (!wanted(name, account_id)) continue
    const payload = line.slice(space + 38)
    rows.push({ xid, seq: seq + place, account_id, id: idInChunk(id, place), name, payload, at })
  }
  return rows
}

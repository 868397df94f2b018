import { statement, type Tx } from '../store/db.ts'
import type { Place } from './chunk.ts'

const lock = statement(
  'lock_event_cursor',
  'select xid::text, seq from event_cursors where reader = $1 for update skip locked',
)
const move = statement(
  'move_event_cursor',
  'update event_cursors set xid = $2::xid8, seq = $3 where reader = $1',
)

const ensure = statement(
  'ensure_event_cursor',
  'insert into event_cursors (reader, xid, seq) values ($1, $2::xid8, $3) on conflict (reader) do nothing',
)

/** A reader that is new begins at `place`. */
export async function ensureCursor(tx: Tx, reader: string, { xid, seq }: Place): Promise<void> {
  await tx.query(ensure, [reader, xid, seq])
}

/** Where this reader of the outbox has come to, locked; undefined while another node holds it. */
export async function lockCursor(tx: Tx, reader: string): Promise<Place | undefined> {
  return (await tx.query<Place>(lock, [reader]))[0]
}

/** Everything up to `place` is read, once the transaction has committed. */
export async function moveCursor(tx: Tx, reader: string, { xid, seq }: Place): Promise<void> {
  await tx.query(move, [reader, xid, seq])
}

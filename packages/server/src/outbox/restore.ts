import type { Log } from '../log.ts'
import type { Db } from '../store/db.ts'
import { rebaseEvents } from './store.ts'

/**
 * Events are ordered by transaction numbers, and a dump that is restored into another cluster brings numbers from
 * that one's future: new events would stand behind the cursor, and never be sent. So this runs at the
 * start, before anything writes events. What had been read stays read, and the rest comes first of all.
 */
export async function repairOrderAfterRestore(db: Db, log: Log): Promise<void> {
  const moved = await db.transaction((tx) => rebaseEvents(tx))
  if (moved > 0) log.warn({ events: moved }, 'the outbox comes from another database; its order was mended')
}

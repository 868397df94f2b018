import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { EventName } from '../events.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import type { Place } from './chunk.ts'
import { ensureCursor, lockCursor, moveCursor } from './cursor.store.ts'
import type { Listeners } from './emit.ts'
import { endOfEvents, readEvents } from './store.ts'

/** Events of one transaction: enough for sets to pay, few enough that its locks are short. */
const atOnce = 2_000
/** Reads lie this far apart under load. */
const spacingMs = 100
/** How far a cursor may stay behind events that its follower does not hear: to move it is a commit. */
const catchUpMs = 1_000

/** Somebody who hears events soon after their commit. */
export interface Follower {
  /** Names its cursor. */
  name: string
  hears: Listeners
}

/**
 * Lets each follower hear the events of all accounts in their order, in batches and at least once, in a transaction of its
 * own that moves its cursor too. One node at a time follows for each. A throw keeps the cursor where it is, and the same
 * events come again: a follower must bear them. One that is new hears what happens from now on, and what
 * the transactions that are open now have written.
 */
export async function startFollowers(options: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
  followers: readonly Follower[]
}): Promise<{ stop(): Promise<void> }> {
  const { db, bell, clock, log, followers } = options
  const stops: (() => Promise<void>)[] = []
  for (const { name, hears } of followers) {
    const reader = `follow.${name}`
    const names = Object.keys(hears) as EventName[]
    await ensureCursor(db, reader, await endOfEvents(db))
    let seen: Place | undefined
    let movedAt = Number.NEGATIVE_INFINITY

    /** Whether there is anything to hear since the last look, or it is time for the cursor to move on. */
    async function due(): Promise<boolean> {
      if (!seen || clock.monotonic() - movedAt >= catchUpMs) return true
      const { rows, next, full } = await readEvents(db, seen, null, 1, names)
      if (rows.length === 0 && !full) seen = next
      return rows.length > 0 || full
    }

    const hear = () =>
      db.transaction(async (tx) => {
        const from = await lockCursor(tx, reader)
        if (!from) return undefined
        const { rows, next, full } = await readEvents(tx, from, null, atOnce, names)
        for (const [event, found] of Map.groupBy(rows, (row) => row.name)) {
          const told = found.map(({ account_id, payload }) => ({
            account_id,
            name: event,
            payload: JSON.parse(payload) as object,
          }))
          for (const listener of hears[event] ?? []) await listener(told, tx)
        }
        if (next.xid !== from.xid || next.seq !== from.seq) await moveCursor(tx, reader, next)
        return { next, full }
      })

    async function read(): Promise<number | undefined> {
      if (!(await due())) return undefined
      const heard = await hear()
      if (!heard) return undefined
      seen = heard.next
      movedAt = clock.monotonic()
      return heard.full ? 0 : undefined
    }

    const pulse = startPulse({
      name: `what follows events for ${name}`,
      work: read,
      everyMs: 1_000,
      spacingMs,
      clock,
      log,
    })
    const deaf = bell.on('outbox', () => pulse.ring())
    stops.push(() => {
      deaf()
      return pulse.stop()
    })
  }
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}

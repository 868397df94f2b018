import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { EventName } from '../events.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { ensureCursor, lockCursor, moveCursor } from './cursor.store.ts'
import type { Listeners } from './emit.ts'
import { endOfEvents, namesAfter, readEvents } from './store.ts'

/** Events of one transaction: enough for sets to pay, few enough that its locks are short. */
const atOnce = 2_000
/** Looks lie this far apart under load: nobody waits for what follows, and to hear is half a dozen statements. */
const spacingMs = 500
/** How far a cursor may stay behind events that its follower does not hear: to move it is a commit. */
const catchUpMs = 10_000
/** How soon to come back to a cursor that another node holds. */
const heldMs = 1_000

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
  let seen = await endOfEvents(db)
  const heard: { names: readonly EventName[]; ring(): void; stop(): Promise<void> }[] = []
  for (const { name, hears } of followers) {
    const reader = `follow.${name}`
    const names = Object.keys(hears) as EventName[]
    await ensureCursor(db, reader, seen)

    const hear = () =>
      db.transaction(async (tx) => {
        const from = await lockCursor(tx, reader)
        if (!from) return heldMs
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
        return full ? 0 : undefined
      })

    const what = `what follows events for ${name}`
    const { ring, stop } = startPulse({ name: what, work: hear, everyMs: catchUpMs, clock, log })
    heard.push({ names, ring, stop })
  }

  // One look for all of them: most of what happens is heard by few.
  const pulse = startPulse({
    name: 'the look for events that are followed',
    async work() {
      const { names, next } = await namesAfter(db, seen)
      seen = next
      for (const follower of heard) if (follower.names.some((name) => names.includes(name))) follower.ring()
      return undefined
    },
    everyMs: 1_000,
    spacingMs,
    clock,
    log,
  })
  const deaf = bell.on('outbox', () => pulse.ring())
  return {
    async stop() {
      deaf()
      await Promise.all([pulse, ...heard].map(({ stop }) => stop()))
    },
  }
}

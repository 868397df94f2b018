import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import type { OutboxRow, Place } from './chunk.ts'
import { endOfEvents, eventsAreHeld, readEvents } from './store.ts'

/** How many events one read takes, and the rest of their chunk. */
const page = 1_000
/** Reads lie this far apart under load: a person does not see it, and a read then has many rows. */
const spacingMs = 20
/** An older transaction holds events back: look again soon, it is mostly a matter of milliseconds. */
const heldMs = { first: 10, most: 320 }

export interface Outbox {
  /**
   * Hears every event of the account that becomes readable after `from`, in order and once. The listener must
   * not throw and must not wait.
   */
  follow(accountId: string, listener: (events: OutboxRow[]) => void): Promise<{ from: Place; stop(): void }>
  /** Waits for the read under way. */
  stop(): Promise<void>
}

/** One reader of the outbox for all streams of this process; it rests while nobody listens. */
export function startOutbox({
  db,
  bell,
  clock,
  log,
}: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
}): Outbox {
  const followers = new Set<{ accountId: string; listener: (events: OutboxRow[]) => void }>()
  let place: Place | undefined
  let reading: Promise<unknown> | undefined
  let patience = heldMs.first

  /** One database read at a time, so that a follower who joins knows the place from which it hears everything. */
  function exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = (reading ?? Promise.resolve()).catch(() => {}).then(work)
    reading = mine
    return mine
  }

  async function read(): Promise<number | undefined> {
    if (followers.size === 0 || !place) {
      place = undefined
      return undefined
    }
    const accounts = [...new Set([...followers].map((follower) => follower.accountId))]
    const { rows, next, full } = await readEvents(db, place, accounts, page)
    place = next
    if (rows.length > 0) {
      const byAccount = Map.groupBy(rows, (row) => row.account_id)
      for (const { accountId, listener } of followers) {
        const mine = byAccount.get(accountId)
        if (mine) listener(mine)
      }
    }
    if (rows.length > 0) patience = heldMs.first
    if (full) return 0
    if (rows.length > 0 || !(await eventsAreHeld(db))) return undefined
    patience = Math.min(heldMs.most, patience * 2)
    return patience / 2
  }

  const pulse = startPulse({
    name: 'the event stream',
    work: () => exclusively(read),
    everyMs: 1_000,
    spacingMs,
    clock,
    log,
  })
  const deaf = bell.on('outbox', () => pulse.ring())

  return {
    follow(accountId, listener) {
      return exclusively(async () => {
        place ??= await endOfEvents(db)
        const follower = { accountId, listener }
        followers.add(follower)
        pulse.ring()
        return {
          from: place,
          stop: () => {
            followers.delete(follower)
          },
        }
      })
    },
    async stop() {
      deaf()
      await pulse.stop()
    },
  }
}

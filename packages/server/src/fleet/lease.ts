import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Lease } from '../message/lease.ts'
import { backoff } from '../pause.ts'
import type { Db } from '../store/db.ts'
import { acquire, release, renew } from './lease.store.ts'

/** How long a silent holder keeps a bind. Renewal comes at a third, so two may be missed. */
const ttlMs = 9_000

/** Waits until the bind slot is free or its holder is dead, and takes it with a new fencing token. */
export async function takeLease(options: {
  db: Db
  clock: Clock
  log: Log
  node: () => number
  carrierId: string
  slot: number
  signal: AbortSignal
}): Promise<Lease> {
  const { db, clock, log, node, carrierId, slot, signal } = options
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted()
    const started = clock.monotonic()
    const fence = await acquire(db, carrierId, slot, node(), ttlMs).catch((error: Error) => {
      log.warn({ error: error.message }, 'the bind lease could not be asked for; trying again')
      return undefined
    })
    if (fence !== undefined) return hold({ ...options, fence, until: started + ttlMs })
    await backoff(attempt, { capMs: 1_000, signal })
  }
}

function hold(options: {
  db: Db
  clock: Clock
  log: Log
  carrierId: string
  slot: number
  fence: number
  until: number
}): Lease {
  const { db, clock, log, carrierId, slot, fence } = options
  let until = options.until
  const lost = new AbortController()

  const timer = setInterval(async () => {
    const started = clock.monotonic()
    try {
      if (await renew(db, carrierId, slot, fence, ttlMs)) until = started + ttlMs
      else lose('another node has taken it')
    } catch (error) {
      // The database is away. The lease holds until its time is up, and so does nobody else's claim to it.
      if (clock.monotonic() >= until) lose((error as Error).message)
    }
  }, ttlMs / 3)

  function lose(reason: string): void {
    clearInterval(timer)
    if (!lost.signal.aborted) {
      log.warn({ carrier: carrierId, slot, fence, reason }, 'the bind lease is lost')
      lost.abort()
    }
  }

  return {
    carrierId,
    slot,
    fence,
    valid: () => !lost.signal.aborted && clock.monotonic() < until,
    lost: lost.signal,
    async release() {
      clearInterval(timer)
      if (!lost.signal.aborted) await release(db, carrierId, slot, fence)
      lost.abort()
    },
  }
}

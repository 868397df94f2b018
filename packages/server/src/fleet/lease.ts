import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Lease } from '../message/lease.ts'
import type { Db } from '../store/db.ts'
import type { Crew } from './crew.ts'
import { acquire, release, renew } from './lease.store.ts'

/** How long a silent holder keeps a bind. Renewal comes at a third, so two may be missed. */
const leaseMs = 9_000
/** After a renewal that failed: whoever is back first must not find the slot of a living holder run out. */
const retryMs = 500
/**
 * How long a link stays up whose lease could not be renewed, while nothing is submitted on it: a database that fails
 * over is back by then. For longer it would keep receipts from another node that has the database.
 */
const keepLinkMs = 120_000
/** A slot that is somebody else's is asked for again after so long, and when the crew has news. */
const patienceMs = 1_000

export interface HeldLease extends Lease {
  /** Aborts when another node shall have the slot: drain, and give it back. */
  readonly handOver: AbortSignal
}

/** Waits until the bind slot is free or its holder is dead, and this node's to take, and takes it with a new fencing token. */
export async function takeLease(options: {
  db: Db
  clock: Clock
  log: Log
  node: () => number
  crew: Crew
  carrierId: string
  slot: number
  signal: AbortSignal
  ttlMs?: number
}): Promise<HeldLease> {
  const { db, clock, log, node, crew, carrierId, slot, signal, ttlMs = leaseMs } = options
  for (;;) {
    signal.throwIfAborted()
    if (crew.mayTake(carrierId, slot)) {
      const started = moment(clock)
      const fence = await acquire(db, carrierId, slot, node(), ttlMs).catch((error: Error) => {
        log.warn({ error: error.message }, 'the bind lease could not be asked for; trying again')
        return undefined
      })
      if (fence !== undefined) return hold({ ...options, ttlMs, fence, renewedAt: started })
    }
    await news(crew, signal)
  }
}

/** Resolves when the crew has news, after `patienceMs` with some jitter, or by rejecting when `signal` aborts. */
async function news(crew: Crew, signal: AbortSignal): Promise<void> {
  const heard = new AbortController()
  const deaf = crew.onChange(() => heard.abort())
  try {
    await wait(patienceMs * (0.5 + Math.random() / 2), undefined, {
      signal: AbortSignal.any([signal, heard.signal]),
    })
  } catch {
    signal.throwIfAborted()
  } finally {
    deaf()
  }
}

/** On both clocks: the monotonic one stands still while a machine is suspended, the wall clock can be set. */
const moment = (clock: Clock) => ({ monotonic: clock.monotonic(), wall: clock.now().getTime() })

function hold(options: {
  db: Db
  clock: Clock
  log: Log
  crew: Crew
  carrierId: string
  slot: number
  fence: number
  ttlMs: number
  renewedAt: ReturnType<typeof moment>
}): HeldLease {
  const { db, clock, log, crew, carrierId, slot, fence, ttlMs } = options
  let { renewedAt } = options
  let timer: NodeJS.Timeout | undefined
  const lost = new AbortController()
  const handOver = new AbortController()
  const membership = crew.took(carrierId, slot, () => handOver.abort())

  const age = (): number => {
    const now = moment(clock)
    return Math.max(now.monotonic - renewedAt.monotonic, now.wall - renewedAt.wall)
  }

  async function prolong(): Promise<void> {
    const started = moment(clock)
    let next = ttlMs / 3
    try {
      if (await renew(db, carrierId, slot, fence, ttlMs)) renewedAt = started
      else return lose('another node has taken it')
    } catch (error) {
      // The database is away. Nothing is submitted once the lease's time is up, but the link may stay: nobody else can
      // have taken the slot unless they have the database, and then they tell us when we have it again.
      const away = clock.monotonic() - renewedAt.monotonic
      if (away >= ttlMs + keepLinkMs) return lose((error as Error).message)
      next = retryMs
    }
    if (!lost.signal.aborted) timer = setTimeout(prolong, next)
  }
  timer = setTimeout(prolong, ttlMs / 3)

  function lose(reason: string): void {
    if (lost.signal.aborted) return
    log.warn({ carrier: carrierId, slot, fence, reason }, 'the bind lease is lost')
    end()
  }

  function end(): void {
    clearTimeout(timer)
    lost.abort()
  }

  return {
    carrierId,
    slot,
    fence,
    valid: () => !lost.signal.aborted && age() < ttlMs,
    lost: lost.signal,
    handOver: handOver.signal,
    async release() {
      const mine = !lost.signal.aborted
      end()
      if (mine) await release(db, carrierId, slot, fence).catch(() => {})
      membership.gone()
    },
  }
}

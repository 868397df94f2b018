import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { type Claimed, closeBatches, type First, type Settled, settleDeliveries } from './delivery.store.ts'

/** Outcomes gather this long for one statement: nobody waits for them. */
const spacingMs = 100
const atOnce = 1_000
/** A batch waits this long for its last answers; what is then under way is stored as such, and settled by itself. */
const patienceMs = 500

/** How an attempt ended, without what names it. */
export type How = Omit<Settled, 'account_id' | 'webhook_id' | 'event_id' | 'attempt'>

/** First attempts that nothing but their batch knows of yet. */
interface Batch {
  readonly id: number
  readonly deliveries: readonly Claimed[]
  readonly ended: Map<Claimed, How>
  readonly lapses: Date
  closesAt: number
}

export interface Outcomes {
  /** First attempts of a batch are about to be made. */
  open(batch: number, deliveries: readonly Claimed[], lapsesAt: number): void
  record(delivery: Claimed, how: How): void
  /** Stores everything; each delivery that was opened must have been recorded. */
  stop(): Promise<void>
}

/**
 * Stores outcomes in few statements: those of first attempts by the batch, one insert for all of it, those of later
 * attempts as updates. `after` runs with each turn, and is told what was stored.
 */
export function startOutcomes(options: {
  db: Db
  clock: Clock
  log: Log
  after: (stored: readonly Settled['outcome'][]) => Promise<void>
}): Outcomes {
  const { db, clock, log, after } = options
  const batches = new Set<Batch>()
  const batchOf = new Map<Claimed, Batch>()
  let settled: Settled[] = []
  /** Told at the next turn if the statement after this one fails. */
  const stored: Settled['outcome'][] = []
  const pulse = startPulse({
    name: 'the webhook log',
    work: store,
    everyMs: 60_000,
    spacingMs,
    clock,
    log,
  })

  async function store(): Promise<number | undefined> {
    await closeDue()
    await settle()
    await after(stored.splice(0))
    if (settled.length > 0) return 0
    const [oldest] = batches
    return oldest && Math.max(0, oldest.closesAt - clock.monotonic())
  }

  const isOver = (batch: Batch): boolean => batch.ended.size === batch.deliveries.length

  async function closeDue(): Promise<void> {
    const now = clock.monotonic()
    const due: Batch[] = []
    let size = 0
    for (const batch of batches) {
      if (size >= atOnce || !(isOver(batch) || batch.closesAt <= now)) continue
      due.push(batch)
      size += batch.deliveries.length
    }
    if (due.length === 0) return
    // What ends while the statement runs is settled after it.
    const first = due.map(({ deliveries, ended }) => deliveries.map((delivery) => ended.get(delivery)))
    const rows = due.flatMap((batch, at) =>
      batch.deliveries.map(({ account_id, webhook_id, event_id }, n): First => {
        const how = first[at]![n] ?? { outcome: 'sending' as const, due_at: batch.lapses }
        return { batch: batch.id, account_id, webhook_id, event_id, ...how }
      }),
    )
    await closeBatches(
      db,
      due.map(({ id }) => id),
      rows,
      clock.now(),
    )
    for (const [at, batch] of due.entries()) {
      batches.delete(batch)
      for (const [n, delivery] of batch.deliveries.entries()) {
        batchOf.delete(delivery)
        const late = first[at]![n] ? undefined : batch.ended.get(delivery)
        if (late) record(delivery, late)
      }
    }
    for (const { outcome } of rows) if (outcome !== 'sending') stored.push(outcome)
  }

  async function settle(): Promise<void> {
    const some = settled.slice(0, atOnce)
    await settleDeliveries(db, some, clock.now())
    settled = settled.slice(some.length)
    stored.push(...some.map(({ outcome }) => outcome))
  }

  function record(delivery: Claimed, how: How): void {
    const batch = batchOf.get(delivery)
    if (batch) {
      batch.ended.set(delivery, how)
      // Somebody waits for what is given back.
      if (how.outcome === 'released') batch.closesAt = clock.monotonic()
      if (how.outcome === 'released' || isOver(batch)) pulse.ring()
      return
    }
    const { account_id, webhook_id, event_id, attempt } = delivery
    settled.push({ account_id, webhook_id, event_id, attempt, ...how })
    pulse.ring()
  }

  return {
    open(id, deliveries, lapsesAt) {
      const now = clock.monotonic()
      const lapses = new Date(clock.now().getTime() + lapsesAt - now)
      const batch = { id, deliveries, ended: new Map(), lapses, closesAt: now + patienceMs }
      batches.add(batch)
      for (const delivery of deliveries) batchOf.set(delivery, batch)
      pulse.ring()
    },
    record,
    async stop() {
      await pulse.stop()
      try {
        while ((await store()) !== undefined);
      } catch (error) {
        // The claims lapse, and what they held is sent again.
        log.warn({ error: (error as Error).message }, 'webhook outcomes could not be stored at the end')
      }
    },
  }
}

import { type Batcher, createBatcher } from '../batcher.ts'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import type { Log } from '../log.ts'
import type { EventRow } from '../outbox/chunk.ts'
import type { Emit } from '../outbox/emit.ts'
import { backoff } from '../pause.ts'
import { type Db, isTransient } from '../store/db.ts'
import { createReadingBook } from './reading.store.ts'
import { type ReceiptRow, takeLateOrphans, takeOrphans } from './receipt.store.ts'
import { type ReceiptHouse, record } from './receipt.ts'
import { type Settled, settle, type UncertainRules } from './settle.ts'

export interface Ledger {
  /** Resolves once the outcome is committed. */
  settle(entry: Settled): Promise<void>
  /** Resolves once the receipt is committed: acknowledge it then, not before. */
  receipt(row: ReceiptRow): Promise<void>
  /** Matches orphans whose segment another node settled at the same moment; returns how many. */
  matchOrphans(since: Date): Promise<number>
  /** Gathers no longer: places in a window are waited for. */
  hurry(): void
  readonly load: number
  idle(): Promise<void>
}

/** Answers and receipts gather while they come: a batch costs as much as dozens of its rows. Whoever waits for it says so. */
const spacingMs = 100
/** A network whose window of receipts is full sends no more before it is answered. */
const quiet = {
  ms: 8,
  of: (entry: Entry) => ('receipt' in entry ? entry.receipt.carrier_id : undefined),
}

type Entry = { settled: Settled } | { receipt: ReceiptRow }

/**
 * The one writer of carriers' answers and receipts in a process: one transaction at a time, so that a receipt
 * and the answer it belongs to are never written side by side, blind to each other.
 */
export function createLedger(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  emit: Emit
  uncertain: UncertainRules
  counted?: ReceiptHouse['counted']
}): Ledger {
  const { db, clock, bell, log, emit, uncertain } = options
  const newId = () => uuidv7(clock.now().getTime())

  const readings = createReadingBook(() => clock.monotonic())
  const house = { emit, uncertain, newId, readings, counted: options.counted }

  async function write(settled: Settled[], receipts: ReceiptRow[]): Promise<EventRow[]> {
    return db.transaction(async (tx) => {
      const now = clock.now()
      const told = await settle(tx, settled, house, now)
      const early = await takeOrphans(
        tx,
        settled.flatMap((entry) => entry.answered),
      )
      return [...told, ...(await record(tx, [...early, ...receipts], house, now))]
    })
  }

  function ring(told: readonly EventRow[]): void {
    if (told.length > 0) bell.ring('outbox')
    if (told.some((event) => event.name === 'message.queued')) bell.ring('queue')
  }

  async function writeUntilTaken(entries: Entry[]): Promise<(undefined | Error)[]> {
    const settled = entries.flatMap((entry) => ('settled' in entry ? [entry.settled] : []))
    const receipts = entries.flatMap((entry) => ('receipt' in entry ? [entry.receipt] : []))
    for (let attempt = 0; ; attempt++) {
      try {
        ring(await write(settled, receipts))
        for (const { claim } of settled) claim.open--
        return entries.map(() => undefined)
      } catch (error) {
        if (isTransient(error)) {
          // What a carrier told us is nowhere else: keep it and try until the database is back.
          log.warn(
            { attempt, error: (error as Error).message },
            'the database did not take answers and receipts; trying again',
          )
          await backoff(attempt)
        } else if (entries.length === 1) {
          log.error({ error: (error as Error).message }, 'an answer or receipt could not be stored')
          return [error as Error]
        } else {
          // One of them is bad. It must not take the others with it.
          const alone: (undefined | Error)[] = []
          for (const entry of entries) alone.push(...(await writeUntilTaken([entry])))
          return alone
        }
      }
    }
  }

  const batcher: Batcher<Entry, undefined> = createBatcher({
    maxWeight: 500,
    concurrency: 1,
    spacingMs,
    quiet,
    flush: writeUntilTaken,
  })

  return {
    settle: (settled) => batcher.push({ settled }),
    receipt: (receipt) => batcher.push({ receipt }),
    async matchOrphans(since) {
      const { count, told } = await db.transaction(async (tx) => {
        const now = clock.now()
        const rows = await takeLateOrphans(tx, since, now)
        return { count: rows.length, told: await record(tx, rows, house, now) }
      })
      ring(told)
      return count
    },
    hurry: () => batcher.hurry(),
    get load() {
      return batcher.load
    },
    idle: () => batcher.idle(),
  }
}

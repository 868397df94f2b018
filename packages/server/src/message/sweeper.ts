import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Db, Tx } from '../store/db.ts'
import type { Ledger } from './ledger.ts'
import { movedEvents } from './moved.ts'
import type { UncertainRules } from './settle.ts'
import { expireDue, promoteDue, resendUncertain, type Swept, takeOverLapsed } from './sweep.ts'

type Duty = (tx: Tx, now: Date, rules: UncertainRules) => Promise<Swept>
const duties: readonly Duty[] = [promoteDue, resendUncertain, expireDue, takeOverLapsed]

/** Every half second: what is due is made ready, resent or expired. Any number of nodes may sweep at once. */
const everyMs = 500
/** Orphans are matched again for a minute: by then both transactions that missed each other have long ended. */
const orphanAgeMs = 60_000

export function startSweeper(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  emit: Emit
  ledger: Ledger
  uncertain: UncertainRules
}): {
  stop(): Promise<void>
} {
  const { db, clock, bell, log, emit, ledger, uncertain } = options
  let stopped = false
  let round = 0
  let running = Promise.resolve()
  let timer = setTimeout(next, everyMs)

  async function sweep(duty: (typeof duties)[number]): Promise<void> {
    for (let more = true; more && !stopped; ) {
      const result = await db.transaction(async (tx) => {
        const now = clock.now()
        const swept = await duty(tx, now, uncertain)
        await emit(
          tx,
          movedEvents(swept.moved, () => uuidv7(now.getTime())),
          now,
        )
        return swept
      })
      more = result.more
      if (result.moved.length > 0) bell.ring('outbox')
      if (result.ready > 0) bell.ring('queue')
    }
  }

  async function sweepAll(): Promise<void> {
    try {
      for (const duty of duties) await sweep(duty)
      if (round++ % 4 === 0) await ledger.matchOrphans(new Date(clock.now().getTime() - orphanAgeMs))
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'a sweep failed; the next one follows')
    }
  }

  function next(): void {
    running = sweepAll().then(() => {
      if (!stopped) timer = setTimeout(next, everyMs)
    })
  }

  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

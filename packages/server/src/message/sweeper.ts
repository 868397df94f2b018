import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Db, Tx } from '../store/db.ts'
import type { Ledger } from './ledger.ts'
import { movedEvents } from './moved.ts'
import type { UncertainRules } from './settle.ts'
import {
  type Elsewhere,
  expireDue,
  promoteDue,
  resendUncertain,
  type Swept,
  takeOverLapsed,
} from './sweep.ts'
import { endUnreceipted } from './unreceipted.ts'

type Duty = (tx: Tx, now: Date, rules: UncertainRules, elsewhere: Elsewhere) => Promise<Swept>
const duties: readonly Duty[] = [promoteDue, resendUncertain, expireDue, takeOverLapsed, endUnreceipted]

/** Every half second: what is due is made ready, resent or expired. Any number of nodes may sweep at once. */
const everyMs = 500
/** Orphans are matched again for a minute: by then both transactions that missed each other have long ended. */
const orphanAgeMs = 60_000

/** Does one batch of a duty in a transaction, its events with it, and rings for what came of it. */
export async function runDuty(
  house: { db: Db; clock: Clock; bell: Bell; emit: Emit },
  duty: (tx: Tx, now: Date) => Promise<Swept>,
): Promise<Swept> {
  const { db, clock, bell, emit } = house
  const swept = await db.transaction(async (tx) => {
    const now = clock.now()
    const done = await duty(tx, now)
    await emit(tx, movedEvents(done.moved), now)
    return done
  })
  if (swept.moved.length > 0) bell.ring('outbox')
  if (swept.ready > 0) bell.ring('queue')
  return swept
}

export function startSweeper(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  emit: Emit
  ledger: Ledger
  uncertain: UncertainRules
  elsewhere: Elsewhere
}): {
  stop(): Promise<void>
} {
  const { clock, log, ledger, uncertain, elsewhere } = options
  let stopped = false
  let round = 0
  let running = Promise.resolve()
  let timer = setTimeout(next, everyMs)

  async function sweep(duty: Duty): Promise<void> {
    while (!stopped && (await runDuty(options, (tx, now) => duty(tx, now, uncertain, elsewhere))).more);
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

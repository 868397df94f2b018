import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Guard } from '../egress.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { repairOrderAfterRestore } from '../outbox/restore.ts'
import type { Db } from '../store/db.ts'
import { inFlight, startSender } from './deliver.ts'
import { createPoster } from './post.ts'
import { startRelay } from './relay.ts'

/**
 * Events to the customers' URLs: relay (events become deliveries), deliver (they are sent and settled), and the
 * retries. At least once: an event may come twice, under the same `webhook-id`. Order is not promised.
 * Start it before anything can write events: it looks whether the database was restored from elsewhere.
 */
export async function startWebhooks(options: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
  guard: Guard
  metrics?: Metrics
  traceparent?: ((body: string) => string | undefined) | undefined
  /** How long a stop waits for endpoints that have not answered. */
  stopGraceMs?: number
  random?: () => number
}): Promise<{
  /** Gives back what waits or has not been answered in time: it is sent again after the next start. */
  stop(): Promise<void>
}> {
  const { db, bell, clock, log, guard, metrics, stopGraceMs = 5_000, random } = options
  await repairOrderAfterRestore(db, log)
  const attempts = metrics?.counter('kurzpost_webhook_attempts_total')
  const poster = createPoster({ guard, clock, connections: inFlight.healthy })
  const sender = startSender({
    db,
    bell,
    clock,
    log,
    poster,
    onRoom: () => relay.claim(),
    onSettled: (outcome) => attempts?.inc({ outcome }),
    traceparent: options.traceparent,
    ...(random && { random }),
  })
  const relay = startRelay({ db, bell, clock, log, sender: () => sender })
  return {
    async stop() {
      await relay.stop()
      await sender.stop(stopGraceMs)
      await poster.close()
    },
  }
}

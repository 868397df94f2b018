import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Db } from '../store/db.ts'
import { inFlight, startSender } from './deliver.ts'
import type { Guard } from './guard.ts'
import { createPoster } from './post.ts'
import { startRelay } from './relay.ts'

/**
 * Events to the customers' URLs: relay (events become deliveries), deliver (they are sent and settled), and the
 * retries. At least once: an event may come twice, under the same `webhook-id`. Order is not promised.
 */
export function startWebhooks(options: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
  guard: Guard
  metrics?: Metrics
  random?: () => number
}): {
  /** Gives back what waits, and waits for the requests under way: 15 s at most. */
  stop(): Promise<void>
} {
  const { db, bell, clock, log, guard, metrics, random } = options
  const attempts = metrics?.counter('kurzpost_webhook_attempts_total', 'Webhook attempts by how they ended', [
    'outcome',
  ])
  const poster = createPoster({ guard, clock, connections: inFlight.healthy })
  const sender = startSender({
    db,
    bell,
    clock,
    log,
    poster,
    onRoom: () => relay.claim(),
    onSettled: (outcome) => attempts?.inc({ outcome }),
    ...(random && { random }),
  })
  const relay = startRelay({ db, bell, clock, log, sender: () => sender })
  return {
    async stop() {
      await relay.stop()
      await sender.stop()
      await poster.close()
    },
  }
}

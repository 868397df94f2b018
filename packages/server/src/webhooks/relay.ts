import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { claimMs, type Sender } from './deliver.ts'
import { claimDue, relayEvents, skipEvents, takeOverBatches } from './delivery.store.ts'

/** Deliveries made by one statement, or a few more. */
const relayedAtOnce = 1_000
/** Retries claimed by one statement, in all and of one endpoint. */
const claimedAtOnce = 2_000
const claimedOfEach = 250
/** Under load statements lie this far apart: 2,500 events a second then come in batches of 50. */
const spacingMs = 40

/**
 * Feeds the sender: new events as batches of deliveries that are stored with their outcome, and what is due again.
 * Every node does this; the cursor and the rows are locked with SKIP LOCKED, so they share the work.
 */
export function startRelay(options: { db: Db; bell: Bell; clock: Clock; log: Log; sender: () => Sender }): {
  /** Looks for what is due. */
  claim(): void
  stop(): Promise<void>
} {
  const { db, bell, clock, log, sender } = options
  let anyEndpoint = true

  const lease = () => {
    const now = clock.now()
    return {
      now,
      lapses: new Date(now.getTime() + claimMs),
      lapsesAt: clock.monotonic() + claimMs,
    }
  }

  async function relay(): Promise<number | undefined> {
    const { now, lapses, lapsesAt } = lease()
    const claim = sender().hasRoom()
    const found = await relayEvents(db, { now, lapses, limit: relayedAtOnce, claim, busy: sender().busy() })
    sender().push(found.claimed, lapsesAt, found.batch)
    anyEndpoint = found.anyEndpoint
    if (!anyEndpoint) await skipEvents(db)
    return anyEndpoint && found.full ? 0 : undefined
  }

  async function claim(): Promise<number | undefined> {
    if (!sender().hasRoom()) return undefined
    const { now, lapses, lapsesAt } = lease()
    await takeOverBatches(db, now)
    const wanted = { now, lapses, limit: claimedAtOnce, each: claimedOfEach, busy: sender().busy() }
    const claimed = await claimDue(db, wanted)
    sender().push(claimed, lapsesAt, null)
    return claimed.length > 0 ? 0 : undefined
  }

  const pace = { everyMs: 1_000, spacingMs, clock, log }
  const relaying = startPulse({ name: 'the webhook relay', work: relay, ...pace })
  const claiming = startPulse({ name: 'the claim of due webhooks', work: claim, ...pace })
  const deaf = [
    // While there is no endpoint the events need no haste: the poll moves the cursor.
    bell.on('outbox', () => anyEndpoint && relaying.ring()),
    bell.on('webhooks', () => {
      sender().recall()
      anyEndpoint = true
      relaying.ring()
      claiming.ring()
    }),
    bell.on('deliveries', () => claiming.ring()),
  ]

  return {
    claim: () => claiming.ring(),
    async stop() {
      for (const stop of deaf) stop()
      await Promise.all([relaying.stop(), claiming.stop()])
    },
  }
}

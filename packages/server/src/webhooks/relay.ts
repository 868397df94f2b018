import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { isAfter } from '../outbox/chunk.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { claimMs, type Sender } from './deliver.ts'
import {
  type Claimed,
  claimDue,
  listening,
  passOn,
  readUnread,
  skipEvents,
  takeOverBatches,
} from './delivery.store.ts'
import { fanOut } from './fan-out.ts'

/** Events read and deliveries made by one statement, or a few more. */
const relayedAtOnce = 1_000
/** Retries claimed by one statement, in all and of one endpoint. */
const claimedAtOnce = 2_000
const claimedOfEach = 250
/** How far the cursor may stay behind events that no endpoint wants. */
const catchUpMs = 1_000
/** Under load looks lie this far apart, each three statements: 2,500 events a second then come in batches of 200. */
const spacingMs = 80

export interface Relayed {
  /** There may be more to read. */
  full: boolean
  /** False when no endpoint is switched on at all. */
  anyEndpoint: boolean
  /** The cursor has gone on. */
  moved: boolean
  /** The batch that holds what is claimed; null when nothing is. */
  batch: number | null
  claimed: Claimed[]
}

/**
 * Takes events from the cursor on, one delivery a matching endpoint. They come back as a batch of this node until
 * `lapses`, for `closeBatches`; what is not to be claimed (`claim` is false, or the endpoint is among the `busy`) is
 * stored as due. `patient`: what nobody wants is not passed over yet, for that is a commit. Of several nodes that read
 * the same, the one that moves the cursor has it.
 */
export async function relayEvents(
  db: Db,
  options: {
    now: Date
    lapses: Date
    enough: number
    claim: boolean
    busy: readonly string[]
    patient?: boolean
  },
): Promise<Relayed> {
  const { now, lapses, enough, claim, busy, patient = false } = options
  const unread = await readUnread(db, enough)
  const { anyEndpoint, cursor, chunks } = unread
  const nothing = { full: false, anyEndpoint, moved: false, batch: null, claimed: [] }
  if (!anyEndpoint) return nothing
  const accounts = [...new Set(chunks.flatMap((chunk) => chunk.accounts))]
  const endpoints = accounts.length === 0 ? [] : await listening(db, accounts, now)
  const { deliveries, to, full } = fanOut(unread, endpoints, enough)
  if ((patient && deliveries.length === 0 && !full) || !isAfter(to, cursor)) return nothing
  const { claimed = [], kept = [] } = Object.groupBy(deliveries, ({ webhook_id }) =>
    claim && !busy.includes(webhook_id) ? 'claimed' : 'kept',
  )
  const { moved, batch } = await passOn(db, { from: cursor, to }, { claimed, kept }, { now, lapses })
  return moved ? { full, anyEndpoint, moved, batch, claimed } : nothing
}

/**
 * Feeds the sender: new events as batches of deliveries that are stored with their outcome, and what is due again.
 * Every node does this. Whoever moves the cursor first has what was read; rows that are due are locked with SKIP LOCKED.
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

  /** When the cursor was last moved. */
  let movedAt = clock.monotonic()

  async function relay(): Promise<number | undefined> {
    const { now, lapses, lapsesAt } = lease()
    const patient = clock.monotonic() - movedAt < catchUpMs
    const limits = { enough: relayedAtOnce, claim: sender().hasRoom(), busy: sender().busy() }
    const found = await relayEvents(db, { now, lapses, patient, ...limits })
    anyEndpoint = found.anyEndpoint
    if (!anyEndpoint) await skipEvents(db)
    if (found.moved) movedAt = clock.monotonic()
    sender().push(found.claimed, lapsesAt, found.batch)
    return found.full ? 0 : undefined
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

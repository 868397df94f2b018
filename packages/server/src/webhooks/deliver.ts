import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { publicId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Db } from '../store/db.ts'
import type { Claimed, Settled } from './delivery.store.ts'
import { type EndpointKey, noteFailure, noteRecovery } from './endpoint.store.ts'
import { startOutcomes } from './outcomes.ts'
import type { Answer, Poster } from './post.ts'
import { disableAfterMs, retryDelay } from './retry.ts'
import { signature, signedContent } from './sign.ts'

/** Requests of one endpoint under way: enough for 300 a second at 200 ms, and kind to one that is down. */
export const inFlight = { healthy: 64, failing: 4 }
/** Requests under way in all. */
const inFlightInAll = 2_000
/** Claims that a node holds, about 1 kB each; after a crash they wait for their lease to lapse. */
const mostHeld = 10_000
/** An endpoint with so many waiting gets no more until it has worked them off; what it misses costs a claim. */
const mostWaiting = { healthy: 2_000, failing: 100 }
/** A claim that is nearer to its end than this is given back: a request takes up to 15 s. */
const leastLeftMs = 30_000
/** How long a claim lasts. */
export const claimMs = 120_000

interface Lane {
  key: EndpointKey
  waiting: { delivery: Claimed; lapsesAt: number }[]
  active: number
  failing: boolean
  /** More of it lies in the database. */
  starved: boolean
}

const mostOf = (limits: { healthy: number; failing: number }, lane: Lane): number =>
  lane.failing ? limits.failing : limits.healthy

export interface Sender {
  /** Takes claimed deliveries, those of a batch or rows of the log (null); `lapsesAt` in monotonic milliseconds. */
  push(claimed: readonly Claimed[], lapsesAt: number, batch: number | null): void
  /** Endpoints that should get no more for now. Whoever asks leaves work behind, and is woken when there is room. */
  busy(): string[]
  /** Gives back what waits: endpoints have changed, and the next claim knows how. */
  recall(): void
  /** True while this node may claim more at all. */
  hasRoom(): boolean
  /** Gives back what waits, gives what is under way `graceMs` to end, stores the outcomes. */
  stop(graceMs: number): Promise<void>
}

/** Sends claimed deliveries: a queue an endpoint, so that a slow one delays nobody else; outcomes in batches. */
export function startSender(options: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
  poster: Poster
  /** Called when an endpoint or the node has room again after it had none. */
  onRoom: () => void
  onSettled?: (outcome: Settled['outcome']) => void
  /** The header `traceparent` for a body, where its message is traced. */
  traceparent?: ((body: string) => string | undefined) | undefined
  random?: () => number
}): Sender {
  const { db, bell, clock, log, poster, onRoom, onSettled, random = Math.random } = options
  const lanes = new Map<string, Lane>()
  /** Lanes that wait for one of the places in all, first come first served. */
  const queued = new Set<Lane>()
  let active = 0
  let held = 0
  let full = false
  let stopping = false
  const recovered = new Map<string, EndpointKey>()
  const failed = new Map<string, EndpointKey>()
  const gone = new Map<string, EndpointKey>()
  let whenQuiet: (() => void) | undefined

  const outcomes = startOutcomes({ db, clock, log, after: afterStoring })

  async function afterStoring(stored: readonly Settled['outcome'][]): Promise<void> {
    held -= stored.length
    for (const outcome of stored) onSettled?.(outcome)
    await settleHealth()
    if (stored.includes('released') && !stopping) onRoom()
    if (full && held < mostHeld / 2) {
      full = false
      onRoom()
    }
  }

  // Taken out before the database is asked: what comes in meanwhile belongs to the next turn. If it is away
  // they are lost, and the next answer of the endpoint says the same again.
  async function settleHealth(): Promise<void> {
    if (recovered.size > 0) {
      const endpoints = [...recovered.values()]
      recovered.clear()
      await noteRecovery(db, endpoints)
    }
    if (failed.size === 0 && gone.size === 0) return
    const now = clock.now()
    const seen = { failing: [...failed.values()], gone: [...gone.values()] }
    failed.clear()
    gone.clear()
    const off = await db.transaction((tx) =>
      noteFailure(tx, {
        ...seen,
        now,
        cutoff: new Date(now.getTime() - disableAfterMs),
        webhookId: (uuid) => publicId('webhook', uuid),
      }),
    )
    for (const id of off) {
      log.warn({ webhook: publicId('webhook', id) }, 'a webhook endpoint was switched off')
      const lane = lanes.get(id)
      if (lane) giveBack(lane)
    }
    if (off.length > 0) bell.ring('outbox')
  }

  function laneOf(delivery: Claimed): Lane {
    let lane = lanes.get(delivery.webhook_id)
    if (!lane) {
      const { account_id, webhook_id } = delivery
      lane = { key: { account_id, webhook_id }, waiting: [], active: 0, failing: false, starved: false }
      lanes.set(webhook_id, lane)
    }
    return lane
  }

  function giveBack(lane: Lane): void {
    for (const { delivery } of lane.waiting)
      outcomes.record(delivery, { outcome: 'released', due_at: clock.now() })
    lane.waiting = []
    queued.delete(lane)
  }

  function pump(lane: Lane): void {
    while (lane.waiting.length > 0 && lane.active < mostOf(inFlight, lane) && !stopping) {
      if (active >= inFlightInAll) {
        queued.add(lane)
        return
      }
      const { delivery, lapsesAt } = lane.waiting.shift()!
      if (lapsesAt - clock.monotonic() < leastLeftMs) {
        outcomes.record(delivery, { outcome: 'released', due_at: clock.now() })
        continue
      }
      lane.active++
      active++
      send(lane, delivery)
    }
    if (lane.starved && lane.waiting.length < mostOf(mostWaiting, lane) / 2) {
      lane.starved = false
      onRoom()
    }
    if (lane.waiting.length === 0 && lane.active === 0) lanes.delete(lane.key.webhook_id)
  }

  async function send(lane: Lane, delivery: Claimed): Promise<void> {
    const sentAt = clock.now()
    const seconds = Math.floor(sentAt.getTime() / 1_000)
    const id = publicId('event', delivery.event_id)
    const { secret, previous_secret } = delivery
    const secrets = previous_secret ? [secret, previous_secret] : [secret]
    const headers = [
      'content-type',
      'application/json',
      'user-agent',
      'Kurzpost-Webhooks',
      'webhook-id',
      id,
      'webhook-timestamp',
      String(seconds),
      'webhook-signature',
      signature(signedContent(id, seconds, delivery.body), secrets),
    ]
    const trace = options.traceparent?.(delivery.body)
    if (trace !== undefined) headers.push('traceparent', trace)
    conclude(
      lane,
      delivery,
      sentAt,
      await poster.post(delivery.webhook_id, delivery.url, headers, delivery.body),
    )
    lane.active--
    active--
    pump(lane)
    const [next] = queued
    if (next && active < inFlightInAll) {
      queued.delete(next)
      pump(next)
    }
    if (active === 0) whenQuiet?.()
  }

  function conclude(lane: Lane, delivery: Claimed, sentAt: Date, answer: Answer): void {
    const { status } = answer
    if (answer.interrupted) {
      // It may have arrived, and comes again under the same webhook-id.
      outcomes.record(delivery, { outcome: 'released', due_at: clock.now() })
      return
    }
    const sent = {
      sent_at: sentAt,
      ...(status !== undefined && { response_status: status }),
      duration_ms: answer.durationMs,
    }
    if (status !== undefined && status >= 200 && status < 300) {
      if (lane.failing || delivery.failing) recovered.set(delivery.webhook_id, lane.key)
      lane.failing = false
      outcomes.record(delivery, { ...sent, outcome: 'delivered' })
      return
    }
    lane.failing = true
    const error = answer.error ?? `the endpoint answered ${status}`
    const failure = {
      attempt: delivery.attempt,
      at: sentAt,
      status: status ?? null,
      error,
      ms: answer.durationMs,
      ...(answer.excerpt && { answer: answer.excerpt }),
    }
    const wait = status === 410 ? undefined : retryDelay(delivery.attempt, random(), answer.retryAfterMs)
    if (status === 410) gone.set(delivery.webhook_id, lane.key)
    else failed.set(delivery.webhook_id, lane.key)
    outcomes.record(delivery, {
      ...sent,
      error,
      failure,
      outcome: wait === undefined ? 'failed' : 'retry',
      ...(wait !== undefined && { due_at: new Date(clock.now().getTime() + wait) }),
    })
  }

  return {
    push(claimed, lapsesAt, batch) {
      if (batch !== null) outcomes.open(batch, claimed, lapsesAt)
      const touched = new Set<Lane>()
      for (const delivery of claimed) {
        held++
        const lane = laneOf(delivery)
        lane.failing ||= delivery.failing && lane.active === 0
        lane.waiting.push({ delivery, lapsesAt })
        touched.add(lane)
      }
      for (const lane of touched) {
        if (stopping) giveBack(lane)
        else pump(lane)
      }
    },
    busy() {
      const ids: string[] = []
      for (const [id, lane] of lanes) {
        if (lane.waiting.length < mostOf(mostWaiting, lane)) continue
        lane.starved = true
        ids.push(id)
      }
      return ids
    },
    recall() {
      for (const lane of lanes.values()) {
        giveBack(lane)
        if (lane.active === 0) lanes.delete(lane.key.webhook_id)
      }
    },
    hasRoom() {
      full ||= held >= mostHeld
      return !full
    },
    async stop(graceMs) {
      stopping = true
      for (const lane of lanes.values()) giveBack(lane)
      if (active > 0) {
        const quiet = new Promise<void>((resolve) => (whenQuiet = resolve))
        const impatience = setTimeout(() => poster.interrupt(), graceMs)
        await quiet
        clearTimeout(impatience)
      }
      await outcomes.stop()
    },
  }
}

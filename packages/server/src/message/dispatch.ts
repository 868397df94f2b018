import { setTimeout as wait } from 'node:timers/promises'
import { segmentText } from '@kurzpost/gsm'
import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'
import { drain } from '../drain.ts'
import type { Log } from '../log.ts'
import { backoff } from '../pause.ts'
import type { Db } from '../store/db.ts'
import type { Lease } from './lease.ts'
import type { Ledger } from './ledger.ts'
import type { AnsweredSegment } from './settle.store.ts'
import type { OpenClaim, Outcome, Settled } from './settle.ts'
import { type ClaimedMessage, claim, unclaim } from './store.ts'

/** Most messages that one claim takes: enough to spread the statement's cost, few enough to keep lanes strict. */
const claimLimit = 100
/** A claim waits until this share of the window is free, or until `patienceMs` have passed. */
const worthwhile = 1 / 4
const patienceMs = 20
/** After a claim that emptied the queue the next one lets a few messages gather: a claim costs more than its rows. */
const claimSpacingMs = 15
/** How often claims are looked for whose answer was lost; at once after a claim has failed. */
const strayEveryMs = 30_000

/** Ids of claims begin with 1. */
const noClaim = 0

/** A message of which segments went out and were not answered in time. */
interface Doubt {
  message: ClaimedMessage
  at: Date
  /** Those segments, and their numbers. */
  missing: Map<OutboundSegment, number>
  /** Others of its segments are not with the carrier. */
  refused: boolean
  settled: PromiseWithResolvers<void>
}

export interface Dispatcher {
  /** Something may be ready: a new message, a free place in the window, a link that came up. */
  wake(): void
  /** The carrier has taken a segment after its answer was given up: `segment` is the object that was submitted. */
  late(segment: OutboundSegment, submitted: Submitted): void
  /** Takes no more, waits for what is on the wire and, for a while, for its settlement; true when all is settled. */
  stop(): Promise<boolean>
}

/** Takes messages for one bind as its window has room, writes them to the link, and hands answers to the ledger. */
export function startDispatch(options: {
  db: Db
  clock: Clock
  log: Log
  ledger: Ledger
  lease: Lease
  carrier: Carrier
  window: number
  tracePdus: boolean
  /** How long a stop waits for the database. */
  drainMs?: number
  /** How often to look without a bell. */
  pollMs?: number
  /** Told the seconds from acceptance to the wire. */
  onWire?: (message: ClaimedMessage, now: Date) => void
}): Dispatcher {
  const {
    db,
    clock,
    log,
    ledger,
    lease,
    carrier,
    window,
    tracePdus,
    drainMs,
    pollMs = 1_000,
    onWire,
  } = options
  const stopping = new AbortController()
  /** Messages whose answers are waited for: that ends, by the carrier's timeout at the latest. */
  const answering = new Set<Promise<unknown>>()
  /** Messages that are not settled yet: that may take as long as the database is away. */
  const underWay = new Set<Promise<void>>()
  /** Segments claimed and not yet answered: what the window must be measured against before bytes are written. */
  let outstanding = 0
  /** What segments of unknown fate belong to, for as long as the carrier remembers them. */
  const doubts = new WeakMap<OutboundSegment, Doubt>()
  /** Claims with messages that are not settled yet. */
  const claims = new Set<number>()
  let ring: () => void = () => {}
  let rung = false
  /** Somebody has called since the last claim began: not a place in the window, but perhaps a message. */
  let called = false
  /** The last claim found nothing ready, so room alone is no reason for another. */
  let empty = false

  const free = () => Math.min(carrier.freeWindow, window - outstanding)

  function wake(): void {
    called = true
    empty = false
    rung = true
    ring()
  }

  function freed(): void {
    if (empty) return
    rung = true
    ring()
  }

  function nextRing(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (rung || stopping.signal.aborted) return resolve()
      const timer = setTimeout(done, ms)
      ring = done
      function done(): void {
        clearTimeout(timer)
        ring = () => {}
        resolve()
      }
    })
  }

  const rest = (ms: number) => wait(ms, undefined, { signal: stopping.signal }).catch(() => {})

  async function loop(): Promise<void> {
    let failures = 0
    let lookAt = clock.monotonic() + strayEveryMs
    while (!stopping.signal.aborted && !lease.lost.aborted) {
      const room = free()
      if (room < 1 || (room < window * worthwhile && !(await grewOrWaited(room)))) {
        rung = false
        await nextRing(pollMs)
        continue
      }
      rung = false
      called = false
      try {
        if (clock.monotonic() >= lookAt) {
          await unclaim(db, lease, [...claims], clock.now())
          lookAt = clock.monotonic() + strayEveryMs
        }
        const startedAt = clock.monotonic()
        const taken = await claim(
          db,
          lease,
          { messages: claimLimit, segments: free(), idle: outstanding === 0 },
          clock.now(),
        )
        failures = 0
        if (taken && taken.messages.length > 0) {
          claims.add(taken.id)
          const open: OpenClaim = { id: taken.id, at: taken.at, open: taken.messages.length }
          for (const message of taken.messages) begin(message, open)
          const early = startedAt + claimSpacingMs - clock.monotonic()
          if (taken.messages.length < claimLimit && early > 0) await rest(early)
        } else if (taken) await nextRing(pollMs)
        else if (!called) {
          // Nothing ready: a bell or, should it be lost, the next poll.
          empty = true
          rung = false
          await nextRing(pollMs)
          empty = false
        }
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'messages could not be claimed; trying again')
        lookAt = 0
        await backoff(failures++, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  /** Waits a moment for the window to empty further; true when there is room for a claim, however small. */
  async function grewOrWaited(room: number): Promise<boolean> {
    const deadline = clock.monotonic() + patienceMs
    let now = room
    while (now < window * worthwhile && !stopping.signal.aborted) {
      const left = deadline - clock.monotonic()
      if (left <= 0) break
      rung = false
      await nextRing(left)
      now = free()
    }
    return now >= 1
  }

  function begin(message: ClaimedMessage, open: OpenClaim): void {
    outstanding += message.segments
    follow(message, deliver(message, open), () => {
      outstanding -= message.segments
      if (open.open === 0) claims.delete(open.id)
      // Not only whoever waits now: a claim that is under way may come back with nothing for want of this room.
      freed()
    })
  }

  function follow(message: ClaimedMessage, work: Promise<void>, then: () => void = () => {}): void {
    const followed = work
      .catch((error: Error) =>
        log.error({ message: message.id, error: error.message }, 'a message could not be settled'),
      )
      .finally(() => {
        underWay.delete(followed)
        then()
      })
    underWay.add(followed)
  }

  function late(segment: OutboundSegment, submitted: Submitted): void {
    const doubt = doubts.get(segment)
    if (!doubt) return
    doubts.delete(segment)
    follow(doubt.message, settleLate(doubt, segment, submitted))
  }

  /** The answer counts as one whose claim is gone: good news, whatever has become of the message since. */
  async function settleLate(doubt: Doubt, segment: OutboundSegment, submitted: Submitted): Promise<void> {
    const { message, missing, settled, at } = doubt
    // Not before it stands as uncertain, or that would come after its end.
    await settled.promise
    const answered = [answeredRow(message, missing.get(segment)!, submitted)]
    missing.delete(segment)
    await ledger.settle({
      message,
      claim: { id: noClaim, at, open: 1 },
      outcome:
        missing.size === 0 && !doubt.refused ? { kind: 'submitted', late: true } : { kind: 'uncertain' },
      answered,
    })
  }

  async function deliver(message: ClaimedMessage, open: OpenClaim): Promise<void> {
    const now = clock.now()
    onWire?.(message, now)
    let todo: ReturnType<typeof outbound>
    try {
      todo = outbound(message, now).filter(({ index }) => !message.done?.includes(index))
    } catch (error) {
      log.error({ message: message.id, error: (error as Error).message }, 'a message could not be built')
      return settle({ message, claim: open, outcome: { kind: 'unsendable' }, answered: [] })
    }
    let doubt = undefined as Doubt | undefined
    async function submit({ index, segment }: { index: number; segment: OutboundSegment }) {
      if (!lease.valid()) throw leaseLost()
      try {
        return await carrier.submit(segment)
      } catch (error) {
        if (error instanceof CarrierError && error.sent === 'maybe') {
          doubt ??= {
            message,
            at: open.at,
            missing: new Map(),
            refused: false,
            settled: Promise.withResolvers(),
          }
          doubt.missing.set(segment, index)
          doubts.set(segment, doubt)
        }
        throw error
      }
    }
    // All segments are written in one go and in order; nothing of another message comes between them.
    const submissions = Promise.allSettled(todo.map(submit))
    answering.add(submissions)
    const results = await submissions
    answering.delete(submissions)
    const answered: AnsweredSegment[] = []
    const failures: CarrierError[] = []
    for (const [at, result] of results.entries()) {
      if (result.status === 'fulfilled') answered.push(answeredRow(message, todo[at]!.index, result.value))
      else failures.push(result.reason instanceof CarrierError ? result.reason : unforeseen(result.reason))
    }
    const settling = settle({ message, claim: open, outcome: outcomeOf(failures), answered })
    if (doubt) {
      doubt.refused = doubt.missing.size < failures.length
      doubt.settled.resolve(settling.catch(() => {}))
    }
    await settling
  }

  /**
   * What the database does not take as it is becomes uncertain, with its answers or else without them: a message
   * must not stay on the wire for a defect of ours, nor go out again and again because of it.
   */
  async function settle(entry: Settled): Promise<void> {
    const held: Outcome = { kind: 'uncertain', held: true }
    const tries = [entry, { ...entry, outcome: held }, { ...entry, outcome: held, answered: [] }]
    for (const [at, each] of tries.entries()) {
      try {
        return await ledger.settle(each)
      } catch (error) {
        if (at === tries.length - 1) throw error
      }
    }
  }

  function answeredRow(message: ClaimedMessage, index: number, submitted: Submitted): AnsweredSegment {
    return {
      account_id: message.account_id,
      message_id: message.id,
      attempt: message.attempt,
      index,
      carrier_id: lease.carrierId,
      remote_id: submitted.remoteId,
      remote_key: submitted.remoteKey,
      request: tracePdus ? Buffer.from(submitted.request).toString('base64') : null,
    }
  }

  function unforeseen(reason: unknown): CarrierError {
    log.error({ error: String(reason) }, 'a carrier broke its contract; the outcome counts as unknown')
    return new CarrierError('unforeseen', { retry: 'later', sent: 'maybe', cause: reason })
  }

  const running = loop()
  return {
    wake,
    late,
    async stop() {
      stopping.abort()
      ring()
      await running
      await Promise.all(answering)
      return drain(Promise.all(underWay), {
        log,
        left: () => underWay.size,
        what: 'answers could not be stored before the stop; their messages stay on the wire until they are taken over',
        ...(drainMs === undefined ? {} : { ms: drainMs }),
      })
    },
  }
}

const leaseLost = () => new CarrierError('lease_lost', { retry: 'elsewhere', sent: 'no' })

/** The worst news wins: unknown before refused before later. */
export function outcomeOf(failures: readonly CarrierError[]): Outcome {
  if (failures.length === 0) return { kind: 'submitted' }
  if (failures.some((failure) => failure.sent === 'maybe')) return { kind: 'uncertain' }
  const refused = failures.find((failure) => failure.retry === 'never')
  if (refused) return { kind: 'rejected', carrierCode: refused.code }
  const afterMs = Math.max(...failures.map((failure) => failure.afterMs ?? 1_000))
  return { kind: 'retry', afterMs, carrierCode: failures[0]!.code }
}

function outbound(message: ClaimedMessage, now: Date): { index: number; segment: OutboundSegment }[] {
  const { segments } = segmentText(message.body, {
    encoding: message.encoding,
    ...(message.reference === null ? {} : { reference: message.reference }),
  })
  const validitySeconds = Math.max(1, Math.ceil((message.expires_at.getTime() - now.getTime()) / 1000))
  return segments.map(({ index, header, body }) => ({
    index,
    segment: {
      from: message.sender,
      to: message.recipient,
      encoding: message.encoding,
      header,
      body,
      validitySeconds,
    },
  }))
}

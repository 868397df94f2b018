import { setTimeout as wait } from 'node:timers/promises'
import type { Carrier, OutboundSegment, Submitted } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'
import { drain } from '../drain.ts'
import type { Log } from '../log.ts'
import { backoff } from '../pause.ts'
import type { Db } from '../store/db.ts'
import { type ClaimedMessage, claim, type Offer, type Room, unclaim } from './claim.store.ts'
import { createDelivery, type Ways } from './deliver.ts'
import type { Lease } from './lease.ts'
import type { Ledger } from './ledger.ts'
import { createReserve } from './reserve.ts'
import type { OpenClaim } from './settle.ts'

/** Most messages that one claim takes: enough to spread the statement's cost, few enough to keep lanes strict. */
const claimLimit = 100
/** Once so much of the window is held by answers that are not stored, their storing gathers no longer. */
const hurrying = 1 / 2
/** A claim waits until this share of the window is free, or until `patienceMs` have passed. */
const worthwhile = 1 / 4
const patienceMs = 20
/** After a claim that emptied the queue the next one lets a few messages gather: a claim costs more than its rows. */
const claimSpacingMs = 25
/** Of a window so large this part is kept for lanes down to `code`, which then wait for no answer. */
const keptShare = 1 / 8
/** How often claims are looked for whose answer was lost; at once after a claim has failed. */
const strayEveryMs = 30_000

export interface Dispatcher {
  /** Something may be ready: a new message, a free place in the window, a link that came up. */
  wake(): void
  /** What is ready is urgent: nothing waits for company, or for more room. */
  press(): void
  /** Segments claimed and not yet answered. */
  readonly outstanding: number
  /** The carrier has taken a segment after its answer was given up: `segment` is the object that was submitted. */
  late(segment: OutboundSegment, submitted: Submitted): void
  /** Takes no more, waits for what is on the wire and, for a while, for its settlement; true when all is settled. */
  stop(): Promise<boolean>
}

export interface Choice {
  offers: readonly Offer[]
  /** Absent: as many as a claim takes. */
  messages?: number
}

/** Takes messages for one bind as its window has room, writes them to the link, and hands answers to the ledger. */
export function startDispatch(options: {
  db: Db
  clock: Clock
  log: Log
  ledger: Ledger
  lease: Lease
  carrier: Carrier
  /** By its name, for timelines. */
  carrierName: string
  /** Of the bind, as its settings have it now. */
  window: () => number
  ways: Ways
  /** From where it may take at this moment, and how many messages at most. */
  choose(): Choice
  tracePdus: boolean
  /** How long a stop waits for the database. */
  drainMs?: number
  /** How often to look without a bell. */
  pollMs?: number
  /** Told when a message is about to be written. */
  onWire?: (message: ClaimedMessage, now: Date) => void
  /** Told of each claim that found messages. */
  onClaim?: (carrier: string, messages: number) => void
}): Dispatcher {
  const {
    db,
    clock,
    log,
    ledger,
    lease,
    carrier,
    carrierName,
    window: windowNow,
    choose,
    drainMs,
    pollMs = 1_000,
  } = options
  const reserve = createReserve()
  const stopping = new AbortController()
  const delivery = createDelivery(options)
  /** Messages that are not settled yet: that may take as long as the database is away. */
  const underWay = new Set<Promise<void>>()
  /** Segments claimed and not yet answered: what the window must be measured against before bytes are written. */
  let outstanding = 0
  /** Segments answered, of which the ledger has not stored what was answered. */
  let unstored = 0
  /** Claims with messages that are not settled yet. */
  const claims = new Set<number>()
  let ring: () => void = () => {}
  let rung = false
  /** Somebody has called since the last claim began: not a place in the window, but perhaps a message. */
  let called = false
  /** One that is urgent may have come since. */
  let pressed = false
  /** The last claim found nothing ready, so room alone is no reason for another. */
  let empty = false

  /** What is answered and not stored keeps its place: after a crash no more than a window is of unknown fate. */
  const free = () => Math.min(carrier.freeWindow, windowNow() - outstanding - unstored)
  /** The same for lanes that may not have what is kept. */
  const common = () =>
    Math.min(free(), windowNow() - Math.floor(windowNow() * keptShare) - outstanding - unstored)
  /** What is worth a claim: a share of what the link takes at a time. */
  const worth = () => Math.min(windowNow(), carrier.pace?.hand ?? windowNow()) * worthwhile
  /** A paced link has room again without anybody calling: when it lets the next one go. */
  const pause = () => (carrier.pace ? Math.min(pollMs, Math.max(carrier.pace.nextMs, patienceMs)) : pollMs)

  function wake(): void {
    called = true
    empty = false
    rung = true
    ring()
  }

  function press(): void {
    pressed = true
    wake()
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
      const { offers, messages = claimLimit } = lease.valid() ? choose() : { offers: [] }
      if (offers.length === 0 || !(await hasRoom())) {
        rung = false
        await nextRing(offers.length === 0 ? pollMs : pause())
        continue
      }
      rung = false
      called = false
      pressed = false
      try {
        if (clock.monotonic() >= lookAt) {
          await unclaim(db, lease, [...claims], clock.now())
          lookAt = clock.monotonic() + strayEveryMs
        }
        await take(offers, messages)
        failures = 0
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'messages could not be claimed; trying again')
        lookAt = 0
        await backoff(failures++, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  /** One claim, and the pause after it that its outcome asks for. */
  async function take(offers: readonly Offer[], messages: number): Promise<void> {
    const startedAt = clock.monotonic()
    const segments = common()
    const from = segments > 0 ? reserve.next() : undefined
    // A long message of a lower lane would never find its room between the others' messages; nor any, where a slow link
    // holds fewer segments than it has.
    const whole = outstanding === 0 || (segments > 0 && (from !== undefined || carrier.pace?.rests === true))
    const room: Room = { messages, segments, urgent: free(), whole, ...(from && { from }) }
    const taken = await claim(db, lease, offers, room, clock.now())
    if (taken.messages.length > 0) {
      if (!from) reserve.took(taken.messages[0]!.lane)
      claims.add(taken.id)
      options.onClaim?.(carrierName, taken.messages.length)
      const { id, at } = taken
      const open: OpenClaim = { id, at, carrier: carrierName, open: taken.messages.length }
      for (const message of taken.messages) begin(message, open)
      const early = startedAt + claimSpacingMs - clock.monotonic()
      if (taken.messages.length < messages && early > 0) await rest(early)
    } else if (from) return
    else if (taken.tokensInMs !== null)
      await nextRing(Math.min(Math.max(taken.tokensInMs, patienceMs), pollMs))
    else if (taken.waiting) await nextRing(pause())
    // It looked for urgent ones alone, and more often than this it pays for nobody.
    else if (segments < 1) await rest(claimSpacingMs)
    else if (!called) {
      // Nothing ready: a bell or, should it be lost, the next poll.
      empty = true
      rung = false
      await nextRing(pollMs)
      empty = false
    }
  }

  /**
   * Whether a claim pays: there is room for any lane, and the window has been given a moment to empty further; or
   * there is what is kept for urgent ones, and somebody has called.
   */
  async function hasRoom(): Promise<boolean> {
    if (common() < 1) return called && free() >= 1
    const deadline = clock.monotonic() + patienceMs
    while (common() < worth() && !pressed && !stopping.signal.aborted) {
      const left = deadline - clock.monotonic()
      if (left <= 0) break
      rung = false
      await nextRing(left)
    }
    return common() >= 1
  }

  function begin(message: ClaimedMessage, open: OpenClaim): void {
    const { segments } = message
    outstanding += segments
    let answer: 'none' | 'taken' | 'other' = 'none'
    const onAnswered = (taken: boolean) => {
      outstanding -= segments
      unstored += segments
      answer = taken ? 'taken' : 'other'
      if (unstored >= windowNow() * hurrying) ledger.hurry()
      freed()
    }
    follow(message, delivery.deliver(message, open, onAnswered), () => {
      if (answer === 'none') outstanding -= segments
      else unstored -= segments
      if (open.open === 0) claims.delete(open.id)
      // It may be back in the queue, of which nobody else tells.
      if (answer !== 'taken') return wake()
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
    const found = delivery.late(segment, submitted)
    if (found) follow(found.message, found.work)
  }

  const running = loop()
  return {
    wake,
    press,
    get outstanding() {
      return outstanding
    },
    late,
    async stop() {
      stopping.abort()
      ring()
      await running
      await delivery.answered()
      return drain(Promise.all(underWay), {
        log,
        left: () => underWay.size,
        what: 'answers could not be stored before the stop; their messages stay on the wire until they are taken over',
        ...(drainMs === undefined ? {} : { ms: drainMs }),
      })
    },
  }
}

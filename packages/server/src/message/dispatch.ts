import { setTimeout as wait } from 'node:timers/promises'
import type { Carrier, OutboundSegment, Submitted } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'
import { drain } from '../drain.ts'
import type { Log } from '../log.ts'
import { backoff } from '../pause.ts'
import type { Db } from '../store/db.ts'
import { createDelivery } from './deliver.ts'
import type { Lease } from './lease.ts'
import type { Ledger } from './ledger.ts'
import type { OpenClaim } from './settle.ts'
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
  /** Told when a message is about to be written. */
  onWire?: (message: ClaimedMessage, now: Date) => void
}): Dispatcher {
  const { db, clock, log, lease, carrier, window, drainMs, pollMs = 1_000 } = options
  const stopping = new AbortController()
  const delivery = createDelivery(options)
  /** Messages that are not settled yet: that may take as long as the database is away. */
  const underWay = new Set<Promise<void>>()
  /** Segments claimed and not yet answered: what the window must be measured against before bytes are written. */
  let outstanding = 0
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
    follow(message, delivery.deliver(message, open), () => {
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
    const found = delivery.late(segment, submitted)
    if (found) follow(found.message, found.work)
  }

  const running = loop()
  return {
    wake,
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

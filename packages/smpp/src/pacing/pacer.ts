import { Status } from '../pdu/status.ts'
import { createControl, type Phase } from './control.ts'
import { createDelay } from './delay.ts'
import { pacing } from './parameters.ts'

export interface PacerOptions {
  /** Segments a second granted by contract, at least 1: never exceeded in any second, and where it begins. Default: to be found. */
  maxPerSecond?: number
  /** Where the search begins, in segments a second. */
  startRate?: number
  /**
   * command_status -> how long to send nothing at all, in ms. What is in this table counts as throttling. Default:
   * ESME_RTHROTTLED and ESME_RMSGQFUL, without a pause. Some SMSCs throttle by 0x08, 0x45, 0x64 or 0x400 to 0x4FF
   * (facts group 26): add these for their link only.
   */
  throttles?: Readonly<Record<number, number>>
  /** A time of the clock that all later calls count by: ms that never jump. */
  now?: number
}

export interface Answer {
  status: number
  /** `now` of the `take` that let it out. */
  sentAt: number
  /** How many segments the request stood for. Default: 1. */
  segments?: number
  /** The carrier said when to come back (Retry-After). */
  retryAfterMs?: number
}

/** What an operator wants to see; `restore` takes it back after a restart. */
export interface PacerSnapshot {
  /** Segments a second: now, and the rate that is held between probes. */
  rate: number
  heldRate: number
  /** Measured; undefined while none has shown. */
  limit: number | undefined
  phase: Phase
  /** Of the last ten seconds, 0 to 1. */
  throttledShare: number
  /** Answer times in ms: without a queue, and of late. */
  baseMs: number | undefined
  currentMs: number | undefined
  window: number
  inFlight: number
}

export interface Pacer {
  /**
   * Takes the tokens of one message, all or none, so that its parts stay together. `true`: send it now.
   * Throws RangeError above `maxPerSecond` segments: no second can hold these.
   */
  take(segments: number, now: number): boolean
  /** How long until `take` can say yes, in ms; 0 now. Throws as `take` does. */
  waitMs(segments: number, now: number): number
  /** Every answer, whatever its status. Throttled ones count against the rate. */
  answered(answer: Answer, now: number): void
  /** No answer came in time: slower, with a smaller window. Nothing is to be sent again for it (facts group 27). */
  timedOut(segments: number, now: number): void
  /** Taken, but never written, or the link was lost: frees the places, says nothing about the carrier. */
  forgotten(segments: number): void
  /** Whether this command_status counts as throttling: such a request was refused and is safe to send again. */
  throttles(status: number): boolean
  readonly rate: number
  /** Requests in flight that keep the link full without building a queue. */
  readonly window: number
  readonly inFlight: number
  snapshot(now: number): PacerSnapshot
  /** Goes on from a snapshot that was kept. Throws RangeError for rates that are none. */
  restore(snapshot: Pick<PacerSnapshot, 'heldRate' | 'limit'>, now: number): void
}

const defaultThrottles: Readonly<Record<number, number>> = { [Status.throttled]: 0, [Status.queueFull]: 0 }
// Floating point: a wait that ends a billionth too early is over.
const tiny = 1e-6

/**
 * Finds the rate that a carrier grants, and stays just below it. Counts segments; learns from throttling answers and
 * from answer times. Pure: no clock and no timers, `now` is passed in; a clock that stands still or goes back lets
 * nothing out. Throws RangeError for rates that are none.
 */
export function createPacer(options: PacerOptions = {}): Pacer {
  const { maxPerSecond = Number.POSITIVE_INFINITY, throttles = defaultThrottles } = options
  if (!(maxPerSecond >= 1)) throw new RangeError('maxPerSecond must be at least 1')
  if (options.startRate !== undefined) checkRate('startRate', options.startRate)
  const delay = createDelay()
  const startRate = options.startRate ?? Math.min(maxPerSecond, pacing.startRate)
  let latest = options.now ?? 0
  const known = maxPerSecond < Number.POSITIVE_INFINITY
  const start = known ? (options.startRate ?? maxPerSecond) : startRate
  const control = createControl({ startRate: start, ceiling: maxPerSecond, now: latest }, delay)
  const second = createSecond(maxPerSecond)
  let tokens = 1
  let wanted = 1
  let closedUntil = Number.NEGATIVE_INFINITY
  let inFlight = 0

  function advance(now: number): number {
    const time = now > latest ? now : latest // NaN too
    const room = wanted + (control.rate * pacing.burstMs) / 1_000
    tokens = Math.max(tokens, Math.min(room, tokens + (control.rate * (time - latest)) / 1_000))
    latest = time
    control.step(time)
    return time
  }

  function check(segments: number): void {
    if (!Number.isInteger(segments) || segments < 1)
      throw new RangeError('segments must be a whole number above 0')
    if (segments > maxPerSecond)
      throw new RangeError(`${segments} segments never fit in a second of ${maxPerSecond}`)
  }

  const waitFor = (segments: number, time: number): number =>
    Math.max(
      0,
      closedUntil - time,
      tokens + tiny >= segments ? 0 : ((segments - tokens) * 1_000) / control.rate,
      second.waitMs(segments, time),
    )

  return {
    take(segments, now) {
      check(segments)
      wanted = Math.max(wanted, segments)
      const time = advance(now)
      if (waitFor(segments, time) > 0) return false
      tokens = Math.max(0, tokens - segments)
      wanted = 1
      second.add(segments, time)
      control.sent(segments, time)
      inFlight += segments
      return true
    },
    waitMs(segments, now) {
      check(segments)
      wanted = Math.max(wanted, segments)
      return waitFor(segments, advance(now))
    },
    answered({ status, sentAt, segments = 1, retryAfterMs }, now) {
      const time = advance(now)
      inFlight = Math.max(0, inFlight - segments)
      const pauseMs = Math.max(retryAfterMs ?? 0, throttles[status] ?? 0)
      if (pauseMs > 0) closedUntil = Math.max(closedUntil, time + pauseMs)
      if (throttles[status] === undefined) control.accepted(segments, sentAt, time)
      else control.refused(segments, sentAt, time)
    },
    timedOut(segments, now) {
      const time = advance(now)
      inFlight = Math.max(0, inFlight - segments)
      control.timedOut(time)
    },
    forgotten(segments) {
      inFlight = Math.max(0, inFlight - segments)
    },
    throttles: (status) => throttles[status] !== undefined,
    get rate() {
      return control.rate
    },
    get window() {
      return windowOf(control.rate, delay.base, delay.threshold)
    },
    get inFlight() {
      return inFlight
    },
    snapshot(now) {
      const time = advance(now)
      return {
        rate: control.rate,
        heldRate: control.base,
        limit: control.limit,
        phase: control.phase,
        throttledShare: control.refusedShare(time),
        baseMs: delay.base,
        currentMs: delay.recent,
        window: windowOf(control.rate, delay.base, delay.threshold),
        inFlight,
      }
    },
    restore({ heldRate, limit }, now) {
      checkRate('heldRate', heldRate)
      if (limit !== undefined) checkRate('limit', limit)
      control.adopt(heldRate, limit, advance(now))
    },
  }
}

// NaN would let everything out at once.
function checkRate(name: string, rate: number): void {
  if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) throw new RangeError(`${name} must be a rate above 0`)
}

// What is under way at this rate without a queue, and so much more that a queue still shows (Little's law).
function windowOf(rate: number, base: number | undefined, threshold: number): number {
  const { least, most, queueThresholds } = pacing.window
  const ms = (base ?? pacing.secondMs) + queueThresholds * threshold
  return Math.min(most, least + Math.ceil((rate * ms) / 1_000))
}

/** What was let out in the last second, exactly: the contract counts any second, not the mean. */
function createSecond(most: number) {
  let taken: { at: number; segments: number }[] = []
  let head = 0
  let sum = 0

  function forget(now: number): void {
    while (head < taken.length && taken[head]!.at <= now - pacing.secondMs) sum -= taken[head++]!.segments
    if (head > 1_000 && head * 2 > taken.length) {
      taken = taken.slice(head)
      head = 0
    }
  }

  return {
    add(segments: number, at: number): void {
      if (most === Number.POSITIVE_INFINITY) return
      taken.push({ at, segments })
      sum += segments
    },
    waitMs(segments: number, now: number): number {
      if (most === Number.POSITIVE_INFINITY) return 0
      forget(now)
      let over = sum + segments - most
      for (let i = head; over > 0; i++) {
        over -= taken[i]!.segments
        if (over <= 0) return taken[i]!.at + pacing.secondMs - now
      }
      return 0
    },
  }
}

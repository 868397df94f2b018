import { createPacer, type Pacer, type PacerSnapshot, Status, systemTime, type Time } from '@kurzpost/smpp'
import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from './carrier.ts'

/**
 * What goes out in this time is held for its turn, and no more: what is claimed later may be a code, and shall not stand
 * behind it. On a slow link two segments, for a claim takes a while, but not beyond the second number.
 */
const handMs = { least: 40, most: 150 }
/** A segment that was refused for speed goes out again from here so often; then its message goes back to the queue. */
const mostResends = 10
/** A pause longer than this is not waited for here: another carrier may take the messages meanwhile. */
const longestPauseMs = 1_000

/**
 * Some SMSCs refuse for speed at random. From there down, and at any rate that the contract grants, a refusal slows a link
 * only where it is one of many: more than this share of the last answers, once there are enough to tell (smpp-interop
 * group 26). Above, without a contract, a limit that is shared with other binds looks the same.
 */
const calm = { perSecond: 10, share: 0.1, answers: 50, least: 20 }

export interface PacedCarrier extends Carrier {
  /** What the pacer knows; undefined while nothing is paced. */
  snapshot(): PacerSnapshot | undefined
  /** Segments that the carrier took in the last second. */
  throughput(): number
  /** Segments a second from now on; undefined: as the carrier refuses. */
  setRate(perSecond: number | undefined): void
}

interface Turn {
  at: number
  segment: OutboundSegment
  signal: AbortSignal | undefined
  resends: number
  resolve(submitted: Submitted): void
  reject(error: CarrierError): void
}

const unsent = (code: string) => new CarrierError(code, { retry: 'unsent', sent: 'no' })

/**
 * Any carrier, at the rate that it grants. With a rate of the contract no second sees more segments than that; without
 * one nothing is held back until the carrier refuses for speed, and from then on a pacer looks for its limit (decision
 * 16). Segments leave in the order of the calls, so those of a message stay together. `signal` of `submit` ends the
 * waiting alone: what is with the carrier is still answered.
 */
export function createPacedCarrier(options: {
  carrier: Carrier
  /** Segments a second by contract. */
  perSecond?: number | undefined
  /** What an earlier holder of the link has measured: the search begins there. A contract says more. */
  found?: { heldRate: number; limit: number } | undefined
  /** Nothing before this time: another holder of the link may have filled the second that runs. */
  notBefore?: number
  /** Asked right before each write: false once the link may be another's. */
  permit?: () => boolean
  /** Each answer, or the lack of one. */
  answered?: (failure: CarrierError | undefined) => void
  time?: Time
}): PacedCarrier {
  const { carrier, permit = () => true, answered = () => {}, time = systemTime } = options
  let notBefore = options.notBefore ?? Number.NEGATIVE_INFINITY
  let perSecond = options.perSecond
  let pacer: Pacer | undefined = contract(perSecond) ?? remembered()
  /** Between two segments of a carrier that takes less than one a second. */
  let gapMs = gap(perSecond)
  let queue: Turn[] = []
  let turns = 0
  let cancelTimer: (() => void) | undefined
  const taken = createCount(time)
  /** Of the last answers, whether each was a refusal for speed. */
  let lately: boolean[] = []
  const heard = new WeakSet<AbortSignal>()

  function contract(rate: number | undefined): Pacer | undefined {
    return rate === undefined || rate < 1 ? undefined : createPacer({ maxPerSecond: rate, now: time.now() })
  }

  function remembered(): Pacer | undefined {
    if (options.found === undefined || perSecond !== undefined) return undefined
    const made = createPacer({ now: time.now() })
    made.restore(options.found, time.now())
    return made
  }

  /** One listener a signal, which many segments share. */
  function hear(signal: AbortSignal | undefined): void {
    if (signal === undefined || heard.has(signal)) return
    heard.add(signal)
    signal.addEventListener('abort', pump, { once: true })
  }

  const held = (): number => queue.reduce((sum, { segment }) => sum + segment.segments, 0)
  const aheadMs = (): number =>
    pacer ? Math.min(handMs.most, Math.max(handMs.least, 2_000 / pacer.rate)) : handMs.least
  const hand = (paces: Pacer): number => Math.max(1, Math.round((paces.rate * aheadMs()) / 1_000))
  const waitMs = (now: number, segments = 1): number =>
    Math.max(notBefore - now, pacer ? pacer.waitMs(segments, now) : 0)

  function pump(): void {
    cancelTimer?.()
    cancelTimer = undefined
    while (queue.length > 0) {
      const next = queue[0]!
      if (!permit()) {
        giveBack(unsent('lease_lost'))
        return
      }
      if (next.signal?.aborted) {
        queue.shift()
        next.reject(unsent('stopping'))
        continue
      }
      const { segments } = next.segment
      const now = time.now()
      if (perSecond !== undefined && segments > Math.max(1, perSecond)) {
        // A message that no second can hold, from a carrier that takes messages whole.
        queue.shift()
        next.reject(new CarrierError('longer_than_rate', { retry: 'elsewhere', sent: 'no' }))
        continue
      }
      // An answer opens a full window, not time. An empty one takes a message of any size.
      if (pacer && pacer.inFlight > 0 && pacer.inFlight + segments > pacer.window) return
      if (notBefore > now || (pacer && !pacer.take(segments, now))) {
        cancelTimer = time.after(waitMs(now, segments), pump)
        return
      }
      queue.shift()
      if (gapMs > 0) notBefore = now + gapMs
      write(next, now)
    }
  }

  function write(turn: Turn, sentAt: number): void {
    const paces = pacer
    const { segments } = turn.segment
    carrier.submit(turn.segment).then(
      (submitted) => {
        taken.add(segments)
        if (pacer) heardOf(false)
        paces?.answered({ status: Status.ok, sentAt, segments }, time.now())
        answered(undefined)
        turn.resolve(submitted)
        pump()
      },
      (reason: unknown) => {
        // What breaks the port's contract is for the core to judge.
        const error = reason instanceof CarrierError ? reason : undefined
        if (error?.throttled) throttled(turn, error, paces, sentAt)
        else {
          if (error?.code === 'timeout') paces?.timedOut(segments, time.now())
          else if (error && error.retry !== 'unsent')
            paces?.answered({ status: Status.ok, sentAt, segments }, time.now())
          else paces?.forgotten(segments)
          if (error && error.retry !== 'unsent') answered(error)
          turn.reject(reason as CarrierError)
        }
        pump()
      },
    )
  }

  function throttled(turn: Turn, error: CarrierError, paces: Pacer | undefined, sentAt: number): void {
    const { segments } = turn.segment
    const now = time.now()
    // Shorter ones are of no table that knows the limit: how long to wait is the pacer's to find.
    const pauseMs = (error.afterMs ?? 0) > longestPauseMs ? error.afterMs! : 0
    heardOf(true)
    if (!pacer && gapMs === 0) {
      // From half of what it has just taken the limit is found in a few steps.
      pacer = createPacer({ startRate: Math.max(calm.perSecond, taken.perSecond() / 2), now })
    }
    const told = paces ?? (pauseMs > 0 ? pacer : undefined)
    const status = pauseMs > 0 || isForSpeed(told) ? Status.throttled : Status.ok
    told?.answered({ status, sentAt, segments, retryAfterMs: pauseMs }, now)
    if (pauseMs > 0 || turn.resends >= mostResends || turn.signal?.aborted) {
      turn.reject(error)
      if (pauseMs > 0) giveBack(unsent(error.code))
      return
    }
    turn.resends++
    // What was refused is older than what waits, but for others that were.
    const place = queue.findIndex(({ at }) => at > turn.at)
    queue.splice(place < 0 ? queue.length : place, 0, turn)
  }

  function heardOf(throttled: boolean): void {
    lately = [...lately.slice(1 - calm.answers), throttled]
  }

  function isForSpeed(paces: Pacer | undefined): boolean {
    if (!paces || (perSecond === undefined && paces.rate > calm.perSecond)) return true
    return lately.length >= calm.least && lately.filter(Boolean).length > lately.length * calm.share
  }

  function giveBack(error: CarrierError): void {
    const given = queue
    queue = []
    for (const turn of given) turn.reject(error)
  }

  return {
    get freeWindow() {
      const free = carrier.freeWindow
      if (free === 0) return 0
      const now = time.now()
      const holds = held()
      if (holds === 0 && waitMs(now) > aheadMs()) return 0
      if (!pacer) return Math.max(0, free - holds)
      return Math.max(0, Math.min(free, hand(pacer), pacer.window - pacer.inFlight) - holds)
    },
    get pace() {
      const nextMs = Math.max(0, waitMs(time.now()) - aheadMs())
      return {
        hand: pacer ? hand(pacer) : carrier.freeWindow,
        nextMs,
        rests: pacer !== undefined && queue.length === 0,
      }
    },
    get long() {
      return carrier.long
    },
    ...(carrier.report && { report: () => carrier.report!() }),
    get query() {
      return carrier.query
    },
    get cancel() {
      return carrier.cancel
    },
    submit: (segment, signal) =>
      new Promise((resolve, reject) => {
        const turn: Turn = { at: turns++, segment, signal, resends: 0, resolve, reject }
        hear(signal)
        queue.push(turn)
        pump()
      }),
    async open(sink) {
      const close = await carrier.open(sink)
      return async () => {
        giveBack(unsent('closed'))
        await close()
      }
    },
    snapshot: () => pacer?.snapshot(time.now()),
    throughput: () => taken.perSecond(),
    setRate(rate) {
      if (rate === perSecond) return
      perSecond = rate
      // A new pacer knows nothing of the second that runs.
      if (rate !== undefined) notBefore = time.now() + 1_000
      pacer = contract(rate)
      gapMs = gap(rate)
      pump()
    },
  }
}

const gap = (rate: number | undefined): number => (rate !== undefined && rate < 1 ? 1_000 / rate : 0)

/** How many were taken in the second before this one, or in this one if they are more. */
function createCount(time: Time) {
  let second = 0
  let now = 0
  let before = 0
  function turn(): void {
    const at = Math.floor(time.now() / 1_000)
    if (at === second) return
    before = at === second + 1 ? now : 0
    now = 0
    second = at
  }
  return {
    add(count: number): void {
      turn()
      now += count
    },
    perSecond(): number {
      turn()
      return Math.max(before, now)
    },
  }
}

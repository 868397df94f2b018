import type { Delay } from './delay.ts'
import { createHistory, type History, slotMs } from './history.ts'
import { pacing } from './parameters.ts'

/**
 * search   doubling, until the carrier refuses or its answers slow down
 * hold     just below the limit that was measured
 * probe    a small step above, for a while
 * settle   after a change: until counters of a second have forgotten what was before
 * measure  whole seconds at one rate, while it is refused: what is taken is the limit
 * gauge    the same for a limit that shows as a queue: what is answered is the limit
 * drain    slower, until the queue is gone
 */
export type Phase = 'search' | 'hold' | 'probe' | 'settle' | 'measure' | 'gauge' | 'drain'

export interface ControlOptions {
  startRate: number
  /** Never above; Infinity for none. */
  ceiling: number
  now: number
}

export interface Control {
  /** Segments a second, now. */
  readonly rate: number
  /** The rate to come back to after a probe or a drain. */
  readonly base: number
  /** What was measured as the limit; undefined while none has shown. */
  readonly limit: number | undefined
  readonly phase: Phase
  sent(segments: number, now: number): void
  accepted(segments: number, sentAt: number, now: number): void
  refused(segments: number, sentAt: number, now: number): void
  timedOut(now: number): void
  /** Lets time pass: the phases that end by themselves. */
  step(now: number): void
  adopt(base: number, limit: number | undefined, now: number): void
  /** Share of refusals in the last ten seconds. */
  refusedShare(now: number): number
}

/** The law by which the rate changes. Pure: counts and time in, a rate out. */
export function createControl(options: ControlOptions, delay: Delay): Control {
  const { ceiling } = options
  const history: History = createHistory()
  const arrivals: History = createHistory()
  const bounded = (value: number): number => Math.min(ceiling, Math.max(pacing.leastRate, value))

  let rate = bounded(options.startRate)
  let base = rate
  let limit: number | undefined
  /** The lowest rate that was refused of late; Infinity while none is known. Between `base` and it lies the limit. */
  let tooMuch = Number.POSITIVE_INFINITY
  let phase: Phase = ceiling < Number.POSITIVE_INFINITY ? 'hold' : 'search'
  let since = options.now
  /** Refusals of what was sent before the last change say nothing about the rate after it. */
  let changedAt = Number.NEGATIVE_INFINITY
  let halvedAt = Number.NEGATIVE_INFINITY
  let timedOutAt = Number.NEGATIVE_INFINITY
  let factor: number = pacing.search.factor
  let share: number = pacing.probe.share
  const firstInterval = (): number =>
    Math.max(pacing.probe.firstMs, (1_000 * pacing.probe.segmentsBetween) / rate)
  const longestInterval = (): number =>
    Math.max(pacing.probe.longestMs, (10_000 * pacing.probe.segmentsBetween) / rate)
  let interval = firstInterval()
  let probeAt = options.now + interval
  /** Held before a probe failed. Some SMSCs refuse everything for a while then: that says nothing about this rate. */
  let proven = 0
  let drainFrom = { queue: 0, until: 0 }

  function enter(next: Phase, now: number): void {
    phase = next
    since = now
  }

  function change(to: number, now: number): void {
    rate = bounded(to)
    changedAt = now
  }

  const answerMs = (): number => (delay.base ?? 0) + delay.threshold
  const measureMs = (): number => {
    const seconds = Math.ceil(pacing.measure.segments / rate)
    return pacing.secondMs * Math.min(pacing.measure.longestSeconds, Math.max(1, seconds))
  }
  const busy = (from: number, to: number): boolean =>
    history.sum(from, to).sent >= (pacing.busyShare * rate * (to - from)) / 1_000 - 1

  /** Slow rates cannot be stepped by less than a segment in a few seconds. */
  const stepShare = (): number => Math.max(share, pacing.probe.extraPerSecond / rate)
  const probeMs = (): number =>
    Math.max(pacing.probe.leastMs, (1_000 * pacing.probe.extraSegments) / Math.max(0.001, rate - base))

  function probe(now: number): void {
    const wide = tooMuch - base > 2 * stepShare() * base && tooMuch < Number.POSITIVE_INFINITY
    const next = bounded(wide ? (base + tooMuch) / 2 : base * (1 + stepShare()))
    if (next <= base) {
      probeAt = now + interval
      return
    }
    rate = next
    enter('probe', now)
  }

  function held(now: number): void {
    base = rate
    interval = firstInterval()
    if (limit !== undefined && base > limit * pacing.probe.forgetFactor) limit = undefined
    if (base >= tooMuch) tooMuch = Number.POSITIVE_INFINITY
    if (tooMuch === Number.POSITIVE_INFINITY) share = Math.min(pacing.probe.largestShare, share * 2)
    probe(now)
    if (phase !== 'probe') hold(now)
  }

  function failed(now: number): void {
    tooMuch = rate
    share = pacing.probe.share
    // A wide bracket is halved at once; in a narrow one the next try is later and later.
    interval =
      tooMuch - base > 2 * stepShare() * base ? firstInterval() : Math.min(longestInterval(), interval * 2)
    probeAt = now + interval
  }

  function hold(now: number): void {
    rate = base
    enter('hold', now)
    probeAt = Math.max(probeAt, now + pacing.secondMs)
  }

  function found(value: number, now: number): void {
    limit = value
    tooMuch = value * (1 + pacing.probe.share)
    base = bounded(pacing.margin * value)
    share = pacing.probe.share
    probeAt = now + interval
  }

  function measured(now: number): void {
    const ms = measureMs()
    const fates = history.sum(since, since + ms)
    if (!busy(since, since + ms)) {
      // The application paused: nothing was measured.
      hold(now)
      return
    }
    if (fates.refused <= pacing.tolerated.share * fates.sent) {
      base = Math.max(rate, proven)
      proven = 0
      // Refused above, but not here: the limit lies between, so search on with smaller steps.
      if (limit === undefined && base * pacing.search.narrow < Math.min(tooMuch, ceiling)) {
        factor = Math.max(pacing.search.narrow, Math.sqrt(factor))
        change(base, now)
        enter('search', now)
      } else {
        limit ??= tooMuch < Number.POSITIVE_INFINITY ? tooMuch : undefined
        hold(now)
      }
      return
    }
    proven = 0
    const answered = fates.ok + fates.refused
    const taken = (fates.sent * fates.ok) / Math.max(1, answered)
    if (taken === 0) change(rate / 2, now)
    else {
      found((taken * 1_000) / ms, now)
      change(Math.min(base, rate), now)
    }
    enter('settle', now)
  }

  function gauged(now: number): void {
    const from = Math.ceil(since / slotMs) * slotMs
    const to = Math.floor(now / slotMs) * slotMs
    const answered = arrivals.sum(from, to).ok
    if (history.sum(from, to).sent < pacing.busyShare * answered) {
      hold(now)
      return
    }
    const delivered = (answered * 1_000) / (to - from)
    const queue = (delay.recent ?? 0) - (delay.base ?? 0)
    if (delivered < rate) {
      found(Math.max(delivered, pacing.leastRate), now)
      base = Math.min(base, rate)
    }
    rate = bounded(base * pacing.delay.drainShare)
    changedAt = now
    drainFrom = { queue, until: now + pacing.delay.drainMs + queue / (1 - pacing.delay.drainShare) }
    enter('drain', now)
  }

  function drained(now: number): void {
    const queue = (delay.recent ?? 0) - (delay.base ?? 0)
    if (queue > delay.threshold / 2 && now < drainFrom.until) return
    if (queue > drainFrom.queue - pacing.delay.movedMs) delay.rebase(now)
    change(base, now)
    hold(now)
  }

  function step(now: number): void {
    switch (phase) {
      case 'search': {
        if (now < since + Math.max(pacing.secondMs, 2 * answerMs())) return
        if (busy(since, now)) {
          base = rate
          if (base >= tooMuch) tooMuch = Number.POSITIVE_INFINITY
          rate = bounded(rate * factor)
        }
        enter('search', now)
        return
      }
      case 'hold':
        if (now < probeAt) return
        if (busy(now - 2 * pacing.secondMs, now)) probe(now)
        else probeAt = now + pacing.secondMs
        return
      case 'probe':
        if (now < since + probeMs() + answerMs()) return
        if (busy(since, now)) held(now)
        else {
          probeAt = now + interval
          hold(now)
        }
        return
      case 'settle':
        if (now >= since + pacing.secondMs + answerMs()) enter('measure', Math.ceil(now / slotMs) * slotMs)
        return
      case 'measure':
        if (now >= since + measureMs() + answerMs()) measured(now)
        return
      case 'gauge':
        if (now >= since + Math.max(pacing.secondMs, measureMs() / 2) + slotMs) gauged(now)
        return
      case 'drain':
        drained(now)
    }
  }

  const tolerable = (now: number): boolean => {
    const fates = history.sum(now - pacing.tolerated.overMs, now + slotMs)
    return fates.refused <= pacing.tolerated.share * fates.sent
  }

  function refused(segments: number, sentAt: number, now: number): void {
    history.refused(segments, sentAt)
    if (sentAt < changedAt || tolerable(now)) return
    switch (phase) {
      case 'search': {
        const lastSecond = history.sum(sentAt - pacing.secondMs, sentAt + slotMs)
        tooMuch = rate
        proven = base < rate ? base : 0
        const unhurt = Math.min(
          rate,
          Math.max(rate / 2, pacing.margin * (lastSecond.sent - lastSecond.refused)),
        )
        change(unhurt, now)
        enter('settle', now)
        return
      }
      case 'probe': {
        failed(now)
        proven = base
        change(base, now)
        enter('settle', now)
        return
      }
      case 'hold':
      case 'gauge':
      case 'drain':
        tooMuch = Math.min(tooMuch, rate)
        base = bounded(steppedBack())
        change(Math.min(rate, base), now)
        enter('settle', now)
        return
      default:
        emergency(now)
    }
  }

  /** What held above the measured limit only spent a burst allowance: back below the limit, not just a step. */
  function steppedBack(): number {
    const step = base * Math.min(pacing.stepBack, 1 - pacing.probe.extraPerSecond / base)
    return limit !== undefined && base > limit * pacing.margin && base < limit * pacing.allowance
      ? Math.min(step, limit * pacing.margin)
      : step
  }

  function emergency(now: number): void {
    const { afterMs, leastRefusals } = pacing.emergency
    if (now < halvedAt + pacing.secondMs || now < changedAt + afterMs) return
    const fates = history.sum(changedAt + slotMs, now + slotMs)
    const answered = fates.ok + fates.refused
    if (fates.refused < leastRefusals || fates.refused < pacing.emergency.share * answered) return
    halvedAt = now
    // A whole second at one rate tells what is taken; before that, half is a guess.
    const ms = now - changedAt
    const taken = ms < pacing.secondMs || fates.ok === 0 ? rate / 2 : (pacing.margin * 1_000 * fates.ok) / ms
    if (fates.ok > 0) tooMuch = Math.min(tooMuch, rate, taken * pacing.emergency.bracket)
    change(Math.min(rate / 2, Math.max(rate / 8, taken)), now)
    base = Math.min(base, rate)
    enter('settle', now)
  }

  function accepted(segments: number, sentAt: number, now: number): void {
    history.ok(segments, sentAt)
    arrivals.ok(segments, now)
    delay.sample(now - sentAt, now)
    if (phase === 'gauge' || phase === 'drain' || !delay.congested(now)) return
    if (phase === 'probe') failed(now)
    else tooMuch = Math.min(tooMuch, rate)
    enter('gauge', now)
  }

  return {
    get rate() {
      return rate
    },
    get base() {
      return base
    },
    get limit() {
      return limit
    },
    get phase() {
      return phase
    },
    sent: (segments, now) => history.sent(segments, now),
    accepted,
    refused,
    timedOut(now) {
      if (now < timedOutAt + pacing.secondMs) return
      timedOutAt = now
      change(rate * pacing.timeout.factor, now)
      base = Math.min(base, rate)
      hold(now)
    },
    step,
    adopt(wanted, known, now) {
      base = bounded(wanted)
      limit = known
      change(base, now)
      hold(now)
      probeAt = now + interval
    },
    refusedShare(now) {
      const fates = history.sum(now - pacing.tolerated.overMs, now + slotMs)
      return fates.refused / Math.max(1, fates.ok + fates.refused)
    },
  }
}

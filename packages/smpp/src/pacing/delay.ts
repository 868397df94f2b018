import { pacing } from './parameters.ts'

/** Answer times, and whether they tell of a queue at the SMSC. All in milliseconds. */
export interface Delay {
  sample(ms: number, now: number): void
  /** The shortest answer time of late: what the way costs without a queue. Undefined before the first answer. */
  readonly base: number | undefined
  /** The shortest of the last few answers: a queue raises even these, jitter does not. */
  readonly recent: number | undefined
  /** Above `base` by so much is a queue. */
  readonly threshold: number
  /** A queue has stood for long enough to be believed. */
  congested(now: number): boolean
  /** The delay has nothing to do with our rate: what is measured now is the new base. */
  rebase(now: number): void
}

/** Delay-based detection as TCP Vegas does it: a base in a long window, the present by a minimum of few. */
export function createDelay(): Delay {
  const { samples, baseSlots, baseSlotMs, leastMs, jitters, persistMs } = pacing.delay
  const last: number[] = []
  let at = 0
  let minima: { slot: number; ms: number }[] = []
  let jitter = 0
  let previous: number | undefined
  let recent: number | undefined
  let above: number | undefined

  const base = (): number | undefined =>
    minima.length === 0 ? undefined : Math.min(...minima.map(({ ms }) => ms))
  const threshold = (): number => Math.max(leastMs, jitters * jitter)

  function learn(ms: number, now: number): void {
    const slot = Math.floor(now / baseSlotMs)
    const newest = minima.at(-1)
    if (newest?.slot === slot) newest.ms = Math.min(newest.ms, ms)
    else minima = [...minima.filter((one) => one.slot > slot - baseSlots), { slot, ms }]
  }

  return {
    sample(ms, now) {
      learn(ms, now)
      // Differences of neighbours, not distances from a mean: a growing queue is a trend and must not pass for jitter.
      if (previous !== undefined) jitter += (Math.abs(ms - previous) - jitter) / 16
      previous = ms
      last[at] = ms
      at = (at + 1) % samples
      recent = last.length < samples ? undefined : Math.min(...last)
      if (recent === undefined || recent <= base()! + threshold()) above = undefined
      else above ??= now
    },
    get base() {
      return base()
    },
    get recent() {
      return recent
    },
    get threshold() {
      return threshold()
    },
    congested: (now) => above !== undefined && now - above >= persistMs,
    rebase(now) {
      minima = []
      if (recent !== undefined) learn(recent, now)
      above = undefined
    },
  }
}

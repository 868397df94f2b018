/** What a limit grants. */
export interface Rate {
  readonly perSecond: number
  /** How many pass at once; 0: one second's worth. */
  readonly burst: number
  /** Counts whole seconds, each from nothing, instead of granting as time passes. */
  readonly strict: boolean
}

/** One limit of so many a second, for one bind or one system. */
export interface Limit {
  /** 0 if one more may pass now; otherwise the milliseconds until the limit has room for it. */
  take(now: number, rate: Rate): number
  /** The same, but it is taken whatever it says: what waits pushes back those behind it. */
  owe(now: number, rate: Rate): number
}

/**
 * A token bucket: so many pass at once, then they pass as time does; or strictly so many in each second of the clock.
 * `now` is in milliseconds that never jump. 0 a second means no limit.
 */
export function createLimit(): Limit {
  let tokens = 0
  let known: Rate | undefined
  let filledAt = 0

  const fill = (now: number, rate: Rate): void => {
    const { perSecond, burst, strict } = rate
    const room = burst > 0 && !strict ? burst : perSecond
    // A new limit starts with a full bucket.
    if (known?.perSecond !== perSecond || known.burst !== burst || known.strict !== strict) tokens = room
    else if (!strict) tokens = Math.min(room, tokens + ((now - filledAt) * perSecond) / 1000)
    else tokens = Math.min(room, tokens + (secondOf(now) - secondOf(filledAt)) * perSecond)
    known = rate
    filledAt = now
  }
  const missing = (now: number, { perSecond, strict }: Rate): number => {
    if (tokens >= 1) return 0
    if (!strict) return ((1 - tokens) * 1000) / perSecond
    return (secondOf(now) + Math.ceil((1 - tokens) / perSecond)) * 1000 - now
  }

  return {
    take(now, rate) {
      if (rate.perSecond === 0) return 0
      fill(now, rate)
      const wait = missing(now, rate)
      if (wait === 0) tokens -= 1
      return wait
    },
    owe(now, rate) {
      if (rate.perSecond === 0) return 0
      fill(now, rate)
      const wait = missing(now, rate)
      tokens -= 1
      return wait
    },
  }
}

const secondOf = (now: number): number => Math.floor(now / 1000)

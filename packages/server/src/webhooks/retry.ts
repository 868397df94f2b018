const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** What lies between an attempt that failed and the next: twelve attempts over five days. */
export const retryDelays: readonly number[] = [
  5 * second,
  30 * second,
  2 * minute,
  15 * minute,
  1 * hour,
  3 * hour,
  8 * hour,
  1 * day,
  1 * day,
  1 * day,
  1 * day,
]

/** An endpoint without one success for this long is switched off. */
export const disableAfterMs = 5 * day

/** A `Retry-After` is honoured, within reason. */
const longestWait = 1 * day

/**
 * Milliseconds to wait after attempt number `attempt` (from 1) failed, or undefined when it was the last.
 * Spread by a fifth to either side, so that what failed together does not come back together. `random` is 0 to 1.
 */
export function retryDelay(attempt: number, random: number, askedMs = 0): number | undefined {
  const delay = retryDelays[attempt - 1]
  if (delay === undefined) return undefined
  return Math.max(Math.round(delay * (0.8 + 0.4 * random)), Math.min(askedMs, longestWait))
}

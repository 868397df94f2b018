/**
 * A token bucket that holds one second's worth: the first `perSecond` pass at once, then they pass as time does.
 * `now` is in milliseconds that never jump. 0 a second means no limit.
 */
export function createThrottle(now: () => number): (perSecond: number) => boolean {
  let tokens = 0
  let limit = 0
  let filledAt = 0
  return (perSecond) => {
    if (perSecond === 0) {
      limit = 0
      return true
    }
    const time = now()
    // A new limit starts with a full bucket.
    tokens =
      limit === perSecond ? Math.min(perSecond, tokens + ((time - filledAt) * perSecond) / 1000) : perSecond
    limit = perSecond
    filledAt = time
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

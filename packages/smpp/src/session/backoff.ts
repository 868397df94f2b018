export interface Backoff {
  /** Milliseconds to wait before the next attempt, `leastMs` and some at least. */
  next(leastMs?: number): number
  /** The link was up for `heldMs`: only one that held begins anew, or a peer that drops at once would be hammered. */
  held(heldMs: number): void
  /** Attempts since a link held. */
  readonly attempt: number
}

/**
 * Exponential backoff with equal jitter: between half and all of min, 2 min, 4 min … max, so that a thousand clients of
 * a restarted SMSC do not come back in one second. `random` gives 0 to 1.
 */
export function createBackoff(minMs: number, maxMs: number, random: () => number = Math.random): Backoff {
  let attempt = 0
  return {
    next(leastMs = 0) {
      const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30))
      attempt++
      const chance = random()
      return Math.max(ceiling / 2 + chance * (ceiling / 2), leastMs + chance * (leastMs / 4))
    },
    held(heldMs) {
      if (heldMs >= Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30))) attempt = 0
    },
    get attempt() {
      return attempt
    },
  }
}

/** Where time comes from. Tests hand in their own clock; nothing else in the house calls `new Date()`. */
export interface Clock {
  /** Wall time, for what people read and what the database stores. */
  now(): Date
  /** Milliseconds that never jump, for leases and timeouts (facts: smpp-interop group 55). */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
}

/** A clock whose wall time is that of the database, so that nodes with clocks of their own agree on what is due. */
export interface SharedClock extends Clock {
  /** The database said `databaseMs` (since the epoch) to a question that was asked just now and took `tookMs`. */
  heard(databaseMs: number, tookMs: number): void
}

/** Within this much two clocks count as equal: a step that small is noise of the network. */
const agreesMs = 50
/** An answer that took longer says too little about when it was given. */
const uselessMs = 1_000

export function createSharedClock(own: Clock = systemClock): SharedClock {
  let offset = 0
  return {
    now: () => new Date(own.now().getTime() + offset),
    monotonic: own.monotonic,
    heard(databaseMs, tookMs) {
      if (tookMs > uselessMs) return
      const ahead = databaseMs - (own.now().getTime() - tookMs / 2)
      if (Math.abs(ahead - offset) > agreesMs + tookMs / 2) offset = ahead
    },
  }
}

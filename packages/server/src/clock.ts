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

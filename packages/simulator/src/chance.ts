/**
 * Chance without a stream: each draw is a hash of the seed, of what is decided about, and of what is decided. So a
 * decision depends neither on the time nor on what else happened before it, and the same run can be had again.
 */

/** Mixes two 32-bit numbers into one: the finalizer of MurmurHash3 over both. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A number from 0 to below 1 for this key and this purpose (see `purposes`). */
export const unit = (key: number, purpose: number): number => mix(key, purpose) / 2 ** 32

/** What is decided. The numbers only have to differ, and stay, so that old seeds keep their meaning. */
export const purposes = {
  refusal: 1,
  answerDelay: 2,
  answerNever: 3,
  answerDrop: 4,
  receiptNever: 10,
  receiptDelay: 11,
  receiptFirst: 12,
  receiptTwice: 13,
  receiptHeld: 14,
  receiptState: 15,
  receiptDialect: 16,
  receiptRevised: 18,
  bindDelay: 20,
  partOrder: 30,
  partTwice: 31,
  partMissing: 32,
  partDelay: 33,
  inboundDataSm: 34,
  malformed: 40,
  malformedHow: 41,
} as const

/** Bounded memory for any number of recipients: of 10,000 one in a hundred shares its counter with another. */
const SLOTS = 0x10_0000

export interface Chance {
  /** The key of the next message to this address, or from it: its n-th, whatever goes to others meanwhile. */
  message(address: string, from?: 'from'): number
  /** The key of the n-th event of this kind. */
  event(purpose: number): number
  /** The key of something that has a name of its own: two numbers. */
  key(a: number, b: number): number
  /** Starts again from the first message and event, with this seed. */
  reset(seed: number): void
}

export function createChance(initialSeed: number): Chance {
  let seed = mix(initialSeed, 0)
  const messages = new Uint32Array(SLOTS)
  const events = new Map<number, number>()
  return {
    message(address, from) {
      let hash = from === undefined ? seed : mix(seed, 1)
      for (let i = 0; i < address.length; i += 1) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193)
      const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1)
      messages[slot]! += 1
      return mix(hash, messages[slot]!)
    },
    event(purpose) {
      const n = (events.get(purpose) ?? 0) + 1
      events.set(purpose, n)
      return mix(mix(seed, purpose + 0x1_0000), n)
    },
    key: (a, b) => mix(mix(seed, a + 0x2_0000), b),
    reset(next) {
      seed = mix(next, 0)
      messages.fill(0)
      events.clear()
    },
  }
}

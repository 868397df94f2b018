import { addressKey } from './address.ts'
import { createRecent } from './recent.ts'

export interface LockoutOptions {
  /** Failed binds of one system_id from one address before answers are delayed. Default 3. */
  freeFailures?: number
  /** Failed binds of one system_id from one address before it is refused unheard. Default 10. */
  maxFailures?: number
  /** The same for one address whatever system_id it names. Default 50, as a customer may have many. */
  maxAddressFailures?: number
  /** The first delay; each failure doubles it. Default 500. */
  delayMs?: number
  /** The longest delay. Default 4,000; never more than half the time to bind. */
  maxDelayMs?: number
  /** How long the first refusal holds; each failure after it doubles it. Default 30,000. */
  lockMs?: number
  /** The longest refusal. Default 3,600,000: one hour. */
  maxLockMs?: number
  /** Failures are forgotten after so long without another. Default 3,600,000. */
  forgetMs?: number
  /** Pairs and addresses that are remembered; the oldest are forgotten first. Default 10,000 of each. */
  maxRemembered?: number
}

export interface LockoutVerdict {
  /** The bind is refused unheard until then (milliseconds of the clock that is passed in); 0 if it is not. */
  lockedUntil: number
  /** How long its answer has to wait. */
  delayMs: number
}

interface Score {
  failures: number
  at: number
  lockedUntil: number
}

export type Lockout = ReturnType<typeof createLockout>

export const lockoutDefaults: Required<LockoutOptions> = {
  freeFailures: 3,
  maxFailures: 10,
  maxAddressFailures: 50,
  delayMs: 500,
  maxDelayMs: 4_000,
  lockMs: 30_000,
  maxLockMs: 3_600_000,
  forgetMs: 3_600_000,
  maxRemembered: 10_000,
}

// A stranger's system_id may be as long as a PDU, and 10,000 of these are remembered; real ones have 15 octets.
const longestName = 64

/**
 * Slows down and then shuts out who guesses passwords. Every score belongs to an address (an IPv4 address or an IPv6
 * /64), so that a stranger cannot lock out a customer at another one. Pure: time comes in, verdicts go out.
 */
export function createLockout(options: LockoutOptions = {}) {
  const limits = { ...lockoutDefaults, ...options }
  const pairs = createRecent<Score>(limits.maxRemembered)
  const addresses = createRecent<Score>(limits.maxRemembered)
  const pairKey = (systemId: string, address: string): string =>
    `${addressKey(address)} ${systemId.slice(0, longestName)}`

  function scoreOf(scores: typeof pairs, key: string, now: number): Score | undefined {
    const score = scores.get(key)
    if (score === undefined) return undefined
    if (now < Math.max(score.at + limits.forgetMs, score.lockedUntil)) return score
    scores.delete(key)
    return undefined
  }

  function count(scores: typeof pairs, key: string, max: number, now: number): Score {
    const failures = (scoreOf(scores, key, now)?.failures ?? 0) + 1
    const lockMs =
      failures < max ? 0 : Math.min(limits.maxLockMs, limits.lockMs * 2 ** Math.min(failures - max, 30))
    const score = { failures, at: now, lockedUntil: lockMs === 0 ? 0 : now + lockMs }
    scores.set(key, score)
    return score
  }

  return {
    /** Whether a bind may be tried now, and how long its answer has to wait. */
    look(systemId: string, address: string, now: number): LockoutVerdict {
      const pair = scoreOf(pairs, pairKey(systemId, address), now)
      const whole = scoreOf(addresses, addressKey(address), now)
      const lockedUntil = Math.max(pair?.lockedUntil ?? 0, whole?.lockedUntil ?? 0)
      const surplus = (pair?.failures ?? 0) - limits.freeFailures
      return {
        lockedUntil: lockedUntil > now ? lockedUntil : 0,
        delayMs:
          pair === undefined || surplus < 0
            ? 0
            : Math.min(limits.maxDelayMs, limits.delayMs * 2 ** Math.min(surplus, 30)),
      }
    },

    /** A wrong system_id or password. Gives the failures of this system_id from this address. */
    failed(systemId: string, address: string, now: number): number {
      count(addresses, addressKey(address), limits.maxAddressFailures, now)
      return count(pairs, pairKey(systemId, address), limits.maxFailures, now).failures
    },

    /**
     * Clears the score of the pair, and takes off the address what the pair had put there: who knows one password
     * cannot wash off the guesses at others.
     */
    succeeded(systemId: string, address: string, now: number): void {
      const key = pairKey(systemId, address)
      const pair = scoreOf(pairs, key, now)
      if (pair === undefined) return
      pairs.delete(key)
      const whole = scoreOf(addresses, addressKey(address), now)
      if (whole !== undefined) whole.failures = Math.max(0, whole.failures - pair.failures)
    },

    get size() {
      return { pairs: pairs.size, addresses: addresses.size }
    },
  }
}

import type { Clock } from '../clock.ts'
import type { Directory } from './directory.ts'
import type { Login } from './login.store.ts'
import type { Refusal } from './refusals.ts'
import { refusal } from './refusals.ts'

/** An accept that has taken so long means that the database does not answer: more would only wait behind it. */
const stuckMs = 2_000
/** What may come at once after a pause, in seconds of the rate; a message at least. */
const burstSeconds = 0.25

interface Bucket {
  tokens: number
  at: number
}

export interface Admission {
  /** Why nothing of this login is taken at this moment; undefined: go on. Takes one token. */
  refuse(login: Login): Refusal | undefined
  /** What the message cost beside its first segment. */
  charge(login: Login, segments: number): void
  /** Counts work as under way until the function that it gives is called. */
  begin(): () => void
}

/**
 * What is refused before anything is read of it: over its rate, or while the database does not answer. A refusal costs
 * nothing and comes at once, so that the ESME can slow down, and its enquire_link is answered meanwhile.
 */
export function createAdmission(clock: Clock, directory: () => Directory): Admission {
  const buckets = new Map<string, Bucket>()
  const underWay = new Map<number, number>()
  let next = 0

  /** Its share of the login's rate: nodes that it is bound to have the same each. */
  function rateOf(login: Login): number | null {
    return login.segments_per_second === null ? null : login.segments_per_second / directory().nodes(login.id)
  }

  function bucketOf(login: Login, rate: number): Bucket {
    const now = clock.monotonic()
    const size = Math.max(1, rate * burstSeconds)
    const bucket = buckets.get(login.id) ?? { tokens: size, at: now }
    bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * rate)
    bucket.at = now
    buckets.set(login.id, bucket)
    return bucket
  }

  return {
    refuse(login) {
      for (const since of underWay.values()) {
        if (clock.monotonic() - since > stuckMs) return refusal('stuck')
        break
      }
      const rate = rateOf(login)
      if (rate === null) return undefined
      const bucket = bucketOf(login, rate)
      if (bucket.tokens < 1) return refusal('over_rate')
      bucket.tokens--
      return undefined
    },
    charge(login, segments) {
      const rate = segments > 1 ? rateOf(login) : null
      // On credit: a message goes as a whole, and the login waits the longer.
      if (rate !== null) bucketOf(login, rate).tokens -= segments - 1
    },
    begin() {
      const number = next++
      underWay.set(number, clock.monotonic())
      return () => {
        underWay.delete(number)
      }
    },
  }
}

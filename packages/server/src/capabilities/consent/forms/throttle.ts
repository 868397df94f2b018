import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { KurzpostError } from '../../../errors.ts'
import type { Platform } from '../../../platform.ts'
import { countTries } from './throttle.store.ts'

/** How often something may be tried. A stranger's phone must not ring because somebody types its number again and again. */
const limits = {
  /** Texts to one number, over all accounts and forms. */
  number: { hour: 3, day: 5 },
  /** From one household: forms sent, codes tried. */
  address: { hour: 20, day: 60 },
  /** By one form: who has bought addresses in bulk is stopped here, and so is the bill. */
  form: { hour: 300, day: 2_000 },
} as const

export type Tries = Partial<Record<keyof typeof limits, string>>

export interface Throttle {
  /** Counts a try of each; throws `consent_throttled` when one has had too many. Commits by itself: a refusal counts too. */
  demand(tries: Tries): Promise<void>
}

export function createThrottle(platform: Platform): Throttle {
  const keyOf = (kind: string, subject: string): Buffer =>
    createHmac('sha256', platform.keyed('tries')).update(`${kind} ${subject}`).digest()
  return {
    async demand(tries) {
      const kinds = Object.keys(tries) as (keyof Tries)[]
      const subjects = kinds.map((kind) => {
        const subject = tries[kind]!
        return keyOf(kind, kind === 'address' ? household(subject) : subject)
      })
      const counted = await countTries(platform.db, subjects, platform.now())
      for (const [at, kind] of kinds.entries()) {
        const { hour, day } = limits[kind]
        const tried = counted.find(({ subject }) => subject === subjects[at]!.toString('hex'))!
        if (tried.thisHour > hour || tried.thisDay > day)
          throw new KurzpostError('consent_throttled', { details: { of: kind, retry_after: 3_600 } })
      }
    },
  }
}

/** One household has a /64 of IPv6, and all of its addresses. */
function household(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

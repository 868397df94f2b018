import { createHmac, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** 16 MiB and about 50 ms a guess (RFC 7914 §2). It stands in each hash, so that it can be raised later. */
const cost = { N: 16_384, r: 8, p: 1 }
const keyLength = 32
/** What a bind can carry: eight characters and a NUL. [SMPP 3.4 §5.2.2] */
const passwordLength = 8
/** Without those that people take for one another. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

function derive(password: string, salt: Buffer, { N, r, p }: typeof cost): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, keyLength, { N, r, p }, (error, key) => (error ? reject(error) : resolve(key))),
  )
}

/** Eight characters at random: 46 bits, which the lockout of the door makes enough. */
export const newPassword = (): string =>
  Array.from({ length: passwordLength }, () => letters[randomInt(letters.length)]).join('')

/** `scrypt$16384$8$1$<salt>$<key>`, both in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$')
}

async function matches(given: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = stored.split('$')
  if (scheme !== 'scrypt' || !salt || !key) return false
  const expected = Buffer.from(key, 'base64')
  const derived = await derive(given, Buffer.from(salt, 'base64'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  return derived.length === expected.length && timingSafeEqual(derived, expected)
}

/**
 * Compares passwords with their hashes, in constant time, and remembers each verdict for `keepMs`: systems that come back
 * all at once after a restart cost one derivation each and not one a bind. What is remembered is an HMAC under a key of
 * this process; another hash (a changed password) is another entry.
 */
export function createVerifier(
  clock: Pick<Clock, 'monotonic'>,
  { keepMs = 5 * 60_000, most = 10_000 }: { keepMs?: number; most?: number } = {},
): (given: string, stored: string) => Promise<boolean> {
  const secret = randomBytes(32)
  const verdicts = new Map<string, { verdict: Promise<boolean>; until: number }>()
  return (given, stored) => {
    const name = createHmac('sha256', secret).update(`${stored}\0${given}`).digest('base64')
    const now = clock.monotonic()
    const known = verdicts.get(name)
    if (known && known.until > now) return known.verdict
    const verdict = matches(given, stored)
    verdicts.delete(name)
    verdicts.set(name, { verdict, until: now + keepMs })
    if (verdicts.size > most) verdicts.delete(verdicts.keys().next().value!)
    return verdict
  }
}

import { argon2, type BinaryLike, randomBytes, timingSafeEqual } from 'node:crypto'
import { createBatcher } from '../batcher.ts'
import { KurzpostError } from '../errors.ts'

/** 19 MiB, two passes: the least that OWASP's password storage cheat sheet names for argon2id. It stands in each hash. */
const cost = { m: 19_456, t: 2, p: 1 }
type Cost = typeof cost
const keyLength = 32
/** Derivations at a time: each takes a thread of four that files and names are looked up by, too. */
const parallel = 2
/** What may wait for one; beyond that somebody is trying something. */
const mostWaiting = 50

export const shortestPassword = 10
export const longestPassword = 200

/** Argon2id (RFC 9106); tests count the calls. */
export type Derive = (password: string, salt: Buffer, cost: Cost) => Promise<Buffer>

const derive: Derive = (password, salt, { m, t, p }) =>
  new Promise((resolve, reject) => {
    const message: BinaryLike = Buffer.from(password, 'utf8')
    argon2(
      'argon2id',
      { message, nonce: salt, parallelism: p, tagLength: keyLength, memory: m, passes: t },
      (error, key) => (error ? reject(error) : resolve(key)),
    )
  })

/** Of no password: compared with where there is nobody, so that nobody costs what somebody does. */
const nobodys = `$argon2id$v=19$m=${cost.m},t=${cost.t},p=${cost.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`
const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
/** The same characters from every keyboard (NIST SP 800-63B §3.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC')

export interface Passwords {
  /** `$argon2id$v=19$m=…,t=…,p=…$salt$key`. */
  hash(password: string): Promise<string>
  /** One derivation, whether or not there is a hash to compare with. */
  verify(password: string, stored: string | null | undefined): Promise<boolean>
}

export function createPasswords(by: Derive = derive): Passwords {
  const derivations = createBatcher<{ password: string; salt: Buffer; cost: Cost }, Buffer>({
    maxWeight: 1,
    concurrency: parallel,
    flush: async ([one]) => [await by(normal(one!.password), one!.salt, one!.cost)],
  })
  function push(password: string, salt: Buffer, by: Cost): Promise<Buffer> {
    if (derivations.load >= mostWaiting) throw new KurzpostError('overloaded')
    return derivations.push({ password, salt, cost: by })
  }
  return {
    async hash(password) {
      const salt = randomBytes(16)
      const key = await push(password, salt, cost)
      return `$argon2id$v=19$m=${cost.m},t=${cost.t},p=${cost.p}$${base64(salt)}$${base64(key)}`
    },
    async verify(password, stored) {
      const known = phc.exec(stored ?? nobodys) ?? phc.exec(nobodys)!
      const [m, t, p] = [Number(known[1]), Number(known[2]), Number(known[3])]
      const expected = Buffer.from(known[5]!, 'base64')
      const key = await push(password, Buffer.from(known[4]!, 'base64'), { m, t, p })
      return key.length === expected.length && timingSafeEqual(key, expected) && phc.test(stored ?? '')
    },
  }
}

/** Throws `password_weak` where a guess would be easy. Length is what counts (NIST SP 800-63B §3.1.1.2), not the kind of characters. */
export function demandStrong(password: string, email: string): void {
  const text = normal(password)
  const plain = text.toLowerCase()
  const [name = ''] = email.toLowerCase().split('@')
  const about = [email.toLowerCase(), name, 'kurzpost', 'password', 'passwort'].filter(
    ({ length }) => length > 3,
  )
  // What is left of it without the words that everybody would try first, and without repetition.
  const left = about.reduce((rest, word) => rest.replaceAll(word, ''), plain)
  if ([...text].length < shortestPassword || left.length < 6 || new Set(left).size < 4)
    throw new KurzpostError('password_weak')
}

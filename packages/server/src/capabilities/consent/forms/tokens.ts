import { createHmac, timingSafeEqual } from 'node:crypto'

/** Signed names for ids: short enough for a text message, and nobody can make one up. */
export interface Tokens {
  /** 38 characters of base64url. */
  sign(uuid: string): string
  /** The UUID, or undefined when it was not we who signed it. */
  read(token: string): string | undefined
}

const macBytes = 12

/** `secret` is of one purpose: the token of another means nothing here. */
export function createTokens(secret: () => Buffer): Tokens {
  const macOf = (id: Buffer): Buffer =>
    createHmac('sha256', secret()).update(id).digest().subarray(0, macBytes)
  return {
    sign(uuid) {
      const id = Buffer.from(uuid.replaceAll('-', ''), 'hex')
      return id.toString('base64url') + macOf(id).toString('base64url')
    },
    read(token) {
      if (!/^[\w-]{38}$/.test(token)) return undefined
      const id = Buffer.from(token.slice(0, 22), 'base64url')
      const mac = Buffer.from(token.slice(22), 'base64url')
      if (!timingSafeEqual(mac, macOf(id))) return undefined
      // Base64 has spare bits: one id has one spelling.
      if (id.toString('base64url') !== token.slice(0, 22)) return undefined
      return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
  }
}

/** A moment, signed for a subject: a form that was shown by us, and not long ago. */
export function createStamps(secret: () => Buffer) {
  const macOf = (subject: string, at: string): string =>
    createHmac('sha256', secret()).update(`${subject} ${at}`).digest('base64url').slice(0, 22)
  return {
    stamp(subject: string, now: Date): string {
      const at = Math.floor(now.getTime() / 1_000).toString(36)
      return `${at}.${macOf(subject, at)}`
    },
    isFresh(subject: string, stamp: string, now: Date, maxAgeMs: number): boolean {
      const [at = '', mac = ''] = stamp.split('.')
      // In octets: what comes from a browser may be of any characters.
      const [given, expected] = [Buffer.from(mac), Buffer.from(macOf(subject, at))]
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
      const age = now.getTime() - Number.parseInt(at, 36) * 1_000
      return age > -60_000 && age < maxAgeMs
    },
  }
}

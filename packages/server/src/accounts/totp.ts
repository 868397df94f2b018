import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Codes that change every half minute (RFC 6238), with what every authenticator app takes: SHA-1, six digits. */
const stepMs = 30_000
const digits = 6
/** One step on either side for clocks that are off (RFC 6238 §5.2). */
const drift = 1

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32 without padding: how apps take a secret that is typed in. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >>> bits) & 31]
      value &= (1 << bits) - 1
    }
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}

/** 160 bits, as RFC 4226 §4 recommends. */
export const newTotpSecret = (): Buffer => randomBytes(20)

export const stepAt = (now: Date): number => Math.floor(now.getTime() / stepMs)

/** The code of a step (RFC 4226 §5.3). */
export function totpCode(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** The step that a code is of, if it is one of now; every step is compared. */
export function matchStep(secret: Buffer, given: string, now: Date): number | undefined {
  const code = Buffer.from(
    given
      .replace(/\s/g, '')
      .padEnd(digits, ' ')
      .slice(0, digits + 1),
  )
  let found: number | undefined
  for (let step = stepAt(now) - drift; step <= stepAt(now) + drift; step++) {
    const expected = Buffer.from(totpCode(secret, step))
    if (code.length === expected.length && timingSafeEqual(code, expected)) found ??= step
  }
  return found
}

/** What an authenticator app reads from a QR code. */
export function totpUrl(secret: Buffer, { issuer, email }: { issuer: string; email: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`
}

const tagBytes = 16
const nonceBytes = 12

/** AES-256-GCM with a key of the installation: a copy of the database alone gives no codes. Bound to its user. */
export function seal(key: Buffer, secret: Buffer, userId: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(userId))
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** Throws when it was sealed by another key or for another user. */
export function unseal(key: Buffer, sealed: Buffer, userId: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
    .setAAD(Buffer.from(userId))
    .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()])
}

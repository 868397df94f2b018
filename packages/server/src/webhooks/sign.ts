import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

/**
 * Signatures of Standard Webhooks 1.0: HMAC-SHA-256 over `id.timestamp.body`. node:crypto rather than the
 * library `standardwebhooks`, whose SHA-256 is plain JavaScript and takes more than twice as long, and this is the
 * hot path. The tests verify with the library.
 */
export const secretPrefix = 'whsec_'

/** 32 random bytes; the specification asks for 24 to 64. */
export const newSecret = (): Buffer => randomBytes(32)

/** A secret as its owner sees it. */
export const showSecret = (secret: Buffer): string => secretPrefix + secret.toString('base64')

/** What exactly is signed; `seconds` since the epoch, as in the header `webhook-timestamp`. */
export const signedContent = (id: string, seconds: number, body: string): string => `${id}.${seconds}.${body}`

const keys = new Map<string, KeyObject>()

function keyOf(base64: string): KeyObject {
  let key = keys.get(base64)
  if (!key) {
    if (keys.size >= 10_000) keys.clear()
    key = createSecretKey(base64, 'base64')
    keys.set(base64, key)
  }
  return key
}

/** The header `webhook-signature`: one signature a secret, so that a rotation loses nothing. Secrets in base64. */
export function signature(content: string, secrets: readonly string[]): string {
  return secrets
    .map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(content).digest('base64')}`)
    .join(' ')
}

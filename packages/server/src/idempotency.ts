import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { canonical } from './canonical.ts'
import { KurzpostError } from './errors.ts'
import type { Call } from './route.ts'

/** `fingerprint` is a SHA-256 over the request: the same key with another one is a conflict. */
export interface Idempotency {
  key: string
  fingerprint: Buffer
}

/** Of every route that sends. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 255,
      description: 'Same key, same request: same answer for 24 hours, and nothing is sent twice',
    }),
  ),
})

/** What the header of a request to this path asks for, or undefined without it. The order of a JSON object's keys makes no difference. */
export function readIdempotency(method: string, path: string, call: Call): Idempotency | undefined {
  const key = call.headers['idempotency-key']
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new KurzpostError('invalid_request', {
      details: [{ field: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters' }],
    })
  }
  return {
    key,
    fingerprint: createHash('sha256')
      .update(`${method} ${path}\n${canonical(call.body)}`)
      .digest(),
  }
}

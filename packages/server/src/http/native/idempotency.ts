import { createHash } from 'node:crypto'
import { KurzpostError } from '../../errors.ts'
import type { Idempotency } from '../../message/core.ts'
import type { Call } from '../../route.ts'

/** What the header asks for, or undefined without it. The order of a JSON object's keys makes no difference. */
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

/** JSON with sorted keys. Bodies nest no deeper than body.ts lets them. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}

import { isUtf8 } from 'node:buffer'
import { KurzpostError } from '../errors.ts'

/** Deeper nesting than any request needs; whatever walks a body by recursion stays far from the stack's end. */
const deepest = 32
/** A body this short cannot nest deep enough to hurt. */
const harmless = 4_096

/**
 * A JSON body as a value. Refuses what PostgreSQL could not keep as it was sent: bytes that are not UTF-8,
 * NUL, and half characters (a lone surrogate). An empty body is undefined.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  if (!isUtf8(bytes)) throw new KurzpostError('invalid_json', { message: 'The request body is not UTF-8.' })
  const text = bytes.toString('utf8')
  if (text.length > harmless && nesting(bytes) > deepest) {
    throw new KurzpostError('invalid_request', {
      details: [{ field: '', problem: `must not nest deeper than ${deepest} levels` }],
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new KurzpostError('invalid_json')
  }
  // Only an escape can bring a NUL or a lone surrogate into a JSON text that is UTF-8.
  if (text.includes('\\u')) refuseBroken(value, '')
  return value
}

/** Refuses a NUL or a lone surrogate anywhere in the value, and names the field. */
export function refuseBroken(value: unknown, field: string): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed() || value.includes('\0')) {
      throw new KurzpostError('text_malformed', {
        details: [{ field, problem: 'holds half a character or a NUL' }],
      })
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      refuseBroken(key, field)
      refuseBroken(inner, field === '' ? key : `${field}.${key}`)
    }
  }
}

/** The depth of brackets outside strings. */
function nesting(bytes: Buffer): number {
  let depth = 0
  let most = 0
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === 0x5c /* \ */) at++
      else if (byte === 0x22 /* " */) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x7b /* { */ || byte === 0x5b /* [ */) most = Math.max(most, ++depth)
    else if (byte === 0x7d /* } */ || byte === 0x5d /* ] */) depth--
  }
  return most
}

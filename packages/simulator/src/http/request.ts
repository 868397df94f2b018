import type { IncomingMessage } from 'node:http'
import { HttpProblem } from './problem.ts'

const MAX_BODY = 64 * 1024

/**
 * The simulator has no keys, so a web page must not reach it through the browser of somebody who runs one: not under
 * a name that its owner points to 127.0.0.1 (DNS rebinding: the Host header tells), and not by a plain form or fetch
 * (the Origin header tells). Throws `foreign_host`.
 */
export function requireLoopback({ headers }: IncomingMessage): void {
  const { host, origin } = headers
  if (!isLoopback(`http://${host}`)) throw new HttpProblem('foreign_host')
  if (origin !== undefined && !isLoopback(origin)) throw new HttpProblem('foreign_host')
}

function isLoopback(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
}

/** Reads a JSON object of up to 64 KiB. Throws an HttpProblem for anything else. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new HttpProblem('unsupported_media_type')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY) throw new HttpProblem('body_too_large')
    chunks.push(chunk)
  }
  let value: unknown
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new HttpProblem('invalid_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpProblem('invalid_request', [{ field: '', message: 'The body must be an object.' }])
  }
  return value as Record<string, unknown>
}

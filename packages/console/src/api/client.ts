import { currentKey, refuse } from './session.ts'

/** `code` is the API's stable code, or `unreachable` when no answer came at all. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly details: unknown
  constructor(code: string, status: number, message: string, details?: unknown) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.details = details
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface CallOptions {
  method?: Method
  body?: unknown
  /** In place of `body`: what is no JSON. */
  raw?: { type: string; body: BodyInit }
  /** Makes a repeated POST harmless for 24 hours. */
  idempotencyKey?: string
  accept?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Things that are removed, by path, each with whether that has come about. Ids never come back, so neither do they. */
const removed = new Map<string, Promise<boolean>>()

/** Does `act`, which removes the thing at `path`. Who asks for it meanwhile waits; afterwards nobody asks the server. */
export function whileRemoved<T>(path: string, act: () => Promise<T>): Promise<T> {
  const done = act()
  const kept = () => {
    removed.delete(path)
    return false
  }
  removed.set(
    path,
    done.then(() => true, kept),
  )
  return done
}

function isGone(path: string): Promise<boolean> | false {
  const [bare] = path.split('?', 1) as [string]
  for (const [root, gone] of removed) if (bare === root || bare.startsWith(`${root}/`)) return gone
  return false
}

/** The raw answer of the API; throws ApiError unless it is a 2xx. */
export async function request(path: string, options: CallOptions = {}): Promise<Response> {
  const gone = (options.method ?? 'GET') === 'GET' && isGone(path)
  if (gone && (await gone)) throw new ApiError('not_found', 404, 'It was removed.')
  const key = currentKey()
  const headers: Record<string, string> = { accept: options.accept ?? 'application/json', ...options.headers }
  if (key) headers.authorization = `Bearer ${key}`
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.raw) headers['content-type'] = options.raw.type
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey

  let response: Response
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      cache: 'no-store',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.raw && { body: options.raw.body }),
      ...(options.signal ? { signal: options.signal } : {}),
    })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw new ApiError('unreachable', 0, String(cause))
  }
  if (response.ok) return response
  const answer = await response.json().catch(() => undefined)
  const { code = 'internal', message = response.statusText, details } = answer?.error ?? {}
  if (code === 'unauthenticated') refuse(key)
  throw new ApiError(code, response.status, message, details)
}

/** The answer's JSON; undefined where there is none (204). */
export async function call<T>(path: string, options?: CallOptions): Promise<T> {
  const response = await request(path, options)
  return response.status === 204 ? (undefined as T) : response.json()
}

/** A whole list, page by page: what is cut off would be missing without a word. */
export async function callAll<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const all: T[] = []
  for (let before = ''; ; ) {
    const query = new URLSearchParams({ limit: '200', ...(before && { before }) })
    const page = await call<{ data: T[]; next: string | null }>(
      `${path}${path.includes('?') ? '&' : '?'}${query}`,
      { signal },
    )
    all.push(...page.data)
    if (!page.next) return all
    before = page.next
  }
}

/** 128 random bits. `crypto.randomUUID` is missing on plain http beyond loopback, so it is not used. */
export const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )

import { Pool } from 'undici'
import type { Clock } from '../clock.ts'
import { type Guard, guardedConnector } from '../egress.ts'

/** How an endpoint answered. Without `status` there was no answer, and `error` says why. */
export interface Answer {
  status?: number
  error?: string
  durationMs: number
  /** The header `Retry-After`, when it was a number of seconds. */
  retryAfterMs?: number
  /** The beginning of the body of an answer that was no success. */
  excerpt?: string
  /** We broke it off ourselves: it says nothing about the endpoint. */
  interrupted?: true
}

export interface Poster {
  /**
   * POSTs and waits for the whole answer. Never rejects, never follows a redirect. `owner` has connections of its
   * own, so that two customers behind one host cannot block each other.
   */
  post(owner: string, url: string, headers: string[], body: string): Promise<Answer>
  /** Breaks off what is under way. */
  interrupt(): void
  close(): Promise<void>
}

const timeoutMs = 15_000
const late = 'no answer within 15 seconds'
const connectTimeoutMs = 10_000
/** Who answers a webhook with more than this is cut off; the status counts. */
const mostBody = 64 * 1024
const mostExcerpt = 500
/** A pool that nobody used for so long is closed. */
const idleMs = 5 * 60_000

/** Sentences for what people see most; anything else shows its own message. */
const sentences: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at the address',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be resolved',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: late,
  UND_ERR_BODY_TIMEOUT: late,
  UND_ERR_SOCKET: 'the connection was closed before the answer',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
}

function sentenceOf(error: Error & { code?: string; errors?: Error[] }): string {
  const inner = error.errors?.[0] as (Error & { code?: string }) | undefined
  const code = error.code ?? inner?.code
  return (code && sentences[code]) || inner?.message || error.message || 'the request failed'
}

interface Target {
  pool: Pool
  path: string
  usedAt: number
}

/**
 * One keep-alive pool an owner and URL. Requests go through undici's `dispatch`: no stream and no signal a request,
 * which halves what a delivery costs. No pipelining: one slow answer would hold up those behind it.
 */
export function createPoster(options: { guard: Guard; clock: Clock; connections: number }): Poster {
  const { guard, clock, connections } = options
  const targets = new Map<string, Target>()
  const waiting = new Set<{ startedAt: number; abort: (error: string, interrupted?: true) => void }>()

  const connect = guardedConnector(guard, connectTimeoutMs)

  function targetOf(owner: string, address: string): Target {
    const key = `${owner} ${address}`
    let target = targets.get(key)
    if (!target) {
      const { origin, pathname, search } = new URL(address)
      const pool = new Pool(origin, {
        connections,
        connect,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      })
      target = { pool, path: pathname + search, usedAt: 0 }
      targets.set(key, target)
    }
    target.usedAt = clock.monotonic()
    return target
  }

  // One timer for all: it ends answers that trickle, and pools that nobody uses.
  const sweeper = setInterval(() => {
    const now = clock.monotonic()
    for (const request of waiting) {
      if (now - request.startedAt < timeoutMs) break
      request.abort(late)
    }
    for (const [key, { pool, usedAt }] of targets) {
      if (now - usedAt < idleMs) continue
      targets.delete(key)
      pool.close().catch(() => {})
    }
  }, 1_000)
  sweeper.unref()

  function post(owner: string, address: string, headers: string[], body: string): Promise<Answer> {
    const startedAt = clock.monotonic()
    return new Promise((resolve) => {
      const request = { startedAt, abort: (error: string, interrupted?: true) => finish(error, interrupted) }
      let status: number | undefined
      let retryAfter: unknown
      let size = 0
      let excerpt = ''
      const finish = (error?: string, interrupted?: true): void => {
        if (!waiting.delete(request)) return
        const seconds = Number(retryAfter)
        resolve({
          durationMs: Math.round(clock.monotonic() - startedAt),
          ...(status !== undefined && { status }),
          ...(error !== undefined && { error }),
          ...(interrupted && { interrupted }),
          ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }),
          // A pair of surrogates that the cut has split is no JSON text to PostgreSQL.
          ...(excerpt && { excerpt: excerpt.toWellFormed() }),
        })
      }
      waiting.add(request)
      const { pool, path } = targetOf(owner, address)
      pool.dispatch(
        { path, method: 'POST', headers, body },
        {
          onRequestStart(controller) {
            request.abort = (error, interrupted) => {
              finish(error, interrupted)
              controller.abort(new Error(error))
            }
            if (!waiting.has(request)) controller.abort(new Error(late))
          },
          onResponseStart(_controller, code, fields) {
            status = code
            retryAfter = fields['retry-after']
          },
          onResponseData(controller, chunk) {
            size += chunk.length
            if (status! >= 300 && excerpt.length < mostExcerpt) {
              // PostgreSQL takes no NUL in text.
              excerpt = (excerpt + chunk.toString('utf8').replaceAll('\0', '')).slice(0, mostExcerpt)
            }
            if (size > mostBody) {
              finish()
              controller.abort(new Error('body too large'))
            }
          },
          onResponseEnd: () => finish(),
          onResponseError: (_controller, error) => finish(sentenceOf(error)),
        },
      )
    })
  }

  return {
    post,
    interrupt() {
      for (const request of [...waiting]) request.abort('the server stopped', true)
    },
    async close() {
      clearInterval(sweeper)
      await Promise.all([...targets.values()].map(({ pool }) => pool.destroy()))
    },
  }
}

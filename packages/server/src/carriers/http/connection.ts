import { type buildConnector, Pool } from 'undici'
import { type Guard, guardedConnector } from '../../egress.ts'
import { type HttpAnswer, mostBody } from './answer.ts'
import type { HttpRequest } from './request.ts'

/** An answer that never came. `written`: bytes may have left, so nobody knows. */
export class NoAnswer extends Error {
  readonly code: string
  readonly written: boolean
  constructor(code: string, written: boolean) {
    super(code)
    this.code = code
    this.written = written
  }
}

const connectTimeoutMs = 5_000

/** Codes that people know; what is not here shows as the network calls it. */
const codes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'closed',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  ETIMEDOUT: 'connect_timeout',
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'host_unknown',
  EAI_AGAIN: 'host_unknown',
  ERR_NOT_PUBLIC: 'address_not_allowed',
  UND_ERR_DESTROYED: 'closed',
}

export interface Exchange {
  /** The whole answer. Rejects with NoAnswer. */
  readonly answer: Promise<HttpAnswer>
  /** Bytes of the request may have left. */
  readonly written: boolean
  /** Hangs up; what was not written yet never will be. */
  giveUp(): void
}

export interface Connection {
  /** Never follows a redirect. */
  send(request: HttpRequest): Exchange
  /** Connects and hangs up: whether anybody is there. */
  probe(origin: string): Promise<boolean>
  close(): Promise<void>
}

/** Keep-alive connections to the provider, one request on each at a time. */
export function openConnection(options: { guard: Guard; connections: number }): Connection {
  const { guard, connections } = options
  const connect = guardedConnector(guard, connectTimeoutMs)
  const pools = new Map<string, Pool>()

  function poolOf(origin: string): Pool {
    let pool = pools.get(origin)
    // The carrier's own timeout ends what takes too long: it knows what to make of an answer that comes after it.
    pool ??= new Pool(origin, { connections, connect, headersTimeout: 0, bodyTimeout: 0 })
    pools.set(origin, pool)
    return pool
  }

  function send({ origin, path, method, headers, body }: HttpRequest): Exchange {
    const { promise: answer, resolve, reject } = Promise.withResolvers<HttpAnswer>()
    const decoder = new TextDecoder()
    let written = false
    let gaveUp = false
    let hangUp = () => {}
    let status = 0
    let fields: HttpAnswer['headers'] = {}
    let text = ''
    const fail = (error: Error & { code?: string }) =>
      reject(new NoAnswer(codes[error.code ?? ''] ?? error.code ?? 'closed', written))
    const end = () => resolve({ status, headers: fields, body: text + decoder.decode() })
    poolOf(origin).dispatch(
      { path, method: method as 'POST', headers, body },
      {
        onRequestStart(controller) {
          hangUp = () => controller.abort(new Error('given up'))
          if (gaveUp) hangUp()
          else written = true
        },
        onResponseStart(_controller, code, answered) {
          status = code
          fields = answered as HttpAnswer['headers']
        },
        onResponseData(controller, chunk) {
          text += decoder.decode(chunk, { stream: true })
          if (text.length <= mostBody) return
          end()
          controller.abort(new Error('the answer is too long'))
        },
        onResponseEnd: end,
        onResponseError: (_controller, error) => fail(error),
      },
    )
    return {
      answer,
      get written() {
        return written
      },
      giveUp() {
        gaveUp = true
        hangUp()
        // In the queue for a connection nobody asks it to start: it fails here and is skipped there.
        reject(new NoAnswer('timeout', written))
      },
    }
  }

  function probe(origin: string): Promise<boolean> {
    const { protocol, hostname, port } = new URL(origin)
    const target: buildConnector.Options = {
      protocol,
      hostname,
      host: hostname,
      port: port || (protocol === 'https:' ? '443' : '80'),
      ...(protocol === 'https:' ? { servername: hostname } : {}),
    }
    return new Promise((resolve) => {
      connect(target, (error, socket) => {
        // Whoever hangs up at once may be told so by a reset, which is nobody's business.
        socket?.on('error', () => {}).destroy()
        resolve(error === null)
      })
    })
  }

  return {
    send,
    probe,
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
      pools.clear()
    },
  }
}

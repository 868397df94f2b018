import type { ServerResponse } from 'node:http'
import type { Authenticator } from './auth.ts'
import { toFailure } from './failure.ts'
import { apiHeaders } from './headers.ts'

/** How often the keys of open streams are looked at again, so that a revoked one does not go on reading. */
const recheckMs = 5_000

interface Stoppable {
  abort(): AbortController
}

/** The streams that are open, and how they end: the caller leaves, the key is revoked, or the server stops. */
export function createStreams(authenticator: Authenticator) {
  interface Open {
    response: ServerResponse
    stop: () => void
    token: string | undefined
  }
  const open = new Set<Open>()
  const timer = setInterval(recheck, recheckMs)
  timer.unref()

  async function recheck(): Promise<void> {
    for (const { token, stop } of open) {
      if (token === undefined) continue
      // A database that does not answer is no reason to end a stream.
      const alive = await Promise.resolve(authenticator.identify(token)).catch(() => true)
      if (!alive) stop()
    }
  }

  return {
    /** Hands the raw response to the handler and keeps watch over it. */
    run(
      write: (response: ServerResponse) => void | Promise<void>,
      response: ServerResponse,
      call: Stoppable,
      token: string | undefined,
    ): void {
      const controller = call.abort()
      const entry: Open = {
        response,
        token,
        stop() {
          controller.abort()
          // Whoever writes has seen the signal and may have said goodbye; now it ends either way.
          setImmediate(() => response.end())
        },
      }
      open.add(entry)
      response.once('close', () => open.delete(entry))
      for (const [name, value] of Object.entries(apiHeaders)) response.setHeader(name, value)
      Promise.resolve()
        .then(() => write(response))
        .catch((error) => {
          if (response.headersSent) return void response.destroy()
          const { status, body, headers } = toFailure(error)
          response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
          response.end(JSON.stringify(body))
        })
    },
    end(): void {
      clearInterval(timer)
      for (const { stop } of open) stop()
    },
  }
}

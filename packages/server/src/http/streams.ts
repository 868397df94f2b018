import type { ServerResponse } from 'node:http'
import { toFailure } from './failure.ts'
import { apiHeaders } from './headers.ts'

/** How often it is asked anew who reads open streams, so that a revoked key or a lost role does not go on reading. */
const recheckMs = 5_000

interface Stoppable {
  abort(): AbortController
}

/** The streams that are open, and how they end: the caller leaves, may not read any more, or the server stops. */
export function createStreams() {
  interface Open {
    response: ServerResponse
    stop: () => void
    stillMay: () => Promise<boolean>
  }
  const open = new Set<Open>()
  const timer = setInterval(recheck, recheckMs)
  timer.unref()

  async function recheck(): Promise<void> {
    for (const { stillMay, stop } of open) {
      // A database that does not answer is no reason to end a stream.
      if (!(await stillMay().catch(() => true))) stop()
    }
  }

  return {
    /** Hands the raw response to the handler and keeps watch over it. */
    run(
      write: (response: ServerResponse) => void | Promise<void>,
      response: ServerResponse,
      call: Stoppable,
      stillMay: () => Promise<boolean>,
    ): void {
      const controller = call.abort()
      const entry: Open = {
        response,
        stillMay,
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

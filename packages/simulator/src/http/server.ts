import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { canonicalNumber, isAddress } from '../handset/number.ts'
import { HttpProblem } from './problem.ts'
import { requireLoopback } from './request.ts'
import { type Interior, routes } from './routes.ts'
import { createStreams } from './stream.ts'

export interface HttpInterface {
  readonly port: number
  close(): Promise<void>
}

interface Options {
  readonly host: string
  readonly port: number
  readonly interior: Interior
  /** Called for every request that is answered, for those who want to know that somebody is there. */
  readonly onCall: () => void
}

/** Opens the handset interface. Rejects with the error of the socket (EADDRINUSE …) if it cannot listen. */
export async function startHttp({ host, port, interior, onCall }: Options): Promise<HttpInterface> {
  const streams = createStreams(interior.shelf)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requireLoopback(request)
    onCall()
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    if (!url) throw new HttpProblem('invalid_address')
    const { methods, number } = findRoute(url.pathname)
    const handler = methods[request.method ?? '']
    if (!handler) {
      response.setHeader('allow', Object.keys(methods).join(', '))
      throw new HttpProblem('method_not_allowed')
    }
    const result = await handler({ request, response, url, number, interior, streams })
    if (result) sendJson(response, result.status, result.body)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const known = error instanceof HttpProblem
      // Whoever asked has gone in the middle of the question.
      if (!known && request.destroyed && !request.complete) return
      if (!known) console.error(error)
      const problem = known ? error : new HttpProblem('internal_error')
      if (response.headersSent) response.destroy()
      else {
        // What is left of a body that nobody reads would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close')
        sendJson(response, problem.status, problem)
      }
    })
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      streams.closeAll()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function findRoute(path: string): { methods: (typeof routes)[string]; number: string } {
  const [, first, given, ...rest] = path.split('/')
  const withNumber = routes[`/${first}/:number/${rest.join('/')}`]
  if (withNumber && given !== undefined) return { methods: withNumber, number: handsetOf(given) }
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (!methods) throw new HttpProblem('not_found')
  return { methods, number: '' }
}

function handsetOf(given: string): string {
  let number: string
  try {
    number = decodeURIComponent(given)
  } catch {
    throw new HttpProblem('invalid_address')
  }
  if (!isAddress(number)) {
    throw new HttpProblem('invalid_request', [
      { field: 'number', message: 'It takes a phone number such as +4915112345678.' },
    ])
  }
  return canonicalNumber(number)
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

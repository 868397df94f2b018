import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { after } from 'node:test'
import type { HttpSettings } from './settings.ts'

/** What a request to the provider was, for tests. */
export interface Taken {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

export type Behaviour = (request: Taken, response: ServerResponse, socket: Socket) => void

/** A provider's HTTP API on this machine: notes what comes, and answers as the test says. */
export async function startProvider(behave: Behaviour = take): Promise<{
  url: string
  taken: Taken[]
  behave(next: Behaviour): void
  /** Cuts every connection. */
  cut(): void
  /** Cuts, and listens no more; `start` listens again. */
  stop(): void
  start(port: number): Promise<void>
}> {
  const taken: Taken[] = []
  const sockets = new Set<Socket>()
  let behaviour = behave
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') }
      taken.push(entry)
      behaviour(entry, response, request.socket)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const start = (port: number) =>
    new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const stop = () => {
    server.close()
    cut()
  }
  await start(0)
  after(stop)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    behave(next) {
      behaviour = next
    },
    cut,
    stop,
    start,
  }
}

export function answer(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

let ids = 0
export const take: Behaviour = (_request, response) => answer(response, 202, { id: `p-${++ids}` })

/** Settings for that provider: JSON both ways, an id in the answer, receipts and messages as callbacks. */
export const testSettings = (url: string): HttpSettings => ({
  request: {
    method: 'POST',
    url: `${url}/messages`,
    json: { to: '{{to}}', from: '{{from}}', text: '{{text}}', ref: '{{id}}', report: '{{callback_url}}' },
  },
  auth: { type: 'bearer', token: '{{secret.api_key}}' },
  answer: { id: { pointer: '/id' }, error: { pointer: '/error' } },
  errors: { NO_SUCH_NUMBER: 'permanent', BUSY: 'throttle', NO_ROUTE: 'elsewhere' },
  callbacks: {
    receipt: {
      when: { pointer: '/type', equals: ['status'] },
      id: '/id',
      state: '/status',
      states: { DELIVERED: 'delivered', FAILED: 'undelivered', SENT: 'pending' },
      error: '/reason',
    },
    incoming: {
      when: { pointer: '/type', equals: ['message'] },
      from: '/from',
      to: '/to',
      text: '/text',
      id: '/id',
    },
  },
})

export const testSecrets = { api_key: 'key-that-nobody-sees', callback_token: 'token-0123456789abcdef' }

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { indexOf, type Range, wallClock } from './traffic.ts'
import { answer } from './worker.ts'

/** The webhook sink, a process of its own: takes every webhook, counts, and checks the signature of one in a hundred. */

export interface SinkProgress {
  /** Messages of the expected range whose delivery was told. */
  readonly messages: number
  /** Webhooks for messages that had theirs already. */
  readonly repeated: number
  readonly checked: number
  /** Signatures that did not verify. */
  readonly wrong: number
}

export interface SinkResult extends SinkProgress {
  /** When each message's webhook came, in milliseconds since the epoch; NaN where none came. */
  readonly arrivedAt: Float64Array
}

const checkEach = 100

let webhook: Webhook | undefined
let first = 0
let arrivedAt = new Float64Array(0)
let received = 0
let counts = { messages: 0, repeated: 0, checked: 0, wrong: 0 }

function take(headers: IncomingMessage['headers'], body: string): void {
  const at = wallClock()
  const { type, data } = JSON.parse(body) as { type: string; data: { to: string } }
  if (received++ % checkEach === 0) check(headers, body)
  if (type !== 'message.delivered') return
  const place = indexOf(data.to) - first
  if (place < 0 || place >= arrivedAt.length) return
  if (Number.isNaN(arrivedAt[place])) {
    arrivedAt[place] = at
    counts.messages++
  } else counts.repeated++
}

function check(headers: IncomingMessage['headers'], body: string): void {
  counts.checked++
  try {
    webhook!.verify(body, headers as Record<string, string>)
  } catch {
    counts.wrong++
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    take(request.headers, (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8'))
    response.writeHead(204).end()
  })
})
server.keepAliveTimeout = 60_000

answer({
  listen: () =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    }),
  secret(secret: string) {
    webhook = new Webhook(secret)
  },
  expect(range: Range) {
    first = range.first
    arrivedAt = new Float64Array(range.count).fill(Number.NaN)
    counts = { messages: 0, repeated: 0, checked: 0, wrong: 0 }
  },
  progress: (): SinkProgress => counts,
  result: (): SinkResult => ({ ...counts, arrivedAt }),
})

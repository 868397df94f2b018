import { type AddressInfo, createServer, type Socket } from 'node:net'
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

function take(head: string, body: string): void {
  const at = wallClock()
  const { type, data } = JSON.parse(body) as { type: string; data: { to: string } }
  if (received++ % checkEach === 0) check(head, body)
  if (type !== 'message.delivered') return
  const place = indexOf(data.to) - first
  if (place < 0 || place >= arrivedAt.length) return
  if (Number.isNaN(arrivedAt[place])) {
    arrivedAt[place] = at
    counts.messages++
  } else counts.repeated++
}

function check(head: string, body: string): void {
  counts.checked++
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
  )
  try {
    webhook!.verify(body, headers)
  } catch {
    counts.wrong++
  }
}

const noContent = 'HTTP/1.1 204 No Content\r\n\r\n'

/** Takes requests with a content-length off a socket, and nothing else of HTTP: a tenth of what node:http takes. */
function serve(socket: Socket): void {
  let kept: Buffer = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    let bytes: Buffer = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    for (;;) {
      const headEnds = bytes.indexOf('\r\n\r\n')
      if (headEnds < 0) break
      const head = bytes.toString('latin1', 0, headEnds)
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1])
      const ends = headEnds + 4 + length
      if (!(bytes.length >= ends)) break
      take(head, bytes.toString('utf8', headEnds + 4, ends))
      bytes = bytes.subarray(ends)
      socket.write(noContent, 'latin1')
    }
    kept = bytes
  })
}

const server = createServer(serve)

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

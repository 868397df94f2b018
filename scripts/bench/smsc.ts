import { createServer, type ServerSession, type SmppServer } from '@kurzpost/smpp'
import { indexOf, type Range, recipientOf, wallClock } from './traffic.ts'
import { answer } from './worker.ts'

/** An SMSC whose phones write to us, a process of its own: sends deliver_sm, and takes what we answer. */

export interface SmscOrder extends Range {
  /** deliver_sm without an answer at a time. */
  readonly window: number
  readonly to: string
  /** What the phones write, in turns. */
  readonly texts: readonly string[]
}

export interface SmscProgress {
  readonly acknowledged: number
  /** Answers that came to phones of this run. */
  readonly answers: number
}

/** Times in milliseconds since the epoch, one a message. */
export interface SmscResult {
  readonly sentAt: Float64Array
  readonly acknowledgedAt: Float64Array
  /** Of the answer, where there was one. */
  readonly answeredAt: Float64Array
  /** By their status, other than OK. */
  readonly refused: number
}

let server: SmppServer | undefined
/** The bind that takes deliver_sm; a new one where the ESME has come again. */
let bound = Promise.withResolvers<ServerSession>()
let progress = { acknowledged: 0, answers: 0 }
let current: { range: Range; answeredAt: Float64Array } | undefined
let ids = 0

async function listen(): Promise<number> {
  server = await createServer({
    port: 0,
    window: 5_000,
    onBind: () => 0,
    onSession: (session) => {
      if (session.bindType !== 'transmitter') bound.resolve(session)
    },
    onClose: () => {
      bound = Promise.withResolvers()
    },
    onRequest(_session, pdu) {
      if (pdu.command !== 'submit_sm') return {}
      const place = indexOf(pdu.destination_addr) - (current?.range.first ?? 0)
      if (current && place >= 0 && place < current.range.count && Number.isNaN(current.answeredAt[place])) {
        current.answeredAt[place] = wallClock()
        progress.answers++
      }
      return { message_id: String(++ids) }
    },
  })
  return server.port
}

async function run(order: SmscOrder): Promise<SmscResult> {
  const { first, count, window, to, texts } = order
  progress = { acknowledged: 0, answers: 0 }
  const [sentAt, acknowledgedAt, answeredAt] = Array.from({ length: 3 }, () =>
    new Float64Array(count).fill(Number.NaN),
  ) as [Float64Array, Float64Array, Float64Array]
  current = { range: { first, count }, answeredAt }
  const session = await bound.promise
  const octets = texts.map((text) => Buffer.from(text, 'latin1'))
  let next = 0
  let refused = 0
  const line = async (): Promise<void> => {
    while (next < count) {
      const place = next++
      sentAt[place] = wallClock()
      const { status } = await session.request({
        ...{
          command: 'deliver_sm',
          source_addr_ton: 1,
          source_addr_npi: 1,
          dest_addr_ton: 0,
          dest_addr_npi: 1,
        },
        source_addr: recipientOf(first + place).slice(1),
        destination_addr: to,
        short_message: octets[place % octets.length]!,
      })
      acknowledgedAt[place] = wallClock()
      if (status !== 0) refused++
      progress.acknowledged++
    }
  }
  await Promise.all(Array.from({ length: window }, line))
  return { sentAt, acknowledgedAt, answeredAt, refused }
}

answer({ listen, run, progress: (): SmscProgress => progress })

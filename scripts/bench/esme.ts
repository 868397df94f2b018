import { createClient, parseReceipt } from '@kurzpost/smpp'
import { indexOf, type Range, recipientOf, textOf, wallClock } from './traffic.ts'
import { answer } from './worker.ts'

/** A customer's system on the SMPP door, a process of its own: submits, and hears what became of it. */

export interface EsmeOrder extends Range {
  readonly port: number
  readonly systemId: string
  readonly password: string
  /** submit_sm without an answer at a time. */
  readonly window: number
}

export interface EsmeProgress {
  readonly answered: number
  readonly receipted: number
}

/** Times in milliseconds since the epoch, one a message. */
export interface EsmeResult {
  readonly startedAt: Float64Array
  readonly answeredAt: Float64Array
  readonly receiptedAt: Float64Array
  /** Receipts for messages that had theirs. */
  readonly repeated: number
}

let progress = { answered: 0, receipted: 0 }

async function run(order: EsmeOrder): Promise<EsmeResult> {
  const { port, systemId, password, window, first, count } = order
  progress = { answered: 0, receipted: 0 }
  const [startedAt, answeredAt, receiptedAt] = Array.from({ length: 3 }, () =>
    new Float64Array(count).fill(Number.NaN),
  ) as [Float64Array, Float64Array, Float64Array]
  const over = Promise.withResolvers<void>()
  let repeated = 0
  const client = createClient({
    ...{ host: '127.0.0.1', port, systemId, password, window, reconnect: false },
    onRequest(pdu) {
      const receipt = parseReceipt(pdu)
      const place = 'source_addr' in pdu ? indexOf(String(pdu.source_addr)) - first : -1
      if (!receipt || place < 0 || place >= count) return {}
      if (Number.isNaN(receiptedAt[place])) progress.receipted++
      else repeated++
      receiptedAt[place] = wallClock()
      if (progress.receipted === count) over.resolve()
      return {}
    },
  })
  await client.connect({ signal: AbortSignal.timeout(20_000) })
  let next = 0
  const line = async (): Promise<void> => {
    while (next < count) {
      const place = next++
      startedAt[place] = wallClock()
      const { status } = await client.submit({
        ...{ source_addr_ton: 5, source_addr: 'Bench', dest_addr_ton: 1, dest_addr_npi: 1 },
        destination_addr: recipientOf(first + place).slice(1),
        registered_delivery: 1,
        short_message: Buffer.from(textOf(first + place), 'latin1'),
      })
      if (status !== 0) throw new Error(`a submit_sm was answered with status ${status}`)
      answeredAt[place] = wallClock()
      progress.answered++
    }
  }
  await Promise.all(Array.from({ length: window }, line))
  await over.promise
  await client.close()
  return { startedAt, answeredAt, receiptedAt, repeated }
}

answer({ run, progress: (): EsmeProgress => progress })

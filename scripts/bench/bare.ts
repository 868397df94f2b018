import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, parseReceipt } from '@kurzpost/smpp'
import { Pool } from 'undici'
import { answer } from './worker.ts'

/**
 * The wires alone, a process of its own: takes each message by HTTP, submits it by SMPP and tells its receipt by a signed webhook,
 * and stores, checks and promises nothing. What Node takes for that is the least that any server in it can take here.
 */

export interface BareOrder {
  readonly smppPort: number
  readonly window: number
  readonly webhook: string
  readonly secret: string
}

interface Draft {
  readonly to: string
  readonly text: string
}

async function listen({ smppPort, window, webhook, secret }: BareOrder): Promise<number> {
  const { origin, pathname } = new URL(webhook)
  const sink = new Pool(origin, { connections: 32 })
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  let count = 0

  const client = createClient({
    ...{ host: '127.0.0.1', port: smppPort, systemId: 'bench', password: 'bench', window },
    onRequest(pdu) {
      const receipt = parseReceipt(pdu)
      if (receipt && 'source_addr' in pdu) tell(receipt.id, `+${pdu.source_addr}`)
      return {}
    },
  })

  async function submit(draft: Draft): Promise<void> {
    await client.submit({
      ...{ source_addr_ton: 5, source_addr: 'Bench', dest_addr_ton: 1, dest_addr_npi: 1 },
      destination_addr: draft.to.slice(1),
      registered_delivery: 1,
      short_message: Buffer.from(draft.text, 'latin1'),
    })
  }

  function tell(id: string, to: string): void {
    const at = new Date()
    const body = JSON.stringify({
      type: 'message.delivered',
      timestamp: at.toISOString(),
      data: { id, to, state: 'delivered' },
    })
    const seconds = Math.floor(at.getTime() / 1_000)
    const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
    const headers = [
      ...['content-type', 'application/json', 'webhook-id', id, 'webhook-timestamp', String(seconds)],
      ...['webhook-signature', `v1,${signature}`],
    ]
    sink.dispatch(
      { path: pathname, method: 'POST', headers, body },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData() {},
        onResponseEnd() {},
        onResponseError: (_controller, error) => failed(error),
      },
    )
  }

  /** Nothing is tried again here: the process ends, and the run with it. */
  const failed = (error: Error): void => {
    process.nextTick(() => {
      throw error
    })
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Draft | { messages: Draft[] }
      const drafts = 'messages' in body ? body.messages : [body]
      const taken = drafts.map(({ to }) => ({ id: String(++count), to, state: 'queued' }))
      const text = JSON.stringify(taken)
      response.writeHead(202, { 'content-type': 'application/json', 'content-length': text.length })
      response.end(text)
      for (const draft of drafts) submit(draft).catch(failed)
    })
  }

  await client.connect({ signal: AbortSignal.timeout(10_000) })
  const server = createServer(take)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

answer({ listen })

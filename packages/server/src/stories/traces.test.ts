import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { parseId } from '../ids.ts'
import { messageTrace, readTraceparent } from '../tracing.ts'
import { openStory } from './house.ts'

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  links?: { traceId: string; spanId: string }[]
}

/** A receiver of OTLP over HTTP, and a webhook endpoint, on this machine. */
const spans: Span[] = []
const asked: { url: string; headers: Record<string, unknown> }[] = []
const told: (string | undefined)[] = []
let wake = () => {}
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (request.url === '/hook') told.push(request.headers.traceparent as string | undefined)
    else {
      asked.push({ url: request.url!, headers: request.headers })
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString())
      spans.push(...resourceSpans[0].scopeSpans[0].spans)
    }
    response.end('{}')
    wake()
  })
})
await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve))
after(() => receiver.close())
const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
const until = async (true_: () => boolean) => {
  while (!true_()) await new Promise<void>((resolve) => (wake = resolve))
}

const story = await openStory({
  env: {
    OTEL_EXPORTER_OTLP_ENDPOINT: address,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=sms%20ops',
    OTEL_SERVICE_NAME: 'post',
  },
})

test('a message’s life is one trace under its own id, linked to the request of the caller’s trace, and webhooks carry it on', async () => {
  await story.api('POST', '/v1/webhooks', { url: `${address}/hook` })
  const caller = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
  const { body } = await story.api(
    'POST',
    '/v1/messages',
    { to: '+4915123456789', text: 'traced' },
    { traceparent: `00-${caller.traceId}-${caller.spanId}-01` },
  )
  const { traceId, spanId } = messageTrace(parseId('message', body.id)!)
  const mine = () => spans.filter((span) => span.traceId === traceId)
  await until(() =>
    ['accept', 'queue', 'submit', 'message.delivered'].every((name) =>
      mine().some((span) => span.name === name),
    ),
  )
  const root = mine().find(({ name }) => name === 'accept')!
  assert.deepEqual([root.spanId, root.parentSpanId], [spanId, undefined])
  for (const span of mine()) if (span !== root) assert.equal(span.parentSpanId, spanId, span.name)

  await until(() => spans.some((span) => span.traceId === caller.traceId))
  const request = spans.find((span) => span.traceId === caller.traceId)!
  assert.deepEqual([request.name, request.parentSpanId], ['POST /v1/messages', caller.spanId])
  assert.deepEqual(root.links, [{ traceId: caller.traceId, spanId: request.spanId }])

  await until(() => told.some((header) => readTraceparent(header)?.traceId === traceId))
  assert.equal(asked[0]!.url, '/v1/traces')
  assert.equal(asked[0]!.headers['x-team'], 'sms ops')
  const all = JSON.stringify(spans)
  for (const secret of ['+4915123456789', '4915123456789', 'traced']) assert.ok(!all.includes(secret), secret)
})

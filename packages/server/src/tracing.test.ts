import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import { uuidv7 } from './ids.ts'
import { silentLog } from './log.ts'
import { messageTrace, newTraceId, readTraceparent, startTracer, writeTraceparent } from './tracing.ts'

const tracer = (env: Record<string, string>) =>
  startTracer({ config: readConfig(env), version: '1', log: silentLog })
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }

test('without an endpoint, or switched off, there is no tracer', () => {
  assert.equal(tracer({}), undefined)
  assert.equal(tracer({ ...endpoint, OTEL_SDK_DISABLED: 'true' }), undefined)
})

const samplers: readonly [sampler: string, argument: string, from: number, to: number][] = [
  ['always_on', '', 1, 1],
  ['parentbased_always_off', '', 0, 0],
  ['traceidratio', '0.25', 0.2, 0.3],
  ['parentbased_traceidratio', '0', 0, 0],
  ['traceidratio', 'nonsense', 1, 1],
]
for (const [sampler, argument, from, to] of samplers)
  test(`${sampler} ${argument} keeps from ${from} to ${to} of messages and requests, the same ones each time`, async () => {
    const one = tracer({ ...endpoint, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument })!
    for (const make of [newTraceId, () => messageTrace(uuidv7(Date.now())).traceId]) {
      const ids = Array.from({ length: 4_000 }, make)
      const kept = ids.filter(one.samples)
      assert.ok(kept.length >= from * ids.length && kept.length <= to * ids.length, String(kept.length))
      assert.ok(kept.every(one.samples))
    }
    await one.close()
  })

test('a traceparent is read as it was written, and what is none is none', () => {
  const context = messageTrace(uuidv7(Date.now()))
  assert.deepEqual(readTraceparent(writeTraceparent(context)), { ...context, sampled: true })
  const [trace, span] = ['a'.repeat(32), 'b'.repeat(16)]
  assert.equal(readTraceparent(`00-${trace}-${span}-00`)?.sampled, false)
  for (const none of [
    undefined,
    '',
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `01-${trace}-${span}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}-01-x`,
  ])
    assert.equal(readTraceparent(none), undefined, String(none))
})

const named: readonly [env: Record<string, string>, resource: Record<string, string>][] = [
  [{}, { 'service.name': 'kurzpost', 'service.version': '1' }],
  [
    { OTEL_RESOURCE_ATTRIBUTES: 'service.name=sms, team=a%2Cb,rate=5%' },
    { 'service.name': 'sms', 'service.version': '1', team: 'a,b', rate: '5%' },
  ],
  [
    { OTEL_RESOURCE_ATTRIBUTES: 'service.name=sms', OTEL_SERVICE_NAME: 'post' },
    { 'service.name': 'post', 'service.version': '1' },
  ],
]
for (const [env, resource] of named)
  test(`traces say of the server: ${JSON.stringify(resource)}`, async () => {
    const bodies: { resourceSpans: { resource: { attributes: { key: string; value: object }[] } }[] }[] = []
    const receiver = createServer(async (request, response) => {
      bodies.push((await json(request)) as (typeof bodies)[number])
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { port } = receiver.address() as AddressInfo
    const one = tracer({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })!
    one.record({ ...messageTrace(uuidv7(Date.now())), name: 'x', kind: 'internal', start: 0, end: 1 })
    await one.close()
    receiver.close()
    const said = bodies[0]!.resourceSpans[0]!.resource.attributes
    assert.deepEqual(
      Object.fromEntries(said.map(({ key, value }) => [key, Object.values(value)[0]])),
      resource,
    )
  })

test('a receiver that is away loses spans, and nothing else', async () => {
  const one = tracer(endpoint)!
  const context = messageTrace(uuidv7(Date.now()))
  for (let n = 0; n < 6_000; n++) one.record({ ...context, name: 'x', kind: 'internal', start: 0, end: 1 })
  await one.close()
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { encodeGsm7 } from '@kurzpost/gsm'
import { systemClock } from '../../clock.ts'
import { createGuard } from '../../egress.ts'
import { publicId } from '../../ids.ts'
import type { Log } from '../../log.ts'
import type { CarrierError, CloseCarrier, OutboundSegment, Submitted } from '../carrier.ts'
import { createHttpCarrier } from './carrier.ts'
import { openConnection } from './connection.ts'
import type { HttpSettings } from './settings.ts'
import { answer, startProvider, testSecrets, testSettings } from './testing.ts'

const lines: string[] = []
const note = (fields: object, message: string) => void lines.push(JSON.stringify(fields) + message)
const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log }

const segment = (text: string, changed: Partial<OutboundSegment> = {}): OutboundSegment => ({
  id: '01900000-0000-7000-8000-000000000001',
  from: 'Kurzpost',
  to: '+4915123456789',
  encoding: 'gsm7',
  header: new Uint8Array(),
  body: encodeGsm7(text),
  concat: null,
  segments: 1,
  validitySeconds: 60,
  ...changed,
})

async function opened(url: string, changed: Partial<HttpSettings> = {}) {
  const late: [OutboundSegment, Submitted][] = []
  let told = () => {}
  const carrier = createHttpCarrier({
    settings: { ...testSettings(url), ...changed },
    secrets: testSecrets,
    callbackUrl: 'https://sms.example.com/cb',
    guard: createGuard({ sandbox: true }),
    clock: systemClock,
    log,
  })
  const close: CloseCarrier = await carrier.open({
    receipt: async () => {},
    incoming: async () => {},
    late(...entry) {
      late.push(entry)
      told()
    },
    changed: () => told(),
  })
  after(close)
  const until = async (true_: () => boolean) => {
    while (!true_()) await new Promise<void>((resolve) => (told = resolve))
  }
  await until(() => carrier.freeWindow > 0)
  return { carrier, close, late, until }
}
const failure = (submission: Promise<unknown>): Promise<CarrierError> =>
  submission.then(
    () => assert.fail('it was taken'),
    (error: CarrierError) => error,
  )

test('a text of any length goes out whole, in one request, with our id and where to report', async () => {
  const provider = await startProvider()
  const { carrier } = await opened(provider.url)
  assert.equal(carrier.long, 'whole')
  const text = `[{"€"}] ${'x'.repeat(400)}`
  const { remoteId, request } = await carrier.submit(segment(text, { segments: 3 }))
  assert.match(remoteId, /^p-/)
  const [taken] = provider.taken
  assert.equal(provider.taken.length, 1)
  assert.deepEqual(JSON.parse(taken!.body), {
    ...{
      to: '+4915123456789',
      from: 'Kurzpost',
      text,
      ref: publicId('message', '01900000-0000-7000-8000-000000000001'),
    },
    report: 'https://sms.example.com/cb',
  })
  assert.equal(taken!.headers.authorization, `Bearer ${testSecrets.api_key}`)
  assert.ok(!Buffer.from(request).toString().includes(testSecrets.api_key), 'the trace covers the key')
})

test('an answer after the time is told with the message that it belongs to, which was of unknown fate', async () => {
  const provider = await startProvider()
  const release = Promise.withResolvers<void>()
  provider.behave(
    (_request, response) => void release.promise.then(() => answer(response, 202, { id: 'slow' })),
  )
  const { carrier, late, until } = await opened(provider.url, { timeout_seconds: 1, window: 2 })
  const given = segment('slow')
  const error = await failure(carrier.submit(given))
  assert.deepEqual([error.code, error.sent], ['timeout', 'maybe'])
  assert.equal(carrier.freeWindow, 1, 'its place is taken as long as it may answer')
  release.resolve()
  await until(() => late.length > 0)
  assert.equal(late[0]![0], given)
  assert.equal(late[0]![1].remoteKey, 'slow')
  await until(() => carrier.freeWindow === 2)
})

test('a carrier closes at once when only answers after the time are waited for', async () => {
  const provider = await startProvider(() => {})
  const { carrier, close, late } = await opened(provider.url, { timeout_seconds: 1 })
  await failure(carrier.submit(segment('never')))
  await close()
  assert.equal(late.length, 0)
  assert.equal(carrier.freeWindow, 0)
})

test('a connection that was never made has sent nothing, and one that comes back is used', async () => {
  const provider = await startProvider()
  const { carrier, until } = await opened(provider.url)
  const { port } = new URL(provider.url)
  provider.stop()
  const error = await failure(carrier.submit(segment('nobody')))
  assert.deepEqual([error.sent, error.retry], ['no', 'unsent'])
  assert.equal(carrier.freeWindow, 0)
  assert.equal(carrier.report!().state, 'binding')
  await provider.start(Number(port))
  await until(() => carrier.freeWindow > 0)
  await carrier.submit(segment('again'))
})

const answers: readonly [what: string, status: number, body: string, code: string, sent: 'no' | 'maybe'][] = [
  ['500', 500, 'Internal error', 'http_500', 'maybe'],
  ['200 with half a JSON', 200, '{"id":"p', 'unreadable_answer', 'maybe'],
  ['429', 429, '{"error":"BUSY"}', 'BUSY', 'no'],
  ['a redirect', 302, '', 'http_302', 'no'],
  ['an answer without an end', 200, `"${'x'.repeat(1_000_000)}"`, 'unreadable_answer', 'maybe'],
]
for (const [what, status, body, code, sent] of answers)
  test(`${what} is sent: ${sent}, and the next message goes out`, async () => {
    const provider = await startProvider((_request, response) =>
      answer(response, status, body, { 'retry-after': '3', location: '/elsewhere' }),
    )
    const { carrier } = await opened(provider.url)
    const error = await failure(carrier.submit(segment('x')))
    assert.deepEqual([error.code, error.sent], [code, sent])
    if (status === 429) assert.deepEqual([error.afterMs, error.throttled], [3_000, true])
    assert.equal(provider.taken.length, 1, 'no redirect is followed')
    provider.behave((_request, response) => answer(response, 202, { id: 'fine' }))
    assert.equal((await carrier.submit(segment('y'))).remoteId, 'fine')
    assert.deepEqual(carrier.report!().errors, [{ code, count: 1 }])
  })

test('cut in the middle of its answer, a message is of unknown fate', async () => {
  const provider = await startProvider((_request, response) => {
    response.writeHead(202, { 'content-length': '100' })
    response.write('{"id":', () => response.destroy())
  })
  const { carrier } = await opened(provider.url)
  assert.equal((await failure(carrier.submit(segment('x')))).sent, 'maybe')
})

test('a part of a message whose other parts went elsewhere is not sent as a text of its own', async () => {
  const provider = await startProvider()
  const { carrier } = await opened(provider.url)
  const part = segment('x', { concat: { reference: 1, total: 2, part: 2 } })
  const error = await failure(carrier.submit(part))
  assert.deepEqual([error.code, error.retry, error.sent], ['part_of_long_message', 'elsewhere', 'no'])
  assert.equal(provider.taken.length, 0)
})

for (const sandbox of [true, false])
  test(`this machine is ${sandbox ? 'a' : 'no'} provider ${sandbox ? 'in' : 'outside of'} the sandbox`, async () => {
    const provider = await startProvider()
    const connection = openConnection({ guard: createGuard({ sandbox }), connections: 1 })
    after(() => connection.close())
    assert.equal(await connection.probe(provider.url), sandbox)
    const request = { origin: provider.url, path: '/', method: 'GET', headers: {}, body: null }
    const outcome = await connection.send(request).answer.then(
      ({ status }) => status,
      ({ code, written }) => [code, written],
    )
    assert.deepEqual(outcome, sandbox ? 202 : ['address_not_allowed', false])
  })

test('a gateway in a network that was opened is a provider, without TLS', async () => {
  const provider = await startProvider()
  const guard = createGuard({ sandbox: false, networks: ['127.0.0.0/8'] })
  const connection = openConnection({ guard, connections: 1 })
  after(() => connection.close())
  assert.equal(await connection.probe(provider.url), true)
  const request = { origin: provider.url, path: '/', method: 'GET', headers: {}, body: null }
  assert.equal((await connection.send(request).answer).status, 202)
})

test('nothing that was logged names a key, a token, a text or a number', () => {
  assert.ok(lines.length > 0)
  for (const secret of [...Object.values(testSecrets), '+49151', 'nobody'])
    assert.ok(!lines.join('\n').includes(secret), secret)
})

import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { silentLog } from '../../log.ts'
import type { OutboundSegment, Submitted } from '../carrier.ts'
import { carrierConformance, type TestNetwork } from '../conformance.ts'
import { createSmppCarrier, parseSmppUrl } from './carrier.ts'

const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0, redeliverMs: 1 })
after(() => simulator.close())

async function http(method: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(`http://127.0.0.1:${simulator.httpPort}${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  })
  assert.ok(response.ok, `${method} ${path} answered ${response.status}`)
  return response
}
const set = async (settings: object) => void (await http('PATCH', '/settings', settings))

const answers = {
  take: { answerNever: false, refusals: '', dropLinkAfter: 0 },
  never: { refusals: 'RINVDSTADR' },
  later: { refusals: 'RTHROTTLED' },
  silence: { answerNever: true },
}

const network: TestNetwork = {
  carrier: ({ window }) =>
    createSmppCarrier({
      ...parseSmppUrl(`smpp://test:test@127.0.0.1:${simulator.smppPort}`),
      window,
      log: silentLog,
    }),
  answer: (how) => set(answers[how]),
  cutAtNext: () => set({ dropLinkAfter: 1 }),
  cut: async () => void (await http('POST', '/binds/drop')),
  write: async (text) => void (await http('POST', '/handsets/4915199999999/messages', { to: '12345', text })),
  async arrived() {
    const { submits } = (await (await http('GET', '/submits?since=0')).json()) as { submits: unknown[] }
    return submits.length
  },
}

beforeEach(async () => {
  await set(answers.take)
  await http('DELETE', '/state')
})

carrierConformance('SMPP', () => network)

const urls: readonly [url: string, expected: object][] = [
  ['smpp://id:pass@host', { host: 'host', port: 2775, tls: false, systemId: 'id', password: 'pass' }],
  ['smpps://id:pass@host', { host: 'host', port: 3550, tls: true, systemId: 'id', password: 'pass' }],
  [
    'smpp://a%40b:p%3A%2F@[::1]:2776',
    { host: '::1', port: 2776, tls: false, systemId: 'a@b', password: 'p:/' },
  ],
]
for (const [url, expected] of urls)
  test(`${url} is read`, () => assert.deepEqual(parseSmppUrl(url), expected))

test('SMPP: an answer after the timeout is handed on, with the segment that it belongs to', async () => {
  const carrier = createSmppCarrier({
    ...parseSmppUrl(`smpp://test:test@127.0.0.1:${simulator.smppPort}`),
    window: 4,
    responseTimeoutMs: 1,
    log: silentLog,
  })
  const up = Promise.withResolvers<void>()
  const late = Promise.withResolvers<[OutboundSegment, Submitted]>()
  const close = await carrier.open({
    changed: () => carrier.freeWindow === 4 && up.resolve(),
    late: (...answer) => late.resolve(answer),
    receipt: async () => {},
    incoming: async () => {},
  })
  await up.promise
  await set({ answerDelayMs: 50 })
  const segment: OutboundSegment = {
    id: 'late',
    from: 'Kurzpost',
    to: '+4915123456789',
    encoding: 'gsm7',
    header: new Uint8Array(),
    body: new TextEncoder().encode('late'),
    concat: null,
    segments: 1,
    validitySeconds: 60,
  }
  await assert.rejects(carrier.submit(segment), { code: 'timeout', sent: 'maybe' })
  const [whose, submitted] = await late.promise
  assert.equal(whose, segment)
  assert.notEqual(submitted.remoteKey, '')
  assert.ok(submitted.request.length > 0)
  await set({ answerDelayMs: 0 })
  await close()
})

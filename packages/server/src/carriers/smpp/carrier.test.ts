import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { systemClock } from '../../clock.ts'
import { silentLog } from '../../log.ts'
import type { OutboundSegment, Submitted } from '../carrier.ts'
import { carrierConformance, type TestNetwork } from '../conformance.ts'
import { createSmppSlot, readSmppUrl } from './kind.ts'
import type { GivenSmppSettings } from './settings.ts'

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

function carrierWith(settings: Partial<GivenSmppSettings>) {
  const given = readSmppUrl(`smpp://test:test@127.0.0.1:${simulator.smppPort}`)
  return createSmppSlot({
    settings: { ...given.settings, ...settings },
    secrets: given.secrets,
    slot: 0,
    clock: systemClock,
    log: silentLog,
  })
}

const answers = {
  take: { answerNever: false, refusals: '', dropLinkAfter: 0 },
  never: { refusals: 'RINVDSTADR' },
  later: { refusals: 'RTHROTTLED' },
  silence: { answerNever: true },
}

const network: TestNetwork = {
  carrier: (settings) => carrierWith(settings),
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

const urls: readonly [url: string, host: string, port: number, tls: boolean, id: string, password: string][] =
  [
    ['smpp://id:pass@host', 'host', 2775, false, 'id', 'pass'],
    ['smpps://id:pass@host', 'host', 3550, true, 'id', 'pass'],
    ['smpp://a%40b:p%3A%2F@[::1]:2776', '::1', 2776, false, 'a@b', 'p:/'],
  ]
for (const [url, host, port, tls, system_id, password] of urls)
  test(`${url} is read`, () =>
    assert.deepEqual(readSmppUrl(url), {
      settings: { hosts: [{ host, port, tls }], system_id },
      secrets: { password },
    }))

test('SMPP: an answer after the timeout is handed on, with the segment that it belongs to', async () => {
  await set({ answerDelayMs: 200 })
  const carrier = carrierWith({ window: 4, response_timeout_seconds: 0.1 })
  const up = Promise.withResolvers<void>()
  const late = Promise.withResolvers<[OutboundSegment, Submitted]>()
  const close = await carrier.open({
    changed: () => carrier.freeWindow === 4 && up.resolve(),
    late: (...answer) => late.resolve(answer),
    receipt: async () => {},
    incoming: async () => {},
  })
  await up.promise
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

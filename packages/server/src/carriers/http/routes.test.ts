import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicId } from '../../ids.ts'
import { silentLog } from '../../log.ts'
import { createMetrics } from '../../metrics.ts'
import type { Call } from '../../route.ts'
import type { CarrierReceipt, IncomingPart } from '../carrier.ts'
import { type CallbackHouse, callbackRoutes } from './routes.ts'
import { testSecrets, testSettings } from './testing.ts'

const settings = testSettings('https://api.example.com')
const row = { id: '01900000-0000-7000-8000-000000000001', accountId: 'a', settings, secrets: testSecrets }

function house(changed: Partial<CallbackHouse> = {}) {
  const receipts: CarrierReceipt[] = []
  const parts: IncomingPart[] = []
  const metrics = createMetrics()
  const [post, get] = callbackRoutes({
    find: async (id) => (id === row.id ? row : undefined),
    receipt: async (_carrier, receipt) => void receipts.push(receipt),
    incoming: async (_carrier, part) => void parts.push(part),
    full: () => false,
    log: silentLog,
    metrics,
    ...changed,
  })
  const call = (given: Partial<Call>): Call =>
    ({
      params: { id: publicId('carrier', row.id), token: testSecrets.callback_token },
      headers: { 'content-type': 'application/json' },
      query: {},
      ...given,
    }) as Call
  return {
    ...{ receipts, parts, metrics },
    post: async (body: object, given: Partial<Call> = {}) =>
      post!.handler(call({ body: Buffer.from(JSON.stringify(body)), ...given })),
    get: async (query: object) => get!.handler(call({ query })),
  }
}
const delivered = { type: 'status', id: 'p-1', status: 'DELIVERED' }

test('a receipt and a message are handed on, and answered with success after that', async () => {
  const { post, get, receipts, parts } = house()
  assert.deepEqual(await post(delivered), { status: 204 })
  assert.deepEqual(await get({ type: 'message', from: '491512345678', to: '1', text: 'hi' }), { status: 204 })
  assert.equal(receipts[0]!.state, 'delivered')
  assert.equal(parts[0]!.text, 'hi')
})

test('the reply of the settings is what the provider gets', async () => {
  const reply = { type: 'text/xml', body: '<Response/>' }
  const talkative = { ...row, settings: { ...settings, callbacks: { ...settings.callbacks, reply } } }
  const { post } = house({ find: async () => talkative })
  assert.deepEqual(await post(delivered), {
    ...{ status: 200, body: reply.body, headers: { 'content-type': 'text/xml' } },
  })
})

const strangers: readonly [what: string, params: object][] = [
  ['another token', { id: publicId('carrier', row.id), token: 'token-0123456789abcdeX' }],
  [
    'another carrier',
    { id: publicId('carrier', row.id.replace(/1$/, '2')), token: testSecrets.callback_token },
  ],
  ['no carrier at all', { id: 'car_nonsense', token: testSecrets.callback_token }],
]
for (const [what, params] of strangers)
  test(`${what} is nothing that is here, and changes nothing`, async () => {
    const { post, receipts, metrics } = house()
    await assert.rejects(post(delivered, { params }), { code: 'not_found' })
    assert.equal(receipts.length, 0)
    assert.match((await metrics.render()).text, /callbacks_total\{what="refused"\} 1/)
  })

test('what cannot be read is said to be so', () =>
  assert.rejects(house().post({}, { body: Buffer.from('{') }), { code: 'unreadable_callback' }))

test('nothing is answered with success that is not stored', async () => {
  const broken = () => Promise.reject(new Error('the database said no'))
  await assert.rejects(house({ receipt: broken }).post(delivered), /said no/)
  await assert.rejects(house({ full: () => true }).post(delivered), { code: 'overloaded' })
})

test('a database that is away for long is waited for a while, and the provider is asked to come again', async () => {
  const { post } = house({ receipt: () => new Promise(() => {}), patienceMs: 1 })
  await assert.rejects(post(delivered), { code: 'database_unavailable' })
})

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type CallbackRequest, isGenuine, readCallback } from './callback.ts'
import type { HttpSettings } from './settings.ts'
import { testSecrets, testSettings } from './testing.ts'

const settings = testSettings('https://api.example.com')
const token = testSecrets.callback_token
const post = (body: string, type = 'application/json', query = {}): CallbackRequest => ({
  method: 'POST',
  headers: { 'content-type': type },
  query,
  body: Buffer.from(body),
})

test('a token lets in, another, a shorter and none do not', () => {
  assert.ok(isGenuine(settings, testSecrets, token, post('{}')))
  for (const other of [`${token}x`, token.slice(1), '', 'undefined'])
    assert.ok(!isGenuine(settings, testSecrets, other, post('{}')), other)
  assert.ok(!isGenuine(settings, {}, token, post('{}')), 'no token was ever given out')
  const { callbacks: _, ...deaf } = settings
  assert.ok(!isGenuine(deaf, testSecrets, token, post('{}')), 'no callbacks are set')
})

test('where a signature is asked for, the bytes of the body must bear it', () => {
  const signed: HttpSettings = {
    ...settings,
    callbacks: {
      ...settings.callbacks,
      signature: {
        algorithm: 'sha256',
        encoding: 'base64',
        secret: 'signing',
        header: 'X-Sig',
        prefix: 'v1=',
      },
    },
  }
  const secrets = { ...testSecrets, signing: 'shh' }
  const body = '{"b":1,  "a":"ü"}'
  const signature = `v1=${createHmac('sha256', 'shh').update(body).digest('base64')}`
  const given = (value: string | undefined) => ({ ...post(body), headers: { 'x-sig': value } })
  assert.ok(isGenuine(signed, secrets, token, given(signature)))
  assert.ok(!isGenuine(signed, secrets, token, { ...given(signature), body: Buffer.from(`${body} `) }))
  for (const bad of [undefined, '', signature.slice(3), signature.replace(/.$/, '')])
    assert.ok(!isGenuine(signed, secrets, token, given(bad)))
  assert.ok(!isGenuine(signed, testSecrets, token, given(signature)), 'the secret is gone')
})

const status = (word: string) =>
  readCallback(settings, post(`{"type":"status","id":"p-1","status":"${word}","reason":5}`))
test('a receipt has its id, its state by the table, and its reason', () => {
  const { receipts, incoming } = status('FAILED')!
  const [receipt] = receipts
  assert.deepEqual(
    [
      receipt!.remoteId,
      receipt!.readings[0]!.key,
      receipt!.state,
      receipt!.error,
      receipt!.text,
      receipt!.covers,
    ],
    ['p-1', 'p-1', 'undelivered', '5', 'FAILED', 'message'],
  )
  assert.equal(incoming.length, 0)
})
for (const word of ['SENT', 'NEVER_HEARD', 'constructor'])
  test(`a receipt that says ${word} decides nothing`, () =>
    assert.equal(status(word)!.receipts[0]!.state, null))

const flat: HttpSettings = {
  request: settings.request,
  callbacks: {
    receipt: { id: '/MessageSid', state: '/MessageStatus', states: { delivered: 'delivered' } },
    incoming: { from: '/From', to: '/To', text: '/Body' },
  },
}
const fields = 'From=%2B4915123456789&To=12345&Body=a%26b+%C3%BC%00'
const forms: readonly [what: string, request: CallbackRequest][] = [
  ['a form', post(fields, 'application/x-www-form-urlencoded; charset=utf-8')],
  [
    'a query',
    { method: 'GET', headers: {}, query: Object.fromEntries(new URLSearchParams(fields)), body: Buffer.of() },
  ],
  ['a query of a POST without a body', post('', '', Object.fromEntries(new URLSearchParams(fields)))],
]
for (const [what, request] of forms)
  test(`a message comes in ${what}`, () => {
    const [part] = readCallback(flat, request)!.incoming
    assert.deepEqual(
      [part!.from, part!.to, part!.text, part!.encoding],
      ['+4915123456789', '12345', 'a&b ü', 'gsm7'],
    )
  })

test('what the settings do not name is counted and left', () => {
  assert.deepEqual(readCallback(flat, post('{"click":1}')), { receipts: [], incoming: [], ignored: 1 })
  assert.equal(status('DELIVERED')!.ignored, 0)
})

test('one callback may bring a list', () => {
  const list = { ...settings, callbacks: { ...settings.callbacks, items: '/results' } }
  const entry = (id: number) => ({ type: 'status', id, status: 'DELIVERED' })
  const { receipts } = readCallback(list, post(JSON.stringify({ results: [entry(1), entry(2)] })))!
  assert.deepEqual(
    receipts.map(({ remoteId }) => remoteId),
    ['1', '2'],
  )
  assert.deepEqual(readCallback(list, post('{"results":{}}')), { receipts: [], incoming: [], ignored: 0 })
})

for (const [body, type] of [
  ['{"a":', 'application/json'],
  ['<a/>', 'text/xml'],
  ['a=1', ''],
] as const)
  test(`${body} as ${type || 'nothing in particular'} cannot be read`, () =>
    assert.equal(readCallback(settings, post(body, type)), undefined))

const spellings: readonly [given: string, ours: string][] = [
  ['4915123456789', '+4915123456789'],
  ['+4915123456789', '+4915123456789'],
  ['004915123456789', '+4915123456789'],
  ['12345', '12345'],
  ['Bank', 'Bank'],
]
for (const [given, ours] of spellings)
  test(`${given} comes in as ${ours}`, () => {
    const body = JSON.stringify({ type: 'message', from: given, to: '12345', text: '', id: 'm1' })
    const [part] = readCallback(settings, post(body))!.incoming
    assert.equal(part!.from, ours)
    assert.equal(part!.remoteId, 'm1')
  })

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { answer, startProvider, testSecrets, testSettings } from '../carriers/http/testing.ts'
import { call, eventually, openStory } from './house.ts'

/** A provider's HTTP API beside the SMPP link: whatever begins with +43 goes there. */

const story = await openStory()
const provider = await startProvider()
const { callbacks, ...settings } = testSettings(provider.url)
let carrier: string
/** Where the provider was told to report to. */
let report: string

before(async () => {
  const made = await story.api('POST', '/v1/carriers', {
    name: 'provider',
    kind: 'http',
    settings: { ...settings, callbacks },
    secrets: testSecrets,
    routes: [{ prefix: '+43' }],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  carrier = made.body.id
  await eventually(async () => (await story.api('GET', `/v1/carriers/${carrier}`)).body.health.state === 'up')
})

const tell = (event: object) => call(report, 'POST', event)
const status = (id: string, word = 'DELIVERED') => tell({ type: 'status', id, status: word })

let number = 0
async function send(text: string): Promise<string> {
  const to = `+43664${String(++number).padStart(7, '0')}`
  const { body } = await story.api('POST', '/v1/messages', { to, text })
  assert.ok(body.id, JSON.stringify(body))
  return body.id
}
const ended = (id: string, name = 'message.delivered') => story.event(name, (data) => data.message_id === id)

test('a text goes whole to the provider, and its receipt comes back by HTTP', async () => {
  provider.behave((_request, response) => answer(response, 202, { id: 'long-1' }))
  const text = 'Grüße aus Wien: "{{to}}" & {}. '.repeat(12)
  const id = await send(text)
  await story.event('message.submitted', (data) => data.message_id === id)
  const sent = JSON.parse(provider.taken.at(-1)!.body)
  assert.deepEqual([sent.text, sent.ref], [text, id])
  report = sent.report
  assert.match(report, new RegExp(`/v1/carriers/${carrier}/callback/`))
  const { body } = await story.api('GET', `/v1/messages/${id}`)
  assert.ok(body.segments > 1)
  assert.equal((await status('long-1')).status, 204)
  await ended(id)
})

test('a receipt that comes before the answer finds its message when the answer is there', async () => {
  let early: Awaited<ReturnType<typeof tell>> | undefined
  provider.behave(async (_request, response) => {
    early = await status('early-1')
    answer(response, 202, { id: 'early-1' })
  })
  const id = await send('early')
  await ended(id)
  assert.equal(early?.status, 204)
})

test('a receipt that comes twice, and one that contradicts it later, change nothing any more', async () => {
  provider.behave((_request, response) => answer(response, 202, { id: 'twice-1' }))
  const id = await send('twice')
  await story.event('message.submitted', (data) => data.message_id === id)
  await Promise.all([status('twice-1'), status('twice-1')])
  await ended(id)
  await status('twice-1', 'FAILED')
  assert.equal((await story.api('GET', `/v1/messages/${id}`)).body.state, 'delivered')
  assert.equal(
    story.seen.filter(({ type, data }) => type === 'message.delivered' && data.message_id === id).length,
    1,
  )
})

test('what a phone writes comes once, however often the provider says so', async () => {
  const event = { type: 'message', from: '4366412345678', to: '43800', text: 'Servus', id: 'mo-1' }
  assert.deepEqual(
    new Set((await Promise.all([tell(event), tell(event)])).map((one) => one.status)),
    new Set([204]),
  )
  await tell(event)
  const data = await story.event('message.received')
  assert.deepEqual([data.from, data.text], ['+4366412345678', 'Servus'])
  await tell({ ...event, text: 'Baba', id: 'mo-2' })
  await story.event('message.received', (data) => data.text === 'Baba')
  assert.equal(
    story.seen.filter(({ type, data }) => type === 'message.received' && data.text === 'Servus').length,
    1,
  )
})

test('after a 500 nobody knows, and it is said so; a refusal of the number is final', async () => {
  provider.behave((_request, response) => answer(response, 500, 'oops'))
  const unsure = await send('unsure')
  await ended(unsure, 'message.uncertain')
  provider.behave((_request, response) => answer(response, 400, { error: 'NO_SUCH_NUMBER' }))
  const refused = await send('refused')
  const data = await ended(refused, 'message.rejected')
  assert.equal(data.error.carrier_code, 'NO_SUCH_NUMBER')
  assert.equal(
    provider.taken.filter(({ body }) => body.includes('unsure')).length,
    1,
    'it was not sent again',
  )
})

test('429 with Retry-After is waited out, and then the message goes', async () => {
  let times = 0
  provider.behave((_request, response) => {
    if (++times === 1) answer(response, 429, { error: 'BUSY' }, { 'retry-after': '1' })
    else answer(response, 202, { id: 'busy-1' })
  })
  const id = await send('busy')
  await story.event('message.submitted', (data) => data.message_id === id)
  assert.equal(times, 2)
})

test('without the token there is nothing, and no secret comes back from anywhere', async () => {
  const wrong = await call(report.replace(/.$/, 'X'), 'POST', {
    type: 'status',
    id: 'x',
    status: 'DELIVERED',
  })
  assert.equal(wrong.status, 404)
  const { body: shown } = await story.api('GET', `/v1/carriers/${carrier}`)
  const { body: messages } = await story.api('GET', '/v1/messages')
  const details = await Promise.all(
    messages.data.map(async ({ id }: { id: string }) => (await story.api('GET', `/v1/messages/${id}`)).body),
  )
  const all = JSON.stringify([shown, details, story.seen, await (await fetch(`${story.url}/metrics`)).text()])
  assert.ok(all.includes('Bearer ••••'), 'the trace of the request is there')
  for (const secret of Object.values(testSecrets)) assert.ok(!all.includes(secret), secret)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, openStory } from './house.ts'

const story = await openStory()
let last = 0
const number = () => `+49151123${String(++last).padStart(5, '0')}`
const handset = (of: string) => `/handsets/${encodeURIComponent(of)}/messages`
const states = (message: { timeline: { state: string }[] }) => message.timeline.map((step) => step.state)

const long = {
  gsm7: 'Sehr geehrte Kundin, Ihr Termin ist verlegt. Bitte [bestätigen] Sie ihn für 20 €. '.repeat(5),
  ucs2: 'Ваша посылка уже в пути 🚚 и придёт сегодня вечером. '.repeat(5),
}

test('a message goes through API, database, dispatcher and SMPP to the handset, and its receipt comes back', async () => {
  const to = number()
  const sent = await story.api('POST', '/v1/messages', {
    to,
    from: 'Kurzpost',
    text: 'Hallo, Ihr Paket kommt heute.',
  })
  assert.equal(sent.status, 202)
  assert.deepEqual(sent.body, { id: sent.body.id, state: 'queued', encoding: 'gsm7', segments: 1, to })

  await story.event('message.delivered', (data) => data.message_id === sent.body.id)
  const { body: message } = await story.api('GET', `/v1/messages/${sent.body.id}`)
  assert.equal(message.state, 'delivered')
  assert.deepEqual(states(message), ['accepted', 'queued', 'on_wire', 'submitted', 'delivered'])
  assert.equal(message.segment_list[0].request.decoded.command, 'submit_sm')
  assert.equal(message.segment_list[0].receipts.length, 1)

  const [onPhone] = await story.phone('GET', handset(to))
  assert.equal(onPhone.text, 'Hallo, Ihr Paket kommt heute.')
  assert.equal(onPhone.from, 'Kurzpost')
})

for (const [encoding, text] of Object.entries(long)) {
  test(`a long text in ${encoding} arrives whole, and is delivered when all its segments are`, async () => {
    const to = number()
    const { body: sent } = await story.api('POST', '/v1/messages', { to, text })
    assert.equal(sent.encoding, encoding)
    assert.ok(sent.segments > 2)
    await story.event('message.delivered', (data) => data.message_id === sent.id)

    const { body: message } = await story.api('GET', `/v1/messages/${sent.id}`)
    assert.equal(message.segment_list.length, sent.segments)
    assert.ok(message.segment_list.every((segment: { state: string }) => segment.state === 'delivered'))
    const [onPhone] = await story.phone('GET', handset(to))
    assert.equal(onPhone.text, text)
    assert.equal(onPhone.segments, sent.segments)
  })

  test(`a long text in ${encoding} from a handset arrives as one message`, async () => {
    const from = number()
    await story.phone('POST', handset(from), { to: '+4930111', text })
    const received = await story.event('message.received', (data) => data.from === from)
    assert.equal(received.text, text)
    assert.equal(received.to, '+4930111')
    assert.equal(received.complete, true)
    assert.ok(received.segments > 2)
  })
}

test('a reply appears among the messages, with the trace of who was asked', async () => {
  const from = number()
  await story.phone('POST', handset(from), { to: '12345', text: 'Good morning' })
  const received = await story.event('message.received', (data) => data.from === from)
  assert.equal(received.text, 'Good morning')
  const { body: message } = await story.api('GET', `/v1/messages/${received.message_id}`)
  assert.equal(message.direction, 'inbound')
  assert.equal(message.state, 'received')
  assert.ok(Array.isArray(message.trace.asked))
  assert.equal(message.trace.taken_by, received.claimed_by)
})

test('a message that is scheduled waits, becomes queued at its time, and goes out', async () => {
  const to = number()
  const sendAt = new Date(Date.now() + 1_500)
  const { body: sent } = await story.api('POST', '/v1/messages', {
    to,
    text: 'später',
    send_at: sendAt.toISOString(),
  })
  assert.equal(sent.state, 'scheduled')
  await story.event('message.delivered', (data) => data.message_id === sent.id)
  const { body: message } = await story.api('GET', `/v1/messages/${sent.id}`)
  assert.deepEqual(states(message), ['accepted', 'scheduled', 'queued', 'on_wire', 'submitted', 'delivered'])
  const onWire = message.timeline.find((step: { state: string }) => step.state === 'on_wire')
  assert.ok(new Date(onWire.at) >= sendAt, 'it did not leave before its time')
})

test('a scheduled message can be cancelled once and for all; one that is out cannot', async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
  const { body: later } = await story.api('POST', '/v1/messages', {
    to: number(),
    text: 'x',
    send_at: inAnHour,
  })
  const cancelled = await story.api('POST', `/v1/messages/${later.id}/cancel`)
  assert.equal(cancelled.status, 200)
  assert.equal(cancelled.body.state, 'cancelled')
  assert.ok(cancelled.body.final_at)
  assert.equal((await story.api('POST', `/v1/messages/${later.id}/cancel`)).body.state, 'cancelled')
  await story.event('message.cancelled', (data) => data.message_id === later.id)

  const { body: sent } = await story.api('POST', '/v1/messages', { to: number(), text: 'x' })
  await story.event('message.delivered', (data) => data.message_id === sent.id)
  const refused = await story.api('POST', `/v1/messages/${sent.id}/cancel`)
  assert.equal(refused.status, 409)
  assert.equal(refused.body.error.code, 'not_cancellable')
})

test('what the carrier refuses is rejected, with the word of the carrier', async () => {
  await story.phone('PATCH', '/settings', { refusals: 'RINVDSTADR' })
  const { body: sent } = await story.api('POST', '/v1/messages', {
    to: number(),
    text: 'x',
    client_ref: 'order 7',
  })
  const rejected = await story.event('message.rejected', (data) => data.message_id === sent.id)
  await story.phone('PATCH', '/settings', { refusals: '' })
  assert.deepEqual(rejected.error, { code: 'carrier_rejected', carrier_code: 'ESME_RINVDSTADR' })
  assert.equal(rejected.client_ref, 'order 7')
  const { body: message } = await story.api('GET', `/v1/messages/${sent.id}`)
  assert.match(message.error.message, /refused/)
})

test('what the carrier throttles is sent again until it is taken', async () => {
  await story.phone('PATCH', '/settings', { refusals: 'RTHROTTLED' })
  const { body: sent } = await story.api('POST', '/v1/messages', { to: number(), text: 'x' })
  const refused = async () => (await story.phone('GET', '/health')).stats.throttled
  const before = await refused()
  await eventually(async () => (await refused()) > before)
  await story.phone('PATCH', '/settings', { refusals: '' })
  await story.event('message.delivered', (data) => data.message_id === sent.id)
  const { body: message } = await story.api('GET', `/v1/messages/${sent.id}`)
  assert.equal(message.possible_duplicate, false, 'a refusal is an answer, so nothing can be out twice')
  const attempts = message.timeline.filter((step: { state: string }) => step.state === 'on_wire')
  assert.deepEqual(
    attempts.map((step: { attempt: number }) => step.attempt),
    [1],
    'and no attempt of the message',
  )
})

test('a bad outcome reported by the network ends the message, and a later "delivered" outranks it', async () => {
  await story.phone('PATCH', '/settings', { receiptState: 'undelivered' })
  const { body: sent } = await story.api('POST', '/v1/messages', { to: number(), text: 'x' })
  const undelivered = await story.event('message.undelivered', (data) => data.message_id === sent.id)
  assert.equal(undelivered.error.code, 'undelivered')
  await story.phone('PATCH', '/settings', { receiptState: 'delivered' })
})

test('a list is paged by key, newest first, and filtered', async () => {
  const to = number()
  const ids: string[] = []
  for (const n of [1, 2, 3])
    ids.push((await story.api('POST', '/v1/messages', { to, text: `n${n}` })).body.id)
  const first = await story.api('GET', `/v1/messages?to=${encodeURIComponent(to)}&limit=2`)
  assert.deepEqual(
    first.body.data.map((item: { id: string }) => item.id),
    [ids[2], ids[1]],
  )
  const next = await story.api(
    'GET',
    `/v1/messages?to=${encodeURIComponent(to)}&limit=2&before=${first.body.next}`,
  )
  assert.deepEqual(
    next.body.data.map((item: { id: string }) => item.id),
    [ids[0]],
  )
  assert.equal(next.body.next, null)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { publicId, uuidv7 } from '../../ids.ts'
import { testApi } from '../testing.ts'
import { messageRoutes } from './messages.ts'
import { Accepted, Message, MessageDetail } from './schemas.ts'

const { ask, as, key, db, accountId } = await testApi(({ core }) =>
  messageRoutes(core, (bytes) => ({ hex: bytes.toString('hex'), decoded: null })),
)

const to = '+4915123456789'
const stored = async () => {
  const [row] = await db.query<{ n: number }>({
    name: 'test_count',
    text: 'select count(*) as n from messages',
  })
  return row!.n
}

test('a message is answered with its id, state, encoding and segments once it is stored', async () => {
  const { status, body } = await ask('POST', '/v1/messages', { to: '0151 23456789', text: 'Grüß Gott' })
  assert.equal(status, 202)
  assert.deepEqual(Object.keys(body), ['id', 'state', 'encoding', 'segments', 'to'])
  assert.deepEqual({ ...body, id: '' }, { id: '', state: 'queued', encoding: 'gsm7', segments: 1, to })
  assert.ok(Value.Check(Accepted, body))
  const read = await ask('GET', `/v1/messages/${body.id}`)
  assert.equal(read.status, 200)
  assert.ok(Value.Check(MessageDetail, read.body), JSON.stringify(Value.Errors(MessageDetail, read.body)))
  assert.equal(read.body.text, 'Grüß Gott')
  assert.deepEqual(
    read.body.timeline.map((step: { state: string }) => step.state),
    ['accepted', 'queued'],
  )
})

test('everything that a draft can say comes back', async () => {
  const draft = {
    to,
    text: 'Guten Tag 🙂',
    from: 'Laden',
    lane: 'marketing',
    send_at: new Date(Date.now() + 3_600_000).toISOString(),
    expires_at: new Date(Date.now() + 7_200_000).toISOString(),
    client_ref: 'order-7',
    encoding: 'ucs2',
  }
  const { body } = await ask('POST', '/v1/messages', draft)
  assert.equal(body.state, 'scheduled')
  const read = await ask('GET', `/v1/messages/${body.id}`)
  for (const [field, value] of Object.entries(draft)) assert.equal(read.body[field], value, field)
})

test('a long text shows its segments before any carrier has answered', async () => {
  const text = 'x'.repeat(200)
  const { body } = await ask('POST', '/v1/messages', { to, text })
  assert.equal(body.segments, 2)
  const { segment_list } = (await ask('GET', `/v1/messages/${body.id}`)).body
  assert.equal(segment_list.map((segment: { text: string }) => segment.text).join(''), text)
  assert.deepEqual(
    segment_list.map(({ index, state, attempt }: Record<string, unknown>) => [index, state, attempt]),
    [
      [1, 'queued', 0],
      [2, 'queued', 0],
    ],
  )
})

const refusals: [what: string, body: unknown, code: string, field: string][] = [
  ['no number', { to: 'Mutter', text: 'x' }, 'invalid_number', 'to'],
  ['a number of a wrong type', { to: 4915123456789, text: 'x' }, 'invalid_request', 'to'],
  ['a number too long to read', { to: '+49'.padEnd(41, '1'), text: 'x' }, 'invalid_request', 'to'],
  ['no text', { to }, 'invalid_request', 'text'],
  ['an empty text', { to, text: '' }, 'text_empty', 'text'],
  ['more segments than allowed', { to, text: 'x'.repeat(2_000) }, 'text_too_long', 'text'],
  ['a text beyond all measure', { to, text: 'x'.repeat(40_001) }, 'invalid_request', 'text'],
  ['a smiley in the GSM alphabet', { to, text: '🙂', encoding: 'gsm7' }, 'text_not_encodable', 'text'],
  ['a sender that is none', { to, text: 'x', from: 'A very long name' }, 'invalid_sender', 'from'],
  ['an unknown lane', { to, text: 'x', lane: 'fast' }, 'invalid_request', 'lane'],
  ['a time without a zone', { to, text: 'x', send_at: '2030-01-01T00:00:00' }, 'invalid_request', 'send_at'],
  ['a leap second', { to, text: 'x', send_at: '2016-12-31T23:59:60Z' }, 'invalid_request', 'send_at'],
  [
    'a time too far away',
    { to, text: 'x', send_at: '2999-01-01T00:00:00Z' },
    'send_at_out_of_range',
    'send_at',
  ],
  [
    'an end before the start',
    { to, text: 'x', expires_at: '2020-01-01T00:00:00Z' },
    'expires_before_send',
    'expires_at',
  ],
  ['an unknown field', { to, text: 'x', sender: 'y' }, 'invalid_request', 'sender'],
]

for (const [what, body, code, field] of refusals) {
  test(`${what} is refused with ${code}, and nothing is stored`, async () => {
    const before = await stored()
    const answer = await ask('POST', '/v1/messages', body)
    assert.equal(answer.status, 422)
    assert.equal(answer.body.error.code, code)
    const { details } = answer.body.error
    assert.equal(Array.isArray(details) ? details[0].field : details.field, field)
    assert.equal(await stored(), before)
  })
}

test('each entry of a batch is accepted or refused on its own, in order', async () => {
  const before = await stored()
  const { status, body } = await ask('POST', '/v1/messages/batch', {
    messages: [
      { to, text: 'one' },
      7,
      { to: 'nobody', text: 'two' },
      { to, text: 'three', x: 1 },
      { to, text: 'four' },
    ],
  })
  assert.equal(status, 202)
  assert.deepEqual(
    body.results.map(({ ok, error }: { ok: boolean; error?: { code: string } }) => (ok ? 'ok' : error!.code)),
    ['ok', 'invalid_request', 'invalid_number', 'invalid_request', 'ok'],
  )
  assert.equal(await stored(), before + 2)
})

test('a batch takes a thousand long messages, and not one more', async () => {
  const messages = Array.from({ length: 1_000 }, () => ({ to, text: 'ß'.repeat(1_500) }))
  const { status, body } = await ask('POST', '/v1/messages/batch', { messages })
  assert.equal(status, 202)
  assert.ok(body.results.every((result: { ok: boolean }) => result.ok))
  const more = await ask('POST', '/v1/messages/batch', { messages: [...messages, messages[0]] })
  assert.equal(more.status, 422)
  assert.deepEqual(more.body.error.details, [
    { field: 'messages', problem: 'must not have more than 1000 items' },
  ])
  assert.equal((await ask('POST', '/v1/messages/batch', { messages: [] })).status, 422)
})

test('the same idempotency key gives the same answer, whatever the order of the fields', async () => {
  const headers = { 'idempotency-key': 'order-42' }
  const first = await ask('POST', '/v1/messages', { to, text: 'once' }, headers)
  const before = await stored()
  const again = await ask('POST', '/v1/messages', { text: 'once', to }, headers)
  assert.equal(again.status, 202)
  assert.deepEqual(again.body, first.body)
  assert.equal(await stored(), before)
  const other = await ask('POST', '/v1/messages', { to, text: 'twice' }, headers)
  assert.equal(other.status, 409)
  assert.equal(other.body.error.code, 'idempotency_conflict')
  const elsewhere = await ask('POST', '/v1/messages/batch', { messages: [{ to, text: 'once' }] }, headers)
  assert.equal(elsewhere.status, 409)
})

test('many repeats at once are one message', async () => {
  const before = await stored()
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      ask('POST', '/v1/messages', { to, text: 'rush' }, { 'idempotency-key': 'rush' }),
    ),
  )
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
  assert.equal(await stored(), before + 1)
})

test('an idempotency key that cannot be one is refused', async () => {
  for (const bad of ['x'.repeat(256), 'two words', ' ']) {
    const { status, body } = await ask('POST', '/v1/messages', { to, text: 'x' }, { 'idempotency-key': bad })
    assert.equal(status, 422, bad)
    assert.equal(body.error.details[0].field, 'Idempotency-Key')
  }
})

test('pages of a list follow each other without gap or repeat, newest first', async () => {
  const sent: string[] = []
  for (const text of ['1', '2', '3', '4', '5']) {
    sent.unshift((await ask('POST', '/v1/messages', { to, text, client_ref: 'paging' })).body.id)
  }
  const seen: string[] = []
  let next: string | null = ''
  while (next !== null) {
    const { body } = await ask('GET', `/v1/messages?client_ref=paging&limit=2${next && `&before=${next}`}`)
    assert.ok(body.data.every((item: unknown) => Value.Check(Message, item)))
    seen.push(...body.data.map(({ id }: { id: string }) => id))
    next = body.next
  }
  assert.deepEqual(seen, sent)
  const newer = await ask('GET', `/v1/messages?client_ref=paging&after=${sent[2]}`)
  assert.deepEqual(
    newer.body.data.map(({ id }: { id: string }) => id),
    sent.slice(0, 2),
  )
})

test('a list is filtered by what is asked', async () => {
  const at = new Date()
  const { body: made } = await ask('POST', '/v1/messages', {
    to: '+4915199999999',
    text: 'x',
    lane: 'code',
    from: 'Filter',
  })
  const found = async (query: string) =>
    (await ask('GET', `/v1/messages?${query}`)).body.data.map(({ id }: { id: string }) => id)
  const since = encodeURIComponent(new Date(at.getTime() - 1).toISOString())
  for (const query of [
    'to=%2B4915199999999',
    'to=+4915199999999',
    'from=Filter',
    'lane=code',
    `since=${since}&lane=code`,
    'direction=outbound&state=queued&state=scheduled&from=Filter',
  ]) {
    assert.deepEqual(await found(query), [made.id], query)
  }
  assert.deepEqual(await found('direction=inbound'), [])
  assert.deepEqual(await found('state=delivered'), [])
  assert.deepEqual(await found('until=1960-01-01T00:00:00Z'), [])
  assert.ok((await found('since=1960-01-01T00:00:00Z')).includes(made.id))
})

for (const query of [
  'limit=0',
  'limit=201',
  'limit=x',
  'state=lost',
  'before=msg_x',
  'since=yesterday',
  'page=2',
]) {
  test(`a list with ${query} is refused`, async () => {
    const { status, body } = await ask('GET', `/v1/messages?${query}`)
    assert.equal(status, 422)
    assert.equal(body.error.details[0].field.split('.')[0], query.split('=')[0])
  })
}

test('a message is cancelled while it waits, and a repeat changes nothing', async () => {
  const { body } = await ask('POST', '/v1/messages', { to, text: 'never mind' })
  for (const _ of [1, 2]) {
    const cancelled = await ask('POST', `/v1/messages/${body.id}/cancel`)
    assert.equal(cancelled.status, 200)
    assert.equal(cancelled.body.state, 'cancelled')
  }
})

test('ids of nothing, of another kind and of another account are not found', async () => {
  const { body } = await ask('POST', '/v1/messages', { to, text: 'mine' })
  const foreign = body.id.replace('msg_', 'evt_')
  for (const id of ['msg_00000000000000000000000000', foreign, 'x', 'msg_%00', "'"]) {
    for (const [method, path] of [
      ['GET', `/v1/messages/${id}`],
      ['POST', `/v1/messages/${id}/cancel`],
    ] as const) {
      const { status } = await ask(method, path)
      assert.ok(status === 404 || status === 422, `${method} ${path}: ${status}`)
    }
  }
  const other = '018f0000-0000-7000-8000-000000000001'
  await db.query({ name: 'test_move', text: 'update messages set account_id = $2 where account_id = $1' }, [
    accountId,
    other,
  ])
  assert.equal((await ask('GET', `/v1/messages/${body.id}`)).status, 404)
  assert.equal((await ask('POST', `/v1/messages/${body.id}/cancel`)).status, 404)
  assert.deepEqual((await ask('GET', '/v1/messages')).body.data, [])
})

test('a key for reading cannot send', async () => {
  const reader = as(await key('messages:read'))
  assert.equal((await reader('POST', '/v1/messages', { to, text: 'x' })).status, 403)
  assert.equal((await reader('GET', '/v1/messages')).status, 200)
})

test('an inbound message is shown whatever alphabet its parts came in; they are not cut anew', async () => {
  const id = uuidv7(Date.now())
  const insert = {
    name: 'test_inbound',
    text: `insert into messages (account_id, id, direction, state, sender, recipient, body, encoding, segments,
        timeline, created_at, updated_at, final_at)
      values ($1, $2, 'inbound', 'received', $3, '72727', 'Açık', 'gsm7', 1, '', now(), now(), now())`,
  }
  await db.query(insert, [accountId, id, to])
  const { status, body } = await ask('GET', `/v1/messages/${publicId('message', id)}`)
  assert.equal(status, 200)
  assert.deepEqual([body.text, body.encoding, body.segments, body.segment_list], ['Açık', 'gsm7', 1, []])
  assert.ok(Value.Check(MessageDetail, body))
})

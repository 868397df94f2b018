import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStory } from './house.ts'

const story = await openStory()
const to = '+4915112333001'

const post = (key: string, body: object) =>
  story.api('POST', '/v1/messages', body, { 'idempotency-key': key })
const submitted = async () =>
  (await story.phone('GET', '/submits?since=0')).submits.filter((submit: { to: string }) =>
    submit.to.includes('15112333001'),
  )

test('fifty requests at once with one idempotency key send one message and get one answer', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => post('one', { to, text: 'einmal' })))
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([202]))
  assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1)
  await story.event('message.delivered', (data) => data.message_id === answers[0]!.body.id)
  assert.equal((await submitted()).length, 1)
  const { body } = await story.api('GET', `/v1/messages?to=${encodeURIComponent(to)}`)
  assert.equal(body.data.length, 1)
})

test('the same key with another text is a conflict and stores nothing', async () => {
  const answer = await post('one', { to, text: 'zweimal' })
  assert.equal(answer.status, 409)
  assert.equal(answer.body.error.code, 'idempotency_conflict')
  const { body } = await story.api('GET', `/v1/messages?to=${encodeURIComponent(to)}`)
  assert.equal(body.data.length, 1)
})

test('two requests at once with one key and different texts: one is sent, the other is told of the conflict', async () => {
  const answers = await Promise.all([post('race', { to, text: 'a' }), post('race', { to, text: 'b' })])
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [202, 409])
})

test('a batch is repeated as a whole', async () => {
  const messages = [
    { to, text: 'gut' },
    { to: 'keine Nummer', text: 'schlecht' },
  ]
  const first = await story.api('POST', '/v1/messages/batch', { messages }, { 'idempotency-key': 'batch' })
  const again = await story.api('POST', '/v1/messages/batch', { messages }, { 'idempotency-key': 'batch' })
  assert.equal(first.status, 202)
  assert.deepEqual(
    first.body.results.map((result: { ok: boolean }) => result.ok),
    [true, false],
  )
  assert.equal(first.body.results[1].error.code, 'invalid_number')
  assert.deepEqual(again.body, first.body)
})

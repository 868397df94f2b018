import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noRules, openStory } from './house.ts'

const story = await openStory({ env: { KURZPOST_UNCERTAIN_SECONDS: '1' } })
let last = 0
const number = () => `+49151225${String(++last).padStart(5, '0')}`

async function send(count: number, more: object = {}): Promise<string[]> {
  const messages = Array.from({ length: count }, () => ({
    to: number(),
    text: 'Ihr Zug fährt heute von Gleis 7.',
    ...more,
  }))
  const { body } = await story.api('POST', '/v1/messages/batch', { messages })
  return body.results.map((result: { id: string }) => result.id)
}
const delivered = (ids: string[]) =>
  Promise.all(ids.map((id) => story.event('message.delivered', (data) => data.message_id === id)))
const detail = async (id: string) => (await story.api('GET', `/v1/messages/${id}`)).body

test("what was taken but not answered when the link broke is sent again by the lane's policy, and flagged", async () => {
  await story.phone('PATCH', '/settings', { dropLinkAfter: 1 })
  const [code] = await send(1, { lane: 'code' })
  const [event] = await delivered([code!])
  assert.equal(event.possible_duplicate, true)
  const message = await detail(code!)
  // Between the two it may meet the broken link once more, unsent: a claim was under way when the link broke.
  const steps: string[] = message.timeline.map((step: { state: string }) => step.state)
  assert.deepEqual(steps.slice(0, 5), ['accepted', 'queued', 'on_wire', 'uncertain', 'queued'])
  assert.deepEqual(steps.slice(-3), ['on_wire', 'submitted', 'delivered'])

  await story.phone('PATCH', '/settings', { dropLinkAfter: 1 })
  const [patient] = await send(1, { lane: 'transactional' })
  await story.event('message.uncertain', (data) => data.message_id === patient)
  assert.equal((await delivered([patient!]))[0].possible_duplicate, true)
})

test('an advert of unknown fate is not sent twice: it waits for its expiry', async () => {
  await story.phone('PATCH', '/settings', { dropLinkAfter: 1 })
  await story.api('PUT', '/v1/consent-rules', noRules)
  const expiresAt = new Date(Date.now() + 3_000).toISOString()
  const [id] = await send(1, { lane: 'marketing', expires_at: expiresAt })
  const expired = await story.event('message.expired', (data) => data.message_id === id)
  assert.equal(expired.error.code, 'outcome_unknown')
  assert.equal(expired.possible_duplicate, false)
  const { to } = await detail(id!)
  const { submits } = await story.phone('GET', '/submits?since=0')
  assert.equal(submits.filter((submit: { to: string }) => to.endsWith(submit.to.replace('+', ''))).length, 1)
})

test('while the carrier is gone messages wait, and go out when it is back; what expires meanwhile is not sent', async () => {
  await story.phone('PATCH', '/settings', { bindStatus: 0x0d })
  await story.phone('POST', '/binds/drop')
  const waiting = await send(40)
  const [late] = await send(1, { lane: 'code', expires_at: new Date(Date.now() + 1_000).toISOString() })
  const expired = await story.event('message.expired', (data) => data.message_id === late)
  assert.equal(expired.error.code, 'validity_expired')
  assert.equal((await detail(waiting[0]!)).state, 'queued')
  await story.phone('PATCH', '/settings', { bindStatus: 0 })
  const events = await delivered(waiting)
  assert.ok(
    events.every((event) => event.possible_duplicate === false),
    'nothing was on the wire, so nothing is out twice',
  )
})

test('links that break again and again under load lose nothing', async () => {
  const ids = await send(600, { lane: 'code' })
  for (const each of [50, 80, 40]) await story.phone('PATCH', '/settings', { dropLinkAfter: each })
  await delivered(ids)
  const { submits } = await story.phone('GET', '/submits?since=0')
  const counts = new Map<string, number>()
  for (const { to } of submits) counts.set(to, (counts.get(to) ?? 0) + 1)
  for (const id of ids) {
    const message = await detail(id)
    const count = counts.get(message.to) ?? 0
    assert.ok(count >= 1, 'every message reached the carrier')
    if (count > 1) assert.equal(message.possible_duplicate, true, 'a second copy is flagged')
  }
})

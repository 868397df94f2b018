import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, noRules, openStory } from './house.ts'

const story = await openStory()
await story.api('PUT', '/v1/consent-rules', noRules)
const [carrier] = (await story.api('GET', '/v1/carriers')).body.data

let number = 0
const send = async (draft: object = {}) =>
  (
    await story.api('POST', '/v1/messages', {
      to: `+49151${String(20_000_000 + number++)}`,
      text: 'x',
      ...draft,
    })
  ).body
const waiting = async ({ id }: { id: string }) => (await story.api('GET', `/v1/messages/${id}`)).body.waiting
/** A message that waits for this reason: a change reaches every part of the house within a moment, and not at once. */
async function heldBack(code: string, draft: object = {}): Promise<{ id: string }> {
  let message = await send(draft)
  await eventually(async () => {
    const now = await waiting(message)
    if (now === null) message = await send(draft)
    return now?.code === code
  })
  return message
}
const mode = (to: string) => story.api('PATCH', `/v1/carriers/${carrier.id}`, { mode: to })

test('a message that is scheduled says until when', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString()
  assert.deepEqual(await waiting(await send({ send_at: at })), {
    code: 'scheduled',
    sentence: 'It is to be sent at a later time.',
    until: at,
  })
})

test('a paused carrier sends nothing, its link stays up, and the message says why it waits', async () => {
  await mode('paused')
  const first = await heldBack('carrier_paused')
  const second = await send({ lane: 'marketing' })
  const { sentence, facts } = await waiting(first)
  assert.equal(sentence, 'Its only carrier cannot take it: main is paused.')
  assert.deepEqual(facts, { carriers: [{ name: 'main', code: 'paused', links: 1 }] })
  const { body: queue } = await story.api('GET', '/v1/queue')
  assert.ok(Date.parse(queue.as_of) > Date.now() - 10_000)
  assert.deepEqual(
    queue.lanes.map(({ lane }: { lane: string }) => lane),
    ['alert', 'code', 'transactional', 'conversation', 'marketing'],
  )
  await eventually(async () => {
    const { lanes, carriers } = (await story.api('GET', '/v1/queue')).body
    return lanes[2].ready === 1 && lanes[4].ready === 1 && carriers[0].ready === 2
  })
  const binds = (await story.api('GET', `/v1/carriers/${carrier.id}`)).body.binds
  assert.equal(binds[0].state, 'bound')
  await mode('active')
  await story.event('message.delivered', (data) => data.message_id === second.id)
  assert.equal(await waiting(first), null)
})

test('a message that no route takes says so, and goes as soon as one does', async () => {
  const { body: routes } = await story.api('GET', '/v1/routes')
  for (const { id } of routes.data) await story.api('PATCH', `/v1/routes/${id}`, { enabled: false })
  const message = await heldBack('no_route')
  await eventually(async () => (await story.api('GET', '/v1/queue')).body.no_route === 1)
  for (const { id } of routes.data) await story.api('PATCH', `/v1/routes/${id}`, { enabled: true })
  await story.event('message.delivered', (data) => data.message_id === message.id)
})

test('who is over the limit of the account waits for a turn, and says so', async () => {
  await story.api('PUT', '/v1/rate-limits', { sender: 'Slow', segments_per_second: 0.001 })
  const late = await heldBack('sender_rate', { from: 'Slow' })
  const { sentence, facts } = await waiting(late)
  assert.match(sentence, /the sender Slow may send 0.001 segments a second/)
  assert.deepEqual(facts, { sender: 'Slow', segments_per_second: 0.001 })
  const other = await send()
  await story.event('message.delivered', (data) => data.message_id === other.id)
  await story.api('PUT', '/v1/rate-limits', { sender: 'Slow', segments_per_second: 1_000 })
  await story.event('message.delivered', (data) => data.message_id === late.id)
})

test('a drained carrier gives its bind back, and takes it again', async () => {
  await mode('drained')
  const state = async () => (await story.api('GET', `/v1/carriers/${carrier.id}`)).body
  await eventually(async () => (await state()).binds.every(({ node }: { node: unknown }) => node === null))
  const message = await heldBack('carrier_drained')
  await mode('active')
  await story.event('message.delivered', (data) => data.message_id === message.id)
})

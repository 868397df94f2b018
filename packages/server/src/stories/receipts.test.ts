import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, openStory } from './house.ts'

const story = await openStory()
let last = 0
const number = () => `+49151224${String(++last).padStart(5, '0')}`
const text = 'Ihr Termin ist morgen um 9 Uhr.'

async function sendMany(count: number): Promise<string[]> {
  const messages = Array.from({ length: count }, () => ({ to: number(), text }))
  const { body } = await story.api('POST', '/v1/messages/batch', { messages })
  return body.results.map((result: { id: string }) => result.id)
}
const allDelivered = (ids: string[]) =>
  Promise.all(ids.map((id) => story.event('message.delivered', (data) => data.message_id === id)))
const detail = async (id: string) => (await story.api('GET', `/v1/messages/${id}`)).body

test('receipts that come before their answers are all matched', async () => {
  await story.phone('PATCH', '/settings', { receiptsFirst: true })
  const ids = await sendMany(300)
  await allDelivered(ids)
  await story.phone('PATCH', '/settings', { receiptsFirst: false })
  const message = await detail(ids[0]!)
  assert.deepEqual(
    message.timeline.map((step: { state: string }) => step.state),
    ['accepted', 'queued', 'on_wire', 'submitted', 'delivered'],
    'the order of the story is kept though the receipt came first',
  )
})

test('a receipt that comes twice changes nothing the second time, and is kept', async () => {
  await story.phone('PATCH', '/settings', { duplicateReceipts: true })
  const [id] = await sendMany(1)
  await allDelivered([id!])
  const twice = async () => (await detail(id!)).segment_list[0].receipts.length === 2
  await eventually(twice)
  await story.phone('PATCH', '/settings', { duplicateReceipts: false })
  const message = await detail(id!)
  assert.equal(message.timeline.filter((step: { state: string }) => step.state === 'delivered').length, 1)
  assert.equal(
    story.seen.filter((event) => event.type === 'message.delivered' && event.data.message_id === id).length,
    1,
  )
})

const spellings = [
  { idInAnswer: 'hex', idInReceipt: 'same' },
  { idInAnswer: 'hex', idInReceipt: 'decimal' },
  { idInAnswer: 'decimal', idInReceipt: 'hex-upper' },
  { idInAnswer: 'hex-mixed', idInReceipt: 'decimal-padded', idBits: '64' },
  { idInAnswer: 'uuid', idInReceipt: 'same' },
] as const
for (const spelling of spellings) {
  test(`receipts are matched when ids are written ${Object.values(spelling).join(', ')}`, async () => {
    await story.phone('PATCH', '/settings', spelling)
    await allDelivered(await sendMany(20))
    await story.phone('PATCH', '/settings', { idInAnswer: 'decimal', idInReceipt: 'same', idBits: '53' })
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addNetwork, ends, kindsOf, type Network, readings } from './carriers.ts'
import { openStory } from './house.ts'

const story = await openStory({ env: { KURZPOST_UNCERTAIN_SECONDS: '60' } })
const detail = async (id: string) => (await story.api('GET', `/v1/messages/${id}`)).body
const arrived = async (network: Network): Promise<{ to: string; text: string; segments: number }[]> =>
  (await network.phone('GET', '/submits?since=0')).submits
/** The recipients of what arrived of these messages, here or over the carrier that takes everything. */
async function everywhere(network: Network, sent: readonly { to: string }[]): Promise<string[]> {
  const numbers = new Set(sent.map(({ to }) => to))
  const { submits } = await story.phone('GET', '/submits?since=0')
  return [...(await arrived(network)), ...submits]
    .map(({ to }: { to: string }) => `+${to.replace('+', '')}`)
    .filter((to) => numbers.has(to))
}
const long = 'Ein langer Text, der in mehreren Teilen reist. '.repeat(12)

test('group 26: what is refused for now goes out again, and once', async () => {
  const network = await addNetwork(story, {
    settings: { retry_pause_seconds: 0.1, throttle_pause_seconds: 0.1 },
    simulator: { refusals: 'RSYSERR 8%, 0x64 8%' },
  })
  assert.deepEqual(kindsOf(await ends(story, await network.send(20))), ['delivered'])
  assert.equal((await arrived(network)).length, 20)
})

test('group 26: the table of a carrier says what its codes mean: again, never, or to the next carrier', async () => {
  const network = await addNetwork(story, {
    settings: { retry_pause_seconds: 0.1, errors: { '0x400-0x4ff': 'same', '0x45': 'permanent' } },
    simulator: { refusals: '0x401 every 2' },
  })
  assert.deepEqual(kindsOf(await ends(story, await network.send(10))), ['delivered'])
  await network.phone('PATCH', '/settings', { refusals: '0x45' })
  const [refused] = await network.send(1)
  const event = await story.event('message.rejected', (data) => data.message_id === refused!.id)
  assert.equal(event.error.carrier_code, 'ESME_RSUBMITFAIL')
  const generous = await addNetwork(story, { simulator: { refusals: '0x45' } })
  const messages = await generous.send(10)
  assert.deepEqual(
    kindsOf(await ends(story, messages)),
    ['delivered'],
    'over the carrier that takes everything',
  )
  const others = await story.phone('GET', '/submits?since=0')
  assert.equal(others.submits.length, 10)
})

test('group 27: answers that are slower than the timeout are believed when they come, and nothing goes out twice', async () => {
  const network = await addNetwork(story, {
    settings: { response_timeout_seconds: 0.2 },
    simulator: { answerDelayMs: 600 },
  })
  const sent = await network.send(20)
  // Receipts come at once: before their answers, and before these are given up.
  assert.deepEqual(kindsOf(await ends(story, sent)), ['delivered'])
  // What came when the carrier had been given a rest went elsewhere.
  assert.equal((await everywhere(network, sent)).length, 20)
  for (const { id } of sent) assert.equal((await detail(id)).possible_duplicate, false)
  assert.equal((await readings(story.databaseUrl)).orphans, 0)
})

test('group 28: throttling in the middle of a long text sends the rest again, in order, under the same reference', async () => {
  const network = await addNetwork(story, {
    settings: { throttle_pause_seconds: 0.1 },
    simulator: { refusals: 'RTHROTTLED every 6' },
  })
  const sent = await network.send(2, { text: long })
  assert.deepEqual(kindsOf(await ends(story, sent)), ['delivered'])
  const texts = await arrived(network)
  assert.equal(texts.length, 2, 'each phone shows one text')
  assert.ok(texts.every(({ text, segments }) => text === long && segments === 4))
  const { stats } = await network.phone('GET', '/health')
  assert.equal(stats.duplicate_parts, 0, 'no part came twice')
  assert.ok(stats.throttled > 0)
})

test('group 29: of a link that is lost with a full window each message is delivered; what was out twice says so', async () => {
  const network = await addNetwork(story, { settings: { window: 20 }, simulator: { answerDelayMs: 20 } })
  await network.phone('PATCH', '/settings', { dropLinkAfter: 15 })
  const sent = await network.send(60, { lane: 'code' })
  assert.deepEqual(kindsOf(await ends(story, sent)), ['delivered'])
  const counts = new Map<string, number>()
  for (const to of await everywhere(network, sent)) counts.set(to, (counts.get(to) ?? 0) + 1)
  for (const { id, to } of sent) {
    const times = counts.get(to) ?? 0
    assert.ok(times >= 1)
    if (times > 1) assert.equal((await detail(id)).possible_duplicate, true)
  }
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { eventually, openStory } from './house.ts'

/** Two carriers, the dearer of which takes over whenever the cheaper is away. */
const story = await openStory()
const second = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
after(() => second.close())

const submitted = async (simulator: { httpPort: number }): Promise<number> =>
  (
    (await (await fetch(`http://127.0.0.1:${simulator.httpPort}/health`)).json()) as {
      stats: { accepted: number }
    }
  ).stats.accepted

async function carrier(name: string, smppPort: number, cost: number): Promise<string> {
  const { status, body } = await story.api('POST', '/v1/carriers', {
    name,
    kind: 'smpp',
    settings: { hosts: [{ host: '127.0.0.1', port: smppPort }], system_id: 'story' },
    secrets: { password: 'story' },
    routes: [{ prefix: '+4915', cost }],
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}
const carrierOf = async (id: string) => (await story.api('GET', `/v1/carriers/${id}`)).body
const isUp = (id: string) => eventually(async () => (await carrierOf(id)).health.state === 'up')

let number = 0
async function send(count: number, lane = 'transactional'): Promise<string[]> {
  const messages = Array.from({ length: count }, () => ({
    to: `+49151${String(10_000_000 + number++)}`,
    text: 'x',
    lane,
  }))
  const ids: string[] = []
  for (const message of messages) ids.push((await story.api('POST', '/v1/messages', message)).body.id)
  return ids
}
const delivered = (id: string) => story.event('message.delivered', (data) => data.message_id === id)

test('when a link dies its queued messages take the next carrier within seconds, and come back with it', async (t) => {
  let first = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0, answerDelayMs: 20 })
  after(() => first.close())
  const port = first.smppPort
  const ids = [await carrier('cheap', port, 1), await carrier('dear', second.smppPort, 2)]
  await Promise.all(ids.map(isUp))
  const before = await send(10)
  await Promise.all(before.map(delivered))
  assert.equal(await submitted(second), 0, 'the cheap one took all')

  const during = await send(30)
  const codes = await send(20, 'code')
  await first.close()
  const closedAt = performance.now()
  const more = await send(30)
  for (const id of more) await delivered(id)
  t.diagnostic(`${Math.round(performance.now() - closedAt)} ms until all of them were delivered elsewhere`)
  for (const id of during) {
    const { body } = await story.api('GET', `/v1/messages/${id}`)
    // On the wire of the dead link: nobody knows, and nothing goes out twice by itself. Or taken, and its receipt died
    // with the carrier.
    assert.ok(['delivered', 'uncertain', 'submitted'].includes(body.state), body.state)
    assert.equal(body.possible_duplicate, false)
  }

  for (const id of codes) {
    const { body } = await story.api('GET', `/v1/messages/${id}`)
    if (body.state === 'submitted') continue
    assert.equal(body.state, 'delivered')
    const ways = body.timeline.flatMap((step: { carrier?: string }) => step.carrier ?? [])
    assert.equal(body.possible_duplicate, ways.length > 1, ways.join())
    assert.equal(ways.at(-1), body.possible_duplicate ? 'dear' : ways[0])
  }

  first = await startSimulator({ smppPort: port, httpPort: 0, receiptDelayMs: 0 })
  await isUp(ids[0]!)
  const later = await send(10)
  await Promise.all(later.map(delivered))
  assert.equal(await submitted(first), 10, 'traffic is back')
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, listen, noRules, storyEnv, storyKey } from './house.ts'
import { startServer } from './process.ts'

const { url: databaseUrl } = await testDatabase()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
after(() => simulator.close())
const authorization = `Bearer ${storyKey}`
const perSecond = 40
/** What was sent in a second may arrive in a little less. */
const secondMs = 850

test('two nodes that share the binds of a carrier never exceed its rate, and a code overtakes their backlog', async () => {
  const env = storyEnv({ databaseUrl, smppPort: simulator.smppPort })
  const nodes = [await startServer(env), await startServer(env)]
  const [one] = nodes
  const api = (method: string, path: string, body?: object) =>
    call(one!.url + path, method, body, { authorization })
  const events = await listen(one!.url)
  after(events.stop)
  const carrier = (await api('GET', '/v1/carriers')).body.data[0]
  const settings = { segments_per_second: perSecond, binds: [{ type: 'transceiver', count: 2 }] }
  assert.equal((await api('PATCH', `/v1/carriers/${carrier.id}`, { settings })).status, 200)
  const binds = async () => (await api('GET', `/v1/carriers/${carrier.id}`)).body.binds
  await eventually(async () => {
    const bound = (await binds()).filter(({ state }: { state: string }) => state === 'bound')
    return new Set(bound.map(({ node }: { node: number }) => node)).size === 2
  })

  await api('PUT', '/v1/consent-rules', noRules)
  const backlog = Array.from({ length: 160 }, (_, n) => ({
    to: `+4915${String(100_000_000 + n)}`,
    // Every fourth has two segments.
    text: n % 4 === 0 ? 'x'.repeat(200) : 'x',
    lane: 'marketing',
  }))
  assert.equal((await api('POST', '/v1/messages/batch', { messages: backlog })).status, 202)
  await eventually(async () => (await submits()).length > 5)
  const code = await api('POST', '/v1/messages', { to: '+4915999999999', text: 'code', lane: 'code' })
  await events.wait('message.delivered', (data) => data.message_id === code.body.id)
  assert.ok((await submits()).length < 120, 'the backlog is still there')
  await eventually(async () => (await submits()).length === 161)

  const log = await submits()
  for (const { at } of log) {
    const within = log.filter((each) => each.at >= at && each.at < at + secondMs)
    const segments = within.reduce((sum, each) => sum + each.segments, 0)
    assert.ok(segments <= perSecond + 1, `${segments} segments in ${secondMs} ms`)
  }
  const seconds = (log.at(-1)!.at - log[0]!.at) / 1_000
  // Loose, for a machine with other work: a rate that is not used at all takes minutes.
  assert.ok(seconds < (201 / perSecond) * 4, `the rate is used: ${seconds} s`)
  for (const node of nodes) await node.kill('SIGTERM')
})

async function submits(): Promise<{ at: number; segments: number }[]> {
  return (await call(`http://127.0.0.1:${simulator.httpPort}/submits`, 'GET')).body.submits
}

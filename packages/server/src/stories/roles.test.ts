import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, listen, storyEnv, storyKey } from './house.ts'
import { startServer } from './process.ts'

const { url: databaseUrl } = await testDatabase()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
after(() => simulator.close())
const env = storyEnv({ databaseUrl, smppPort: simulator.smppPort })
const authorization = `Bearer ${storyKey}`

test('three nodes, each with one role, do together what one does, and each leaves to the others what is theirs', async () => {
  const [api, carriers, jobs] = await Promise.all(
    ['api', 'carriers', 'jobs'].map((roles) => startServer({ ...env, KURZPOST_ROLES: roles })),
  )
  const events = await listen(api!.url)
  after(events.stop)
  const health = async () => (await call(`http://127.0.0.1:${simulator.httpPort}/health`, 'GET')).body
  assert.equal((await call(`${carriers!.url}/v1/info`, 'GET', undefined, { authorization })).status, 404)
  assert.equal((await call(`${jobs!.url}/docs`, 'GET')).status, 404)
  for (const node of [api!, carriers!, jobs!])
    assert.equal((await call(`${node.url}/readyz`, 'GET')).status, 200, 'health is asked of all')

  const send = (more: object) =>
    call(`${api!.url}/v1/messages`, 'POST', { to: '+4915123456789', text: 'Da.', ...more }, { authorization })
  const now = await send({})
  // A scheduled one needs the sweeper of the jobs node to become ready.
  const later = await send({ send_at: new Date(Date.now() + 300).toISOString() })
  for (const { body } of [now, later])
    await events.wait('message.delivered', (data) => data.message_id === body.id)

  const nodes = async () =>
    (await call(`${api!.url}/v1/nodes`, 'GET', undefined, { authorization })).body.data
  const roles = new Map(
    (await nodes()).map((node: { roles: string[]; url: string }) => [node.url, node.roles]),
  )
  assert.deepEqual(roles.get(carriers!.url), ['carriers'])
  const holders = (await nodes()).filter((node: { binds: object[] }) => node.binds.length > 0)
  assert.deepEqual(
    holders.map((node: { url: string }) => node.url),
    [carriers!.url],
  )
  assert.equal((await health()).binds?.length ?? 1, 1)

  await carriers!.kill('SIGTERM')
  await eventually(async () => (await nodes()).length === 2)
  const waiting = await send({})
  assert.equal(waiting.status, 202, 'a node that only has the API takes messages all the same')
  const again = await startServer({ ...env, KURZPOST_ROLES: 'carriers' })
  await events.wait('message.delivered', (data) => data.message_id === waiting.body.id)
  for (const node of [api!, jobs!, again]) await node.kill('SIGTERM')
})

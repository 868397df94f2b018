import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { testCluster } from '../store/testing.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'
import { startServer } from './process.ts'

test('a server whose database is gone stops all the same, with an answer of the carrier still unwritten', async () => {
  const { url: databaseUrl, cluster } = await testCluster()
  const simulator = await startSimulator({
    smppPort: 0,
    httpPort: 0,
    receiptDelayMs: 0,
    answerDelayMs: 1_000,
  })
  after(() => simulator.close())
  const server = await startServer(storyEnv({ databaseUrl, smppPort: simulator.smppPort }))
  const message = { to: '+4915123456789', text: 'Bis gleich.' }
  const { status } = await call(`${server.url}/v1/messages`, 'POST', message, {
    authorization: `Bearer ${storyKey}`,
  })
  assert.equal(status, 202)
  const health = () => call(`http://127.0.0.1:${simulator.httpPort}/health`, 'GET')
  await eventually(async () => (await health()).body.stats.submit_sm === 1)
  process.kill(cluster.pid, 'SIGQUIT')
  await server.kill('SIGTERM')
  assert.equal(server.child.exitCode, 0, 'by itself')
})

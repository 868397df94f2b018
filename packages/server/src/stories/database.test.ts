import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { serve } from '../main.ts'
import { statement } from '../store/db.ts'
import { testCluster } from '../store/testing.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'

const { cluster, url: databaseUrl, db } = await testCluster()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 50 })
const server = await serve(
  readConfig({ ...storyEnv({ databaseUrl, smppPort: simulator.smppPort }), KURZPOST_UNCERTAIN_SECONDS: '1' }),
  silentLog,
)
after(async () => {
  await server.stop()
  await simulator.close()
})

const count = async (text: string): Promise<number> => {
  const rows = await db
    .query<{ n: number }>(statement(createHash('md5').update(text).digest('hex'), text))
    .catch(() => [])
  return rows[0]?.n ?? -1
}

test('PostgreSQL restarted under load: every request is answered, what was accepted is delivered, what came in is kept', async () => {
  const total = 1_500
  const accepted: string[] = []
  const refused = new Set<string>()
  let next = 0
  let restarted = false
  const posting = Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < total || !restarted) {
        const n = next++
        const answer = await call(
          `${server.url}/v1/messages`,
          'POST',
          { to: `+49152${40_000_000 + n}`, text: 'Ihr Termin steht.', lane: 'code' },
          { authorization: `Bearer ${storyKey}` },
        )
        if (answer.status === 202) accepted.push(answer.body.id)
        else refused.add(answer.body.error.code)
      }
    }),
  )
  const handset = `http://127.0.0.1:${simulator.httpPort}/handsets/${encodeURIComponent('+491520000777')}/messages`
  await eventually(async () => accepted.length > 300)
  for (let reply = 0; reply < 20; reply++)
    await call(handset, 'POST', { to: '12345', text: `Antwort ${reply}` })
  await cluster.restart()
  restarted = true
  for (let reply = 20; reply < 40; reply++)
    await call(handset, 'POST', { to: '12345', text: `Antwort ${reply}` })
  await posting

  assert.ok(accepted.length >= 300)
  assert.ok(
    [...refused].every((code) => code === 'database_unavailable'),
    [...refused].join(),
  )
  await eventually(
    async () =>
      (await count(
        `select count(*)::integer as n from messages where direction = 'outbound' and final_at is null`,
      )) === 0,
  )
  const states = await db.query<{ state: string }>({
    name: 'test_states',
    text: `select distinct state from messages where direction = 'outbound'`,
  })
  assert.deepEqual(states, [{ state: 'delivered' }])
  await eventually(
    async () =>
      (await count(`select count(distinct body)::integer as n from messages where direction = 'inbound'`)) ===
      40,
  )
})

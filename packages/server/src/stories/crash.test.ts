import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { statement } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'
import { type ServerProcess, startServer } from './process.ts'

const total = 5_000
const batchSize = 50
const kills = 3
const window = 100

const { url: databaseUrl, db } = await testDatabase()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 100 })
after(() => simulator.close())

const env = {
  ...storyEnv({ databaseUrl, smppPort: simulator.smppPort }),
  KURZPOST_UNCERTAIN_SECONDS: '1',
  KURZPOST_CARRIER_WINDOW: String(window),
}
const recipient = (n: number) => `+49152${String(30_000_000 + n)}`
const lanes = ['code', 'transactional', 'alert', 'conversation']

/** Posts one batch until somebody answers for it: the idempotency key makes the repetition safe. */
async function insist(server: () => ServerProcess, batch: number): Promise<string[]> {
  const messages = Array.from({ length: batchSize }, (_, at) => ({
    to: recipient(batch * batchSize + at),
    text: `Nachricht ${batch}/${at}`,
    lane: lanes[(batch + at) % lanes.length],
  }))
  const headers = { authorization: `Bearer ${storyKey}`, 'idempotency-key': `batch-${batch}` }
  let ids: string[] | undefined
  await eventually(async () => {
    const answer = await call(`${server().url}/v1/messages/batch`, 'POST', { messages }, headers).catch(
      () => undefined,
    )
    if (answer?.status === 202) ids = answer.body.results.map((result: { id: string }) => result.id)
    return ids !== undefined
  })
  return ids!
}

const one = async <T>(text: string): Promise<T> =>
  (await db.query<T>(statement(createHash('md5').update(text).digest('hex'), text)))[0]!
const finished = async () =>
  (await one<{ n: number }>('select count(*)::integer as n from messages where final_at is not null')).n

test(`kill -9, ${kills} times while ${total} messages flow: each accepted one reaches one final state, duplicates are flagged`, async () => {
  let server = await startServer(env)
  const accepted: string[] = []
  let next = 0
  const posting = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (next < total / batchSize) accepted.push(...(await insist(() => server, next++)))
    }),
  )
  for (let kill = 1; kill <= kills; kill++) {
    await eventually(async () => (await finished()) >= (kill * total) / (kills + 2))
    await server.kill('SIGKILL')
    server = await startServer(env)
  }
  await posting
  await eventually(async () => (await finished()) === total)

  assert.equal(new Set(accepted).size, total, 'every batch was accepted exactly once')
  const rows = await db.query<{ recipient: string; state: string; possible_duplicate: boolean }>({
    name: 'test_rows',
    text: 'select recipient, state, possible_duplicate from messages',
  })
  assert.equal(rows.length, total)
  assert.deepEqual([...new Set(rows.map((row) => row.state))], ['delivered'])
  assert.equal(
    (await one<{ n: number }>('select count(*)::integer as n from queue')).n,
    0,
    'nothing is left in the queue',
  )

  const { body } = await call(`http://127.0.0.1:${simulator.httpPort}/submits?since=0`, 'GET')
  const copies = new Map<string, number>()
  for (const { to } of body.submits) {
    const number = to.startsWith('+') ? to : `+${to}`
    copies.set(number, (copies.get(number) ?? 0) + 1)
  }
  let duplicates = 0
  for (const row of rows) {
    const count = copies.get(row.recipient) ?? 0
    assert.ok(count >= 1, 'it reached the carrier')
    if (count === 1) continue
    duplicates += count - 1
    assert.equal(row.possible_duplicate, true, 'a second copy is flagged')
  }
  assert.ok(duplicates <= kills * window, `${duplicates} duplicates, and at most a window a kill`)

  const events = await one<{ n: number; unique: number }>(
    `select count(*)::integer as n, count(distinct payload->>'message_id')::integer as unique from events where name = 'message.delivered'`,
  )
  assert.deepEqual(events, { n: total, unique: total }, 'each delivery was told once')
  await server.kill('SIGTERM')
  assert.equal(server.child.exitCode, 0, 'a clean stop')
})

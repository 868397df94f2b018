import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { publicId } from '../ids.ts'
import { silentLog } from '../log.ts'
import { openDb, statement } from '../store/db.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'
import { startServer } from './process.ts'
import { startPair } from './standby.ts'

const authorization = `Bearer ${storyKey}`

test('the primary is killed under traffic and its standby takes over: two nodes go on, their binds stay up, what was accepted ends delivered', async (t) => {
  const pair = await startPair()
  const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 100 })
  const env = {
    ...storyEnv({ databaseUrl: pair.url, smppPort: simulator.smppPort }),
    KURZPOST_UNCERTAIN_SECONDS: '1',
  }
  const nodes = [await startServer(env), await startServer(env)]
  const db = openDb(pair.url, { max: 2, log: silentLog, name: 'test' })
  after(async () => {
    await db.close()
    await simulator.close()
  })
  const one = async <T>(name: string, text: string): Promise<T> =>
    (await db.query<T>(statement(name, text)))[0]!

  const accepted = new Set<string>()
  const refused = new Set<string>()
  let enough = false
  let next = 0
  const posting = Promise.all(
    Array.from({ length: 8 }, async (_, client) => {
      while (!enough) {
        const n = next++
        const answer = await call(
          `${nodes[client % 2]!.url}/v1/messages`,
          'POST',
          { to: `+49152${50_000_000 + n}`, text: `Nummer ${n}`, lane: 'code' },
          { authorization },
        )
        if (answer.status === 202) accepted.add(answer.body.id)
        else {
          refused.add(answer.body.error.code)
          assert.ok(answer.status === 503, `${answer.status}`)
        }
      }
    }),
  )
  await eventually(async () => accepted.size > 300)
  const bindOf = () => one<{ fence: number; node: number }>('test_bind', 'select fence, node from binds')
  const before = await bindOf()
  const links = async () => (await call(`http://127.0.0.1:${simulator.httpPort}/health`, 'GET')).body
  // Looked at all the time: a link that goes and comes again would be missed otherwise.
  let lost = 0
  const watching = (async () => {
    while (!enough) lost += (await links()).binds.length === 1 ? 0 : 1
  })()

  process.kill(pair.primary.pid, 'SIGKILL')
  const killed = performance.now()
  const since = (from: number) => `${((performance.now() - from) / 1000).toFixed(1)} s`
  await eventually(async () => refused.size > 0)
  await pair.promote()
  const promoted = performance.now()
  const already = accepted.size
  await eventually(async () => accepted.size > already)
  t.diagnostic(`first 202 after the promotion: ${since(promoted)}, after the kill: ${since(killed)}`)
  await eventually(async () => accepted.size > already + 300)
  enough = true
  await Promise.all([posting, watching])

  assert.deepEqual([...refused], ['database_unavailable'])
  await eventually(async () => {
    const { n } = await one<{ n: number }>(
      'test_open',
      'select count(*)::integer as n from messages where final_at is null',
    )
    return n === 0
  })
  const rows = await db.query<{ id: string; state: string; recipient: string; possible_duplicate: boolean }>(
    statement('test_rows', `select id, state, recipient, possible_duplicate from messages`),
  )
  assert.deepEqual([...new Set(rows.map(({ state }) => state))], ['delivered'])
  const stored = new Set(rows.map(({ id }) => publicId('message', id)))
  assert.deepEqual(
    [...accepted].filter((id) => !stored.has(id)),
    [],
    'none that was accepted is missing',
  )
  assert.deepEqual(await bindOf(), before, 'the bind is still under the lease that it had')
  assert.equal(lost, 0, 'on the link that it had')

  const { body } = await call(`http://127.0.0.1:${simulator.httpPort}/submits?since=0`, 'GET')
  const copies = Map.groupBy(body.submits as { to: string }[], ({ to }) =>
    to.startsWith('+') ? to : `+${to}`,
  )
  for (const { recipient, possible_duplicate } of rows) {
    const count = copies.get(recipient)?.length ?? 0
    assert.ok(count >= 1, 'each reached the carrier')
    if (count > 1) assert.equal(possible_duplicate, true, 'a second copy is flagged')
  }
  for (const node of nodes) {
    await node.kill('SIGTERM')
    assert.equal(node.child.exitCode, 0, 'a clean stop')
  }
})

import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { statement } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'
import { type ServerProcess, startServer } from './process.ts'
import { listenIn } from './wire.ts'

const authorization = `Bearer ${storyKey}`
interface Row {
  recipient: string
  state: string
  possible_duplicate: boolean
}
let numbers = 60_000_000

/** Two nodes on one database and one bind slot, between them and the SMSC somebody who counts. */
async function two() {
  const { url: databaseUrl, db } = await testDatabase()
  const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 50, answerDelayMs: 20 })
  after(() => simulator.close())
  const { port, wires } = await listenIn(simulator.smppPort)
  const env = {
    ...storyEnv({ databaseUrl, smppPort: port }),
    KURZPOST_CARRIER_WINDOW: '20',
    KURZPOST_UNCERTAIN_SECONDS: '1',
  }
  const nodes = [await startServer(env), await startServer(env)]
  const query = <T>(name: string, text: string): Promise<T[]> => db.query<T>(statement(name, text))
  const bind = async () =>
    (await query<{ node: number | null; fence: number }>('test_bind', 'select node, fence from binds'))[0]
  const pidOf = async (): Promise<number | undefined> =>
    (
      await query<{ pid: number }>('test_holder', 'select pid from binds b join nodes n on n.number = b.node')
    )[0]?.pid
  async function holder(): Promise<{ holder: ServerProcess; other: ServerProcess }> {
    let pid = await pidOf()
    while (pid === undefined) pid = await pidOf()
    const at = nodes.findIndex(({ child }) => child.pid === pid)
    return { holder: nodes[at]!, other: nodes[1 - at]! }
  }
  async function post(by: ServerProcess, count: number): Promise<string[]> {
    const messages = Array.from({ length: count }, () => ({
      to: `+49152${numbers++}`,
      text: 'Bis gleich.',
      lane: 'code',
    }))
    const { status, body } = await call(
      `${by.url}/v1/messages/batch`,
      'POST',
      { messages },
      { authorization },
    )
    assert.equal(status, 202)
    return body.results.map(({ id }: { id: string }) => id)
  }
  const rows = () => query<Row>('test_rows', 'select recipient, state, possible_duplicate from messages')
  const allFinal = async () =>
    (await query('test_open', 'select 1 from messages where final_at is null limit 1')).length === 0
  const copies = async () => {
    const { body } = await call(`http://127.0.0.1:${simulator.httpPort}/submits?since=0`, 'GET')
    return Map.groupBy(body.submits as { to: string }[], ({ to }) => (to.startsWith('+') ? to : `+${to}`))
  }
  return { env, nodes, wires, bind, holder, post, rows, allFinal, copies }
}

/** Every message ended delivered, and those that went out twice say so. Returns how many did. */
async function account({ rows, copies }: Awaited<ReturnType<typeof two>>, total: number): Promise<number> {
  const [stored, sent] = [await rows(), await copies()]
  assert.equal(stored.length, total)
  assert.deepEqual([...new Set(stored.map(({ state }) => state))], ['delivered'])
  const twice = stored.filter(({ recipient }) => (sent.get(recipient)?.length ?? 0) > 1)
  assert.ok(
    twice.every(({ possible_duplicate }) => possible_duplicate),
    'a second copy is flagged',
  )
  return twice.length
}

const window = 20
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

test('kill -9 of the node that holds the bind: the other takes bind and work over', async (t: TestContext) => {
  const house = await two()
  const { holder, other } = await house.holder()
  const before = (await house.bind())!
  await house.post(other, 400)
  await eventually(async () => (house.wires[0]?.submits ?? 0) > 100)
  await holder.kill('SIGKILL')
  const killed = performance.now()
  await eventually(async () => (await house.bind())!.fence > before.fence)
  t.diagnostic(`taken over after ${seconds(killed)}`)
  await eventually(house.allFinal)
  const twice = await account(house, 400)
  assert.ok(twice <= window, `${twice} twice, and at most a window`)
  await other.kill('SIGTERM')
})

test('SIGSTOP for longer than the lease and SIGCONT: the woken node submits nothing more, its work has gone to the other', async (t) => {
  const house = await two()
  const { holder, other } = await house.holder()
  const before = (await house.bind())!
  await house.post(other, 600)
  await eventually(async () => (house.wires[0]?.submits ?? 0) > 100)
  holder.child.kill('SIGSTOP')
  const stopped = performance.now()
  await eventually(async () => (await house.bind())!.fence > before.fence)
  t.diagnostic(`taken over after ${seconds(stopped)}`)
  await eventually(async () => (house.wires[1]?.submits ?? 0) > 0)
  const until = house.wires[0]!.submits
  holder.child.kill('SIGCONT')
  await eventually(async () => !house.wires[0]!.open)
  await eventually(house.allFinal)
  assert.equal(house.wires[0]!.submits, until, 'not one more on the link that it had')
  const twice = await account(house, 600)
  assert.ok(twice <= window, `${twice} twice, and at most a window`)
  // It lives on as a node like any other: when the holder of now goes, it takes the bind again.
  const now = (await house.bind())!
  await other.kill('SIGTERM')
  await eventually(async () => (await house.bind())!.fence > now.fence)
  await house.post(holder, 5)
  await eventually(house.allFinal)
  await holder.kill('SIGTERM')
})

test('a rolling restart under traffic: nothing is lost, nothing is flagged, and clients that try again notice nothing else', async (t) => {
  const house = await two()
  const urls = house.nodes.map(({ url }) => url)
  let enough = false
  let accepted = 0
  const posting = Promise.all(
    Array.from({ length: 4 }, async (_, client) => {
      for (let n = 0; !enough; n++) {
        const key = `rolling-${client}-${n}`
        const message = { to: `+49152${numbers++}`, text: 'Ihr Zug kommt.', lane: 'transactional' }
        let status = 0
        for (let attempt = 0; status !== 202; attempt++) {
          const url = urls[(client + attempt) % urls.length]!
          const answer = await call(`${url}/v1/messages`, 'POST', message, {
            authorization,
            'idempotency-key': key,
          }).catch(() => undefined)
          status = answer?.status ?? 0
          assert.ok([0, 202, 503].includes(status), `an answer that nobody expects: ${status}`)
        }
        accepted++
      }
    }),
  )
  for (const at of [0, 1]) {
    const goal = accepted + 100
    await eventually(async () => accepted >= goal)
    const { fence } = (await house.bind())!
    const wasHolder = (await house.holder()).holder === house.nodes[at]
    const stopped = performance.now()
    await house.nodes[at]!.kill('SIGTERM')
    assert.equal(house.nodes[at]!.child.exitCode, 0)
    if (wasHolder) {
      await eventually(async () => (await house.bind())!.fence > fence)
      t.diagnostic(`drained, and the bind is the other's, after ${seconds(stopped)}`)
    }
    house.nodes[at] = await startServer(house.env)
    urls[at] = house.nodes[at]!.url
  }
  const goal = accepted + 100
  await eventually(async () => accepted >= goal)
  enough = true
  await posting
  await eventually(house.allFinal)
  assert.equal(await account(house, accepted), 0, 'none went out twice')
  assert.ok(
    (await house.rows()).every(({ possible_duplicate }) => !possible_duplicate),
    'and of none was it thought possible',
  )
  for (const node of house.nodes) await node.kill('SIGTERM')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ensureFirstAccount } from '../accounts/keys.ts'
import { systemClock } from '../clock.ts'
import { uuidFloor, uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { testDatabase } from '../store/testing.ts'
import { measureDatabase } from './figures.ts'

const { db } = await testDatabase()
const account = await ensureFirstAccount(db, systemClock, undefined)
const run = (text: string, values: unknown[] = []) => db.query({ name: '', text }, values)

let monotonic = 0
const clock = { now: () => new Date(), monotonic: () => monotonic }
const metrics = createMetrics()
measureDatabase(metrics, { db, clock, log: silentLog })
/** The lines of one name, without it. */
async function shown(name: string): Promise<string[]> {
  const { text } = await metrics.render()
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
}

const queue = (lane: string, status: string, ageMs: number, path = 0) =>
  run(
    `insert into queue (account_id, message_id, lane, status, due_at, expires_at, path)
     values ($1, $2, $3, $4, now(), now() + interval '1 day', $5)`,
    [account.id, uuidFloor(new Date(Date.now() - ageMs)), lane, status, path],
  )

test('the queue is counted by lane and status, with the age of what could go, and what has no route', async () => {
  const [nowhere] = (await run(`insert into paths (carriers) values ('{}') returning id`)) as { id: number }[]
  await queue('code', 'ready', 60_000)
  await queue('marketing', 'ready', 5_000, nowhere!.id)
  await queue('marketing', 'ready', 3_600_000, nowhere!.id)
  await queue('marketing', 'uncertain', 7_200_000)
  await run(
    `insert into claims (carrier_id, slot, fence, messages, claimed_at)
     values (gen_random_uuid(), 0, 1, '[{"lane":"alert"},{"lane":"alert"}]', now())`,
  )
  assert.deepEqual((await shown('kurzpost_queue_messages')).sort(), [
    'kurzpost_queue_messages{lane="alert",status="on_wire"} 2',
    'kurzpost_queue_messages{lane="code",status="ready"} 1',
    'kurzpost_queue_messages{lane="marketing",status="ready"} 2',
    'kurzpost_queue_messages{lane="marketing",status="uncertain"} 1',
  ])
  const ages = (await shown('kurzpost_queue_oldest_seconds')).map((line) =>
    /"(\w+)"\} (\d+)/.exec(line)!.slice(1),
  )
  assert.deepEqual(ages.map(([lane, seconds]) => [lane, Math.floor(Number(seconds) / 60)]).sort(), [
    ['code', 1],
    ['marketing', 60],
  ])
  assert.deepEqual(await shown('kurzpost_queue_unroutable'), ['kurzpost_queue_unroutable 2'])
})

test('within ten seconds the database is not asked again, and then it is', async () => {
  await run('delete from queue')
  assert.equal((await shown('kurzpost_queue_messages')).length, 4)
  monotonic += 10_001
  assert.deepEqual(await shown('kurzpost_queue_messages'), [
    'kurzpost_queue_messages{lane="alert",status="on_wire"} 2',
  ])
})

test('a bind whose holder died is down, and what it said last counts no more', async () => {
  const bind = async (name: string, left: string) => {
    const id = uuidv7(Date.now())
    await run(
      `insert into carriers (account_id, id, name, kind, created_at) values ($1, $2, $3, 'smpp', now())`,
      [account.id, id, name],
    )
    await run(
      `insert into binds (carrier_id, slot, fence, node, leased_until, state, report)
       values ($1, 0, 1, 1, now() + $2::interval, 'bound', '{"window": 10, "in_flight": 4, "segments_per_second": 50}')`,
      [id, left],
    )
  }
  await bind('lives', '1 minute')
  await bind('died', '-1 minute')
  monotonic += 10_001
  assert.deepEqual((await shown('kurzpost_binds')).sort(), [
    'kurzpost_binds{carrier="died",state="down"} 1',
    'kurzpost_binds{carrier="lives",state="bound"} 1',
  ])
  assert.ok((await shown('kurzpost_bind_in_flight')).includes('kurzpost_bind_in_flight{carrier="lives"} 4'))
  assert.ok((await shown('kurzpost_bind_window')).includes('kurzpost_bind_window{carrier="died"} 0'))
  assert.deepEqual(await shown('kurzpost_carrier_rate_limit'), [
    'kurzpost_carrier_rate_limit{carrier="lives"} 50',
  ])
})

test('webhooks that wait are counted', async () => {
  assert.deepEqual(await shown('kurzpost_webhooks_waiting'), ['kurzpost_webhooks_waiting 0'])
  assert.deepEqual(await shown('kurzpost_nodes'), [])
})

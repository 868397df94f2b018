import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { systemClock as clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog as log } from '../log.ts'
import { statement } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { housekeeping } from './housekeeping.ts'
import { startJobs } from './start.ts'
import { deleteIdempotencyKeys, later } from './store.ts'

const { db } = await testDatabase({ connections: 8 })
const heard: unknown[] = []
let wake = (): void => {}
const jobs = await startJobs({
  db,
  log,
  crons: housekeeping({ db, clock }),
  tasks: {
    'test.note': async (payload) => {
      heard.push(payload)
      wake()
    },
  },
})
after(() => jobs.stop())

it('runs a job once its transaction has committed, and none of one that was rolled back', async () => {
  const ran = new Promise<void>((resolve) => (wake = resolve))
  const rolledBack = db.transaction(async (tx) => {
    await later(tx, 'test.note', { text: 'never' }, clock.now())
    throw new Error('changed my mind')
  })
  await assert.rejects(rolledBack, /changed my mind/)
  await db.transaction((tx) => later(tx, 'test.note', { text: 'now' }, clock.now()))
  await ran
  assert.deepEqual(heard, [{ text: 'now' }])
})

it('replaces a job that waits under the same key, and keeps it until its time', async () => {
  const tomorrow = new Date(clock.now().getTime() + 86_400_000)
  for (const text of ['first', 'second']) {
    await db.transaction((tx) => later(tx, 'test.note', { text }, tomorrow, 'reminder'))
  }
  const waiting = statement(
    'test_waiting',
    `select j.payload, j.run_at from graphile_worker._private_jobs j where j.key = 'reminder'`,
  )
  assert.deepEqual(await db.query(waiting), [{ payload: { text: 'second' }, run_at: tomorrow }])
})

it('keeps a schedule for each duty of the house, and each of them runs', async () => {
  const crons = housekeeping({ db, clock })
  const known = statement(
    'test_crons',
    'select identifier from graphile_worker._private_known_crontabs order by 1',
  )
  assert.deepEqual(
    (await db.query<{ identifier: string }>(known)).map((row) => row.identifier),
    crons.map((cron) => cron.name).sort(),
  )
  for (const cron of crons) await cron.run()
})

it('forgets idempotency keys after their time, and keeps younger ones', async () => {
  const insert = statement(
    'test_key',
    `insert into idempotency_keys (account_id, key, fingerprint, answer, created_at) values ($1, $2, '', '{}', $3)`,
  )
  const now = clock.now().getTime()
  const account = uuidv7(now)
  await db.query(insert, [account, 'old', new Date(now - 2_000)])
  await db.query(insert, [account, 'young', new Date(now)])
  assert.equal(await deleteIdempotencyKeys(db, new Date(now - 1_000)), 1)
  const left = statement('test_keys', 'select key from idempotency_keys where account_id = $1')
  assert.deepEqual(await db.query(left, [account]), [{ key: 'young' }])
})

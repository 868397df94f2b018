import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acquire } from '../fleet/lease.store.ts'
import { putOn } from '../routing/repath.store.ts'
import { testDatabase } from '../store/testing.ts'
import { claim } from './claim.store.ts'
import { dequeue } from './store.ts'
import { expireDue, promoteDue, resendUncertain } from './sweep.ts'
import { ask, handClock, offers, testOwner, testPath } from './testing.ts'

// One connection, so that every plan is made here, while the queue is as empty as it ever is.
const { db } = await testDatabase({ connections: 1 })
const { accountId, carrierId } = await testOwner(db)
const fence = (await acquire(db, carrierId, 0, 1, 600_000))!
const clock = handClock()
const waiting = 20_000

/** Rows of the queue that this session has fetched so far. */
async function fetched(): Promise<number> {
  await ask(db, 'select pg_stat_force_next_flush()')
  const [row] = await ask<{ rows: number }>(
    db,
    `select (coalesce(idx_tup_fetch, 0) + seq_tup_read)::integer as rows from pg_stat_user_tables where relname = 'queue'`,
  )
  return row!.rows
}

const duties: Record<string, (id: string) => Promise<unknown>> = {
  claim: () =>
    claim(
      db,
      { carrierId, slot: 0, fence },
      offers,
      { messages: 20, segments: 20, whole: false },
      clock.now(),
    ),
  'claim from several paths': () =>
    claim(
      db,
      { carrierId, slot: 0, fence },
      [...offers, { path: testPath + 1, limit: null }],
      { messages: 20, segments: 20, whole: false },
      clock.now(),
    ),
  settle: (id) => dequeue(db, [{ account_id: accountId, id }]),
  'change of path': (id) => putOn(db, [{ accountId, id, was: testPath, path: testPath + 1 }]),
  promote: () => promoteDue(db, clock.now()),
  expire: () => expireDue(db, clock.now()),
  resend: () => resendUncertain(db, clock.now()),
}

test('a backlog costs what is taken of it, also where plans were made while the queue was empty', async () => {
  await ask(db, 'vacuum analyze queue')
  for (const duty of Object.values(duties)) await duty(carrierId)
  const rows = await ask<{ id: string }>(
    db,
    `with new as (select uuidv7() as id from generate_series(1, ${waiting})),
     queued as (
       insert into queue (account_id, message_id, path, lane, status, due_at, expires_at)
       select $1, id, ${testPath}, 'marketing', 'ready', $2::timestamptz, $2::timestamptz + interval '1 day' from new)
     insert into messages (account_id, id, direction, state, lane, recipient, body, encoding, segments, expires_at, created_at, updated_at)
     select $1, id, 'outbound', 'queued', 'marketing', '+4915123456789', 'x', 'gsm7', 1, $2::timestamptz + interval '1 day', $2, $2 from new
     returning id`,
    [accountId, clock.now()],
  )
  for (const [name, duty] of Object.entries(duties)) {
    const before = await fetched()
    await duty(rows.at(-1)!.id)
    const cost = (await fetched()) - before
    assert.ok(cost < 500, `${name} fetched ${cost} rows of the queue`)
  }
})

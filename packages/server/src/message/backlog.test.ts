import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acquire } from '../fleet/lease.store.ts'
import { putOn } from '../routing/repath.store.ts'
import { testDatabase } from '../store/testing.ts'
import { claim } from './claim.store.ts'
import { findReceipted, updateReceipted } from './receipt.store.ts'
import { type AnsweredSegment, settleSubmitted } from './settle.store.ts'
import { dequeue } from './store.ts'
import { expireDue, promoteDue, resendUncertain } from './sweep.ts'
import { ask, handClock, offers, testOwner, testPath } from './testing.ts'

// One connection, so that every plan is made here, while the queue is as empty as it ever is.
const { db } = await testDatabase({ connections: 1 })
const { accountId, carrierId } = await testOwner(db)
const fence = (await acquire(db, carrierId, 0, 1, 600_000))!
const clock = handClock()
const waiting = 20_000

/** Rows of tables so named that this session has fetched so far. */
async function fetched(tables = 'queue'): Promise<number> {
  await ask(db, 'select pg_stat_force_next_flush()')
  const [row] = await ask<{ rows: number }>(
    db,
    `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::integer as rows from pg_stat_user_tables where relname ~ $1`,
    [`^(${tables})`],
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

test('answers and receipts cost what they are for, whatever lies between the first and the last of them', async () => {
  const spared = async (first: string, last: string): Promise<Record<string, number>> => {
    const rows = [first, last].map((id) => ({ account_id: accountId, id }))
    const answered = rows.map(({ account_id, id }, at): AnsweredSegment => {
      const remote = `${id}-${at}`
      const row = { account_id, message_id: id, attempt: 1, index: 1, carrier_id: carrierId }
      return { ...row, remote_id: remote, remote_key: remote, request: null }
    })
    const steps = {
      settle: () =>
        settleSubmitted(
          db,
          rows.map((row) => ({ ...row, steps: [{}], event: {} })),
          answered,
          clock.now(),
        ),
      find: () =>
        findReceipted(
          db,
          answered.map(({ remote_key: key }, n) => ({ n, carrier_id: carrierId, key })),
          clock.now(),
        ),
      write: () =>
        updateReceipted(
          db,
          answered.map((row) => ({ ...row, state: 'delivered', receipts: [] })),
          rows.map((row) => ({
            ...row,
            state: 'delivered',
            steps: [{}],
            error_code: null,
            carrier_code: null,
            event_name: 'message.delivered',
            event: {},
          })),
          clock.now(),
        ),
    }
    const cost: Record<string, number> = {}
    for (const [name, step] of Object.entries(steps)) {
      const before = await fetched('messages|segments')
      await step()
      cost[name] = (await fetched('messages|segments')) - before
    }
    return cost
  }
  const message = async (count: number) =>
    (
      await ask<{ id: string }>(
        db,
        `insert into messages (account_id, id, direction, state, lane, recipient, body, encoding, segments, expires_at, created_at, updated_at)
         select $1, uuidv7(), 'outbound', 'queued', 'marketing', '+4915123456789', 'x', 'gsm7', 1, $2::timestamptz + interval '1 day', $2, $2
         from generate_series(1, $3) returning id`,
        [accountId, clock.now(), count],
      )
    ).map(({ id }) => id)

  await ask(db, 'truncate messages, segments')
  const [early, late] = [await message(1), await message(1)]
  await spared(early[0]!, late[0]!)
  const many = await message(waiting)
  const cost = await spared(many[0]!, many.at(-1)!)
  const [moved] = await ask(
    db,
    `select count(*)::integer as delivered from messages where state = 'delivered' and id = any ($1)`,
    [[many[0], many.at(-1)]],
  )
  assert.deepEqual(moved, { delivered: 2 })
  for (const [name, rows] of Object.entries(cost)) assert.ok(rows < 20, `${name} fetched ${rows} rows`)
})

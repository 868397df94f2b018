import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidFloor } from '../../ids.ts'
import { ask, handClock, testOwner } from '../../message/testing.ts'
import { testDatabase } from '../../store/testing.ts'
import { aboutPeople, othersWhoWrote } from './people.store.ts'

// One connection, so that every plan is made here, while there is next to nothing.
const { db } = await testDatabase({ connections: 1 })
const { accountId, carrierId } = await testOwner(db)
const now = handClock().now()
const sent = 20_000

async function fetched(): Promise<number> {
  await ask(db, 'select pg_stat_force_next_flush()')
  const [row] = await ask<{ rows: number }>(
    db,
    `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::integer as rows from pg_stat_user_tables where relname ~ '^messages'`,
  )
  return row!.rows
}

test('who wrote to a person costs what was written to that person, also where plans were made before anything was', async () => {
  await ask(db, 'vacuum analyze messages')
  const writer = { accountId, carrierId, from: '+491510000007', to: '12345' }
  const after = uuidFloor(new Date(now.getTime() - 86_400_000))
  const look = async () => [
    await othersWhoWrote(db, [{ ...writer, accountId: carrierId, after }]),
    await aboutPeople(db, [writer], after),
  ]
  await look()
  await ask(
    db,
    `insert into messages (account_id, id, direction, state, lane, sender, recipient, body, encoding, segments, expires_at, created_at, updated_at)
     select $1, uuidv7(), 'outbound', 'queued', 'marketing', '12345', '+49151' || lpad(n::text, 7, '0'), 'x', 'gsm7', 1, $2::timestamptz, $2, $2
     from generate_series(1, ${sent}) n`,
    [accountId, now],
  )
  const before = await fetched()
  const [others, known] = await look()
  const cost = (await fetched()) - before
  assert.deepEqual(others, new Map([[0, [accountId]]]))
  assert.equal((known as Awaited<ReturnType<typeof aboutPeople>>)[0]?.lastFromThere?.sender, '12345')
  assert.ok(cost < 100, `fetched ${cost} messages`)
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { ask, testOwner } from '../message/testing.ts'
import { testDatabase } from '../store/testing.ts'
import { findCopies } from './copies.store.ts'

// One connection, so that the plan is made here, while there is next to nothing.
const { db } = await testDatabase({ connections: 1 })
const { accountId, carrierId } = await testOwner(db)

async function fetched(): Promise<number> {
  await ask(db, 'select pg_stat_force_next_flush()')
  const [row] = await ask<{ rows: number }>(
    db,
    `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::integer as rows from pg_stat_user_tables where relname ~ '^messages'`,
  )
  return row!.rows
}

test('a look for copies costs what that person has sent, also where its plan was made before anything came', async () => {
  await ask(db, 'vacuum analyze messages')
  const fingerprint = randomUUID()
  const now = new Date()
  const row = {
    ...{ n: 7, carrier_id: carrierId, sender: '+491510000007', fingerprint },
    began: new Date(now.getTime() + 1_000).toISOString(),
  }
  const since = new Date(now.getTime() - 120_000)
  assert.deepEqual(await findCopies(db, [row], since), [])
  await ask(
    db,
    `insert into messages (account_id, id, direction, state, sender, recipient, body, encoding, segments, carrier_id, fingerprint,
       created_at, updated_at, final_at)
     select $1, uuidv7(), 'inbound', 'received', '+49151' || lpad(n::text, 7, '0'), '12345', 'Ja', 'gsm7', 1, $2, $3, $4, $4, $4
     from generate_series(1, 20000) n`,
    [accountId, carrierId, fingerprint, now],
  )
  const before = await fetched()
  assert.deepEqual(await findCopies(db, [row], since), [7])
  const cost = (await fetched()) - before
  assert.ok(cost < 100, `fetched ${cost} messages`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidFloor } from '../ids.ts'
import { testDatabase } from '../store/testing.ts'
import type { Swept } from './sweep.ts'
import { ask, handClock, testAccept, testOwner } from './testing.ts'
import { endUnreceipted } from './unreceipted.ts'

const { db } = await testDatabase()
const { accountId } = await testOwner(db)
const clock = handClock()
const hour = 3_600_000
const accept = testAccept({ db, clock })

/** Walks for as long as there is something to walk through. */
async function walk(): Promise<Swept['moved']> {
  const moved = []
  for (let more = true; more; ) {
    const swept = await db.transaction((tx) => endUnreceipted(tx, clock.now()))
    moved.push(...swept.moved)
    more = swept.more
  }
  return moved
}

test('what a carrier took and never spoke of again expires an hour after its validity, whatever that is', async () => {
  await accept.accept(accountId, [
    { to: '+4915123456789', text: 'code', lane: 'code' },
    { to: '+4915123456789', text: 'ad', lane: 'marketing' },
    { to: '+4915123456789', text: 'long', expiresAt: new Date(clock.now().getTime() + 100 * hour) },
    { to: '+4915123456789', text: 'waits', lane: 'code' },
  ])
  await ask(db, `update messages set state = 'submitted' where body <> 'waits'`)
  const ended = async (afterHours: number) => {
    clock.forward(afterHours * hour)
    await walk()
    const rows = await ask<{ body: string; error_code: string }>(
      db,
      `select body, error_code from messages where state = 'expired' order by body`,
    )
    assert.ok(rows.every(({ error_code }) => error_code === 'no_receipt'))
    return rows.map(({ body }) => body)
  }
  assert.deepEqual(await ended(1), [])
  assert.deepEqual(await ended(2), ['code'])
  assert.deepEqual(await ended(20), ['code'])
  assert.deepEqual(await ended(4), ['ad', 'code'])
  assert.deepEqual(await ended(10 * 24), ['ad', 'code', 'long'])
})

test('a stretch of time is found without reading what came before and after it', async () => {
  await ask(
    db,
    `insert into messages (account_id, id, direction, state, recipient, body, encoding, segments, created_at, updated_at, expires_at)
     select $1, uuidv7_floor(date_trunc('month', now()) + n * interval '20 seconds'), 'outbound', 'submitted', '+49', repeat('x', 300), 'gsm7', 1,
       now(), now(), now() from generate_series(1, 40000) n`,
    [accountId],
  )
  await ask(db, 'vacuum analyze messages')
  const from = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), 1, 12))
  const plan = await ask<{ 'QUERY PLAN': string }>(
    db,
    `explain (analyze) select count(*) from messages where id >= $1 and id < $2`,
    [uuidFloor(from), uuidFloor(new Date(from.getTime() + 600_000))],
  )
  const lines = plan.map((row) => row['QUERY PLAN']).join('\n')
  const removed = [...lines.matchAll(/Rows Removed by (?:Index Recheck|Filter): (\d+)/g)].map(([, n]) =>
    Number(n),
  )
  assert.ok(removed.reduce((sum, n) => sum + n, 0) < 4_000, lines)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicId, uuidv7 } from '../../../ids.ts'
import { ask as sql } from '../../../message/testing.ts'
import { contactsBench } from '../testing.ts'
import type { Node } from './definition.ts'
import { countAndSample, listPeople } from './people.store.ts'
import { ask, understand } from './segments.ts'

// One connection, so that what is counted is what these questions took.
const { db, platform, accountId } = await contactsBench()
const people = 12_000
const topic = uuidv7(1)

/** The oldest twenty got something and said yes, nobody else did either. */
await sql(
  db,
  `with new as (
     insert into contacts (account_id, id, tags, created_at, updated_at)
     select $1, lpad(to_hex(n), 32, '0')::uuid, '{all}', now(), now() from generate_series(1, ${people}) as n returning id)
   insert into contact_addresses (account_id, channel, address, key, contact_id, delivered_at, created_at)
   select $1, 'sms', id::text, sha256(id::text::bytea), id, case when id <= lpad(to_hex(20), 32, '0')::uuid then now() end, now()
   from new`,
  [accountId],
)
await sql(
  db,
  `insert into topics (account_id, id, key, name, kind, language, created_at, updated_at)
   values ($1, $2, 'werbung', 'Angebote', 'marketing', 'de', now(), now())`,
  [accountId, topic],
)
await sql(
  db,
  `insert into consent_state (account_id, number_key, topic_id, granted, at, seq, entry_id, how)
   select $1, key, $2, true, now(), row_number() over (), contact_id, 'api' from contact_addresses
   where delivered_at is not null`,
  [accountId, topic],
)
await sql(db, 'vacuum analyze contacts, contact_addresses, consent_state')

interface Looked {
  rows: number
  searches: number
}
/** Rows and searches of indexes that this session has asked of people and their addresses so far. */
async function looked(): Promise<Looked> {
  await sql(db, 'select pg_stat_force_next_flush()')
  const [row] = await sql<Looked>(
    db,
    `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::integer as rows, sum(coalesce(idx_scan, 0))::integer as searches
     from pg_stat_user_tables where relname in ('contacts', 'contact_addresses', 'consent_state')`,
  )
  return row!
}
async function costOf(tree: Node, question: 'page' | 'count'): Promise<Looked & { found: number }> {
  const { compiled } = await understand(db, platform, accountId, tree)
  const before = await looked()
  const found = await ask(platform, async (tx) =>
    question === 'page'
      ? (await listPeople(tx, compiled, undefined, 50)).length
      : (await countAndSample(tx, compiled, 5)).people,
  )
  const after = await looked()
  return { found, rows: after.rows - before.rows, searches: after.searches - before.searches }
}

test('a page of people of whom there are many costs a look at the newest', async () => {
  const { found, rows } = await costOf({ all: [{ tag: 'all' }, { reachable: 'sms' }] }, 'page')
  assert.equal(found, 50)
  assert.ok(rows < 6_000, `${rows} rows were read`)
})

test('a page of people far down, and few, asks nobody one by one but the newest', async () => {
  const yes = { consent: 'granted', topic: publicId('topic', topic) } as const
  for (const question of ['page', 'count'] as const)
    for (const tree of [
      yes,
      { delivered_within: 30 },
      { all: [yes, { delivered_within: 30 }, { tag: 'all' }] },
    ]) {
      const { found, searches } = await costOf(tree, question)
      assert.equal(found, 20)
      assert.ok(searches < 4_500, `${question} of ${JSON.stringify(tree)} searched ${searches} times`)
    }
})

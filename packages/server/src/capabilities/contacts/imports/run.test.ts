import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statement } from '../../../store/db.ts'
import { createPeople } from '../people/people.ts'
import { contactsBench } from '../testing.ts'
import { runImport } from './run.ts'
import { insertImport, keepChunk, makeReady, readImport, startImport } from './store.ts'

const { db, platform, accountId } = await contactsBench()
const people = createPeople(platform)
const phone = (n: number): string => `+49151${50_000_000 + n}`

/** Takes in a file with the columns external_id, phone and name. */
async function take(rows: readonly string[]) {
  const id = platform.id()
  const now = platform.now()
  const bytes = Buffer.from(rows.join('\n'))
  await insertImport(db, accountId, id, 'people.csv', now, 20)
  await keepChunk(db, accountId, id, 0, bytes)
  const format = { encoding: 'utf-8', delimiter: ';', header: false, columns: [], chunks: 1 } as const
  await makeReady(db, accountId, id, { ...format, columns: [] }, bytes.length, now)
  const order = { mapping: ['external_id', 'phone', 'name'], options: {}, position: 0 }
  await startImport(db, accountId, id, order, now)
  await runImport(platform, { accountId, id })
  return (await readImport(db, accountId, id))!
}

test('after thousands of strangers who is known is known, by either name, and whose address is taken is told', async () => {
  await people.upsert(accountId, [
    { external_id: 'k4000', name: 'By name' },
    { name: 'By number', addresses: [{ channel: 'sms', address: phone(6_500) }] },
    { external_id: 'else', addresses: [{ channel: 'sms', address: phone(6_600) }] },
  ])
  const end = await take(Array.from({ length: 9_000 }, (_, n) => `k${n};${phone(n)};Name ${n}`))
  assert.deepEqual(
    [end.state, end.rows, end.created, end.updated, end.unchanged, end.failed],
    ['finished', 9_000, 8_997, 2, 0, 1],
  )
  const [counts] = await db.query<object>(
    statement(
      '',
      `select (select count(*)::integer from contacts) as people, (select count(*)::integer from contact_addresses) as addresses,
         (select name from contacts where external_id = 'k4000') as named,
         (select external_id from contacts join contact_addresses on contact_id = id where address = '${phone(6_500)}') as called`,
    ),
  )
  assert.deepEqual(counts, { people: 9_000, addresses: 9_000, named: 'Name 4000', called: 'k6500' })
})

test('somebody who stands in a file twice, thousands of rows apart, is one person', async () => {
  const rows = Array.from(
    { length: 6_000 },
    (_, n) => `t${n % 5_500};${phone(20_000 + (n % 5_500))};Again ${n}`,
  )
  const end = await take(rows)
  assert.deepEqual([end.created, end.updated, end.failed], [5_500, 500, 0])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '../ids.ts'
import { partitioned, partitionOf } from './partitions.ts'
import { testDatabase } from './testing.ts'

const at = (time: string): string => {
  const digits = Date.parse(time).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`
}

test('rows of one month are in its partition, rows of several are nowhere in particular', () => {
  assert.equal(partitionOf([at('2026-11-01T00:00:00.000Z'), at('2026-11-30T23:59:59.999Z')]), '_2026_11')
  assert.equal(partitionOf([at('2026-12-01T00:00:00.000Z')]), '_2026_12')
  assert.equal(partitionOf([at('2027-01-15T12:00:00.000Z')]), '_2027_01')
  assert.equal(partitionOf([at('2026-11-30T23:59:59.999Z'), at('2026-12-01T00:00:00.000Z')]), '')
  assert.equal(partitionOf([at('2025-11-10T00:00:00.000Z'), at('2026-11-10T00:00:00.000Z')]), '')
  assert.equal(partitionOf([]), '')
})

test('what is said of the month of an id is what PostgreSQL made of it', async () => {
  const { db } = await testDatabase()
  const id = uuidv7(Date.now())
  const { rows } = await db.pool.query(
    `select from pg_partition_tree('messages') where isleaf and relid::regclass::text = $1`,
    [`messages${partitionOf([id])}`],
  )
  assert.equal(rows.length, 1)
})

test('a statement is made once for each partition', () => {
  const read = partitioned('read', (own) => `select from messages${own}`)
  assert.deepEqual(read('_2026_11'), {
    name: 'read',
    text: 'select from messages_2026_11',
    preparedAs: 'read_2026_11',
  })
  assert.equal(read('_2026_11'), read('_2026_11'))
  assert.equal(read('').text, 'select from messages')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lines, listed, plain, quoted, uuids } from './arrays.ts'
import { statement } from './db.ts'
import { testDatabase } from './testing.ts'

const { db } = await testDatabase()
const same = statement('test_arrays', 'select $1::text[] as texts, $2::integer[] as numbers')
const json = statement(
  'test_lines',
  `select coalesce(array_agg(l::jsonb), '{}') as rows from string_to_table($1, E'\n') l`,
)
/** PostgreSQL takes neither NUL nor half a character. */
const texts = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '').toWellFormed())

test('any text and any absence comes into the database as it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.option(fc.oneof(texts, fc.constantFrom('NULL', '', '{}', '"', '\\', ',', ' a ', 'ä"\\\n'))),
      ),
      fc.array(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))),
      async (given, numbers) => {
        const [row] = await db.query(same, [quoted(given), plain(numbers)])
        assert.deepEqual(row, { texts: given, numbers })
      },
    ),
    { numRuns: 50 },
  )
})

test('JSON texts come by the line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ text: texts, number: fc.integer() }, { noNullPrototype: true })),
      async (given) => {
        const [row] = await db.query(json, [lines(given.map((value) => JSON.stringify(value)))])
        assert.deepEqual(row, { rows: given })
      },
    ),
    { numRuns: 50 },
  )
})

const appended = statement('test_list', 'select json_list($1::text || $2::text) as rows')

test('a list grows by what is appended, and reads as one, whatever a carrier has said', async () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\0', '\ud800', 'a\udc00', '\\u0000', ',', '},{'),
  )
  const elements = fc.array(fc.record({ text: anything, number: fc.integer() }, { noNullPrototype: true }))
  await fc.assert(
    fc.asyncProperty(elements, elements, async (old, fresh) => {
      const [row] = await db.query(appended, [listed(old), listed(fresh)])
      const kept = [...old, ...fresh].map(({ text, ...rest }) => ({
        text: text.replaceAll('\0', '').toWellFormed(),
        ...rest,
      }))
      assert.deepEqual(row, { rows: kept })
    }),
    { numRuns: 50 },
  )
})

test('an empty column is an empty array', () => {
  assert.deepEqual([plain([]), uuids([]), quoted([]), lines([])], ['{}', '{}', '{}', ''])
})

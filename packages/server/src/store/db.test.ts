import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Log, silentLog } from '../log.ts'
import { isTransient, openDb, readTime, statement } from './db.ts'
import { testDatabase } from './testing.ts'

const { db, url } = await testDatabase()

const sqlStates: readonly [code: string, what: string, transient: boolean][] = [
  ['08006', 'a lost connection', true],
  ['40001', 'a serialisation failure', true],
  ['40P01', 'a deadlock', true],
  ['53300', 'too many connections', true],
  ['57P01', 'a shutdown', true],
  ['ECONNREFUSED', 'a refused connection', true],
  ['23505', 'a duplicate key', false],
  ['22P02', 'text that is no number', false],
  ['25001', 'a statement out of its place', false],
]
for (const [code, what, transient] of sqlStates)
  test(`${what} (${code}) ${transient ? 'may pass' : 'stays'}`, () =>
    assert.equal(isTransient(Object.assign(new Error(what), { code })), transient))

test('times come as they went, to the millisecond, and infinity as what it is', async () => {
  const text = (at: Date, tail: string) => `${at.toISOString().slice(0, -1).replace('T', ' ')}${tail}+00`
  const range = {
    min: new Date('0100-01-01T00:00Z'),
    max: new Date('9999-12-31T00:00Z'),
    noInvalidDate: true,
  }
  fc.assert(
    fc.property(fc.date(range), fc.constantFrom('', '4', '56', '999'), (at, tail) => {
      assert.equal(readTime(text(at, tail)).getTime(), at.getTime())
    }),
  )
  const said = [
    '0099-02-03 00:00:00+00',
    '2026-03-01 12:00:00+00',
    '2026-03-01 12:00:00.5+00',
    '2026-03-01 12:00:00.05+00',
  ]
  const times = [...said, '12026-03-01 12:00:00+00']
  const [row] = await db.query<{ times: Date[]; one: Date; never: number }>(
    statement(
      'test_times',
      `select $1::timestamptz[] as times, $2::timestamptz as one, 'infinity'::timestamptz as never`,
    ),
    [times, '2026-03-01 12:00:00.05+00'],
  )
  assert.deepEqual(
    times.map((each) => readTime(each)),
    row!.times,
  )
  assert.deepEqual(row!.one, new Date('2026-03-01T12:00:00.050Z'))
  assert.equal(row!.never, Number.POSITIVE_INFINITY)
})

test('what a server says that became read-only by a fail-over may pass', async () => {
  const writing = db.transaction(async (tx) => {
    await tx.query({ name: '', text: 'set transaction read only' })
    await tx.query({ name: '', text: 'insert into event_cursors values ($1, $2, 0)' }, ['test', '0'])
  })
  const error = await writing.then(
    () => assert.fail('it was written'),
    (reason: unknown) => reason,
  )
  assert.equal((error as { code?: string }).code, '25006')
  assert.equal(isTransient(error), true)
})

test('a full disk is in the log, once in a while, and a duplicate key is not', async () => {
  const said: object[] = []
  const log: Log = { ...silentLog, error: (fields, message) => said.push({ ...fields, message }) }
  const other = openDb(url, { max: 1, log })
  const fail = (code: string) => ({
    name: '',
    text: `do $$ begin raise exception 'No space left on device' using errcode = '${code}'; end $$`,
  })
  for (const code of ['23505', '53100', '53100']) await assert.rejects(other.query(fail(code)), { code })
  await assert.rejects(
    other.transaction((tx) => tx.query(fail('53100'))),
    { code: '53100' },
  )
  await other.close()
  assert.deepEqual(said, [
    { code: '53100', error: 'No space left on device', message: 'PostgreSQL cannot do its work' },
  ])
})

import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { silentLog } from '../log.ts'
import { freePort } from './cluster.ts'
import { type Db, statement } from './db.ts'
import { type Migration, migrate, readMigrations, SchemaRefusedError, schemaState } from './migrate.ts'
import { ensurePartitions } from './partitions.ts'
import { testDatabase } from './testing.ts'

const shipped = readMigrations()
const newest = shipped.length
const next = (sql: string): Migration => ({
  number: newest + 1,
  name: 'from_tomorrow',
  sql,
  checksum: 'tomorrow',
})

const tables = async (db: Db) =>
  (
    await db.query<{ name: string }>(
      statement(
        'migrate_test_tables',
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p') order by relname`,
      ),
    )
  ).map(({ name }) => name)

it('brings an empty database to the newest schema, and does nothing the second time', async () => {
  const { url } = await testDatabase({ empty: true })
  assert.deepEqual(await schemaState(url), {
    current: 0,
    known: newest,
    pending: shipped.map(({ name }) => name),
    refusal: undefined,
  })
  assert.deepEqual(await migrate(url, silentLog), { from: 0, to: newest })
  assert.deepEqual(await migrate(url, silentLog), { from: newest, to: newest })
  assert.deepEqual(await schemaState(url), {
    current: newest,
    known: newest,
    pending: [],
    refusal: undefined,
  })
})

it('applies each file once when five nodes start at the same moment', async () => {
  const { url, db } = await testDatabase({ empty: true })
  const results = await Promise.all(Array.from({ length: 5 }, () => migrate(url, silentLog)))
  assert.ok(results.every(({ to }) => to === newest))
  assert.deepEqual(
    await db.query(
      statement('migrate_test_rows', 'select number, count(*) from schema_migrations group by 1 order by 1'),
    ),
    shipped.map(({ number }) => ({ number, count: 1 })),
  )
})

it('refuses a newer schema with a sentence, and changes nothing', async () => {
  const { url, db } = await testDatabase()
  await migrate(url, silentLog, { migrations: [...shipped, next('create table tomorrow ()')] })
  const before = await tables(db)
  const sentence = new RegExp(`has schema ${newest + 1} \\("from_tomorrow"\\).* knows ${newest} at most`)
  await assert.rejects(
    migrate(url, silentLog),
    (error) => error instanceof SchemaRefusedError && sentence.test(error.message),
  )
  assert.match((await schemaState(url)).refusal ?? '', sentence)
  assert.deepEqual(await tables(db), before)
})

it('refuses a database that was made from another file of the same number', async () => {
  const { url } = await testDatabase()
  const changed = shipped.map((one) => ({ ...one, checksum: 'other' }))
  await assert.rejects(migrate(url, silentLog, { migrations: changed }), SchemaRefusedError)
})

it('keeps nothing of a migration that fails, and all of those before it', async () => {
  const { url, db } = await testDatabase({ empty: true })
  const broken = next('create table half (); select 1 / 0')
  await assert.rejects(
    migrate(url, silentLog, { migrations: [...shipped, broken] }),
    /Migration \d+ \("from_tomorrow"\) failed: division by zero/,
  )
  assert.ok(!(await tables(db)).includes('half'))
  assert.equal((await schemaState(url)).current, newest)
})

it('takes a file for the same whatever line ends the checkout gave it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kurzpost-test-migrations-'))
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(new URL('./migrations/', import.meta.url), folder, { recursive: true })
  for (const file of readdirSync(folder)) {
    writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').replaceAll('\n', '\r\n'))
  }
  assert.deepEqual(readMigrations(pathToFileURL(`${folder}/`)), shipped)
})

it('does not start on files with a gap in their numbers', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kurzpost-test-migrations-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, '0002_second.sql'), 'select 1')
  assert.throws(
    () => readMigrations(pathToFileURL(`${folder}/`)),
    /Migration second has number 2; 1 comes next/,
  )
})

it('makes the partitions of the month before and three from then on, however often and by how many it is asked', async () => {
  const { db } = await testDatabase()
  const newYear = new Date('2031-01-01T00:00:00Z')
  await Promise.all(Array.from({ length: 4 }, () => db.transaction((tx) => ensurePartitions(tx, newYear))))
  const months = (await tables(db)).filter((name) => /^messages_203\d/.test(name))
  assert.deepEqual(months, ['messages_2030_12', 'messages_2031_01', 'messages_2031_02', 'messages_2031_03'])
})

it('ends a month at midnight UTC, whatever time zone the database has', async () => {
  const { db, url } = await testDatabase({ empty: true })
  await db.pool.query(`alter database ${new URL(url).pathname.slice(1)} set timezone to 'Asia/Tokyo'`)
  await migrate(url, silentLog, { now: new Date('2031-01-15T12:00:00Z') })
  const at = Date.parse('2031-02-01T00:00:00Z')
  const id = (ms: number) =>
    `${ms
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7fff-bfff-ffffffffffff`
  await db.query(
    statement(
      'migrate_test_events',
      `insert into event_chunks (id, accounts, names, count, events, at)
       select id, '{}', '{}', 0, '', now() from unnest($1::uuid[]) as id`,
    ),
    [[id(at - 1), id(at)]],
  )
  const rows = await db.query(
    statement(
      'migrate_test_where',
      'select tableoid::regclass::text as partition from event_chunks order by id',
    ),
  )
  assert.deepEqual(rows, [{ partition: 'event_chunks_2031_01' }, { partition: 'event_chunks_2031_02' }])
})

it('keeps what messages and receipts have said when their lists become text', async () => {
  const { db, url } = await testDatabase({ empty: true })
  const before = shipped.findIndex(({ name }) => name === 'lists_that_grow')
  await migrate(url, silentLog, { migrations: shipped.slice(0, before) })
  const steps = [{ state: 'queued', at: '', hold: { sentence: 'a, "b",\n' } }, { state: 'submitted' }]
  await db.query(
    statement(
      'migrate_test_old',
      `with said as (
         insert into messages (account_id, id, direction, state, recipient, body, encoding, segments, timeline, created_at, updated_at)
         select uuidv7(), uuidv7(), 'outbound', 'queued', '', '', 'gsm7', 1, list, now(), now()
         from unnest(array[$1::jsonb, '[]']) as list)
       insert into segments (account_id, message_id, attempt, index, state, carrier_id, remote_id, remote_key, receipts, submitted_at)
       values (uuidv7(), uuidv7(), 1, 1, 'submitted', uuidv7(), '', '', $1::jsonb, now())`,
    ),
    [JSON.stringify(steps)],
  )
  await migrate(url, silentLog)
  const kept = await db.query<{ list: unknown }>(
    statement(
      'migrate_test_lists',
      `select json_list(timeline) as list from messages union all select json_list(receipts) from segments`,
    ),
  )
  assert.deepEqual(
    kept.map(({ list }) => list).sort((a, b) => String(a).length - String(b).length),
    [[], steps, steps],
  )
})

it('says which database does not answer, and not the password', async () => {
  const closed = await freePort()
  const url = `postgres://kurzpost:secret@localhost:${closed}/kurzpost`
  await assert.rejects(migrate(url, silentLog), (error: Error) => {
    assert.match(
      error.message,
      new RegExp(`^The database at localhost:${closed} does not take the connection: .*ECONNREFUSED`),
    )
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { statement } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'
import { startServer } from './process.ts'

const rows = 60_000
const kills = 2

const { url: databaseUrl, db } = await testDatabase()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 100 })
after(() => simulator.close())
const env = storyEnv({ databaseUrl, smppPort: simulator.smppPort })
const headers = { authorization: `Bearer ${storyKey}` }

test(`kill -9, ${kills} times while a file of ${rows} rows is taken in: each row counts once, bad ones too`, async () => {
  let server = await startServer(env)
  const api = (method: string, path: string, body?: unknown) => call(server.url + path, method, body, headers)
  // Every tenth row has no number, and every twentieth is the person before once more.
  const lines = ['id;phone;name']
  for (let n = 0; n < rows; n++) {
    const who = n % 20 === 19 ? n - 1 : n
    lines.push(`k${who};${n % 10 === 5 ? 'none' : `+49151${30_000_000 + who}`};Name ${n}`)
  }
  const { body: made } = await api('POST', '/v1/contact-imports', { file_name: 'many.csv' })
  const path = `/v1/contact-imports/${made.id}`
  const file = Buffer.from(`\uFEFF${lines.join('\n')}`)
  for (let n = 0; n * 1_000_000 < file.length; n++)
    await fetch(`${server.url}${path}/chunks/${n}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'text/csv' },
      body: new Uint8Array(file.subarray(n * 1_000_000, (n + 1) * 1_000_000)),
    })
  const { body: seen } = await api('POST', `${path}/inspect`, {})
  const mapping = seen.format.columns.map((column: { to: string }) => column.to)
  assert.deepEqual(mapping, ['external_id', 'phone', 'name'])
  assert.equal((await api('POST', `${path}/start`, { mapping })).status, 202)

  const done = async () =>
    (
      await db.query<{ rows: number; state: string }>(
        statement('story_import', 'select rows, state from contact_imports'),
      )
    )[0]!
  for (let kill = 1; kill <= kills; kill++) {
    await eventually(async () => (await done()).rows >= (kill * rows) / (kills + 2))
    await server.kill('SIGKILL')
    assert.equal((await done()).state, 'running', 'it was in the middle')
    server = await startServer(env)
  }
  await eventually(async () => (await done()).state === 'finished')

  const { body: end } = await api('GET', path)
  const bad = rows / 10
  const again = rows / 20
  assert.deepEqual(
    [end.rows, end.created, end.updated + end.unchanged, end.failed],
    [rows, rows - bad - again, again, bad],
  )
  const [counts] = await db.query<object>(
    statement(
      'story_counts',
      `select (select count(*)::integer from contacts) as people, (select count(*)::integer from contact_addresses) as addresses,
         (select count(*)::integer from contact_import_errors) as errors, (select count(*)::integer from contact_import_chunks) as pieces`,
    ),
  )
  const people = rows - bad - again
  assert.deepEqual(counts, { people, addresses: people, errors: bad, pieces: 0 })
  await server.kill('SIGTERM')
})

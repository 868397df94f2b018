import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import pg from 'pg'
import { findRunning } from '../cli/database.ts'
import { readPidFile } from '../store/postmaster.ts'
import { call, eventually, listen, storyEnv, storyKey } from './house.ts'
import { startServer } from './process.ts'

test('server and embedded PostgreSQL killed together: the next server has the bind at once, whatever lease the dead one had', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kurzpost-test-both-'))
  chmodSync(dataDir, 0o711) // root's PostgreSQL runs as another user, who passes through
  const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
  after(async () => {
    await simulator.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const { DATABASE_URL: _, ...env } = storyEnv({ databaseUrl: '', smppPort: simulator.smppPort })
  const own = { ...env, KURZPOST_DATA_DIR: dataDir }

  async function inside<Row extends object>(text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: findRunning(dataDir) })
    await client.connect()
    try {
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end()
    }
  }
  const fence = async () =>
    (await inside<{ fence: string }>('select fence from binds where node is not null'))[0]?.fence

  const first = await startServer(own)
  await eventually(async () => (await fence()) !== undefined)
  const before = await fence()
  const { pid } = readPidFile(join(dataDir, 'postgres'))!
  await first.kill('SIGKILL')
  // PostgreSQL outlives its server. A lease that ends in an hour shows who waits for its end.
  await inside(`update binds set leased_until = now() + interval '1 hour'`)
  process.kill(pid, 'SIGKILL')
  await eventually(async () => !findRunning(dataDir))

  const second = await startServer(own)
  await eventually(async () => (await fence()) !== before)
  const events = await listen(second.url)
  const { body } = await call(
    `${second.url}/v1/messages`,
    'POST',
    { to: '+4915123456789', text: 'Wieder da.' },
    { authorization: `Bearer ${storyKey}` },
  )
  await events.wait('message.delivered', (data) => data.message_id === body.id)
  events.stop()
  await second.kill('SIGTERM')
})

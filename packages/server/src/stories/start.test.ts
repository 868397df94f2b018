import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { serve } from '../main.ts'
import { testDatabase } from '../store/testing.ts'
import { storyEnv } from './house.ts'

const { db, url: databaseUrl } = await testDatabase()
const dataDir = mkdtempSync(join(tmpdir(), 'kurzpost-start-'))
const taken = createServer()
await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
const { port } = taken.address() as AddressInfo
after(() => {
  taken.close()
  rmSync(dataDir, { recursive: true })
})

const env = {
  ...storyEnv({ databaseUrl, smppPort: port }),
  KURZPOST_PORT: String(port),
  KURZPOST_DATA_DIR: dataDir,
}
const sentence = new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken.*KURZPOST_PORT`)

test('a taken port is named with what to do, before any carrier hears of us, and nothing stays open', async () => {
  await assert.rejects(serve(readConfig(env), silentLog), sentence)
  const heard = await db.query({ name: '', text: 'select from carriers' }, [])
  assert.deepEqual(heard, [])
  const sessions = () =>
    db.query(
      {
        name: '',
        text: `select application_name from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      },
      [],
    )
  // PostgreSQL forgets a session a moment after its client has closed it.
  while ((await sessions()).length > 0);
})

test('the command ends by itself with exit code 1 and that sentence', async () => {
  const bin = fileURLToPath(new URL('../../bin/kurzpost.js', import.meta.url))
  const child = spawn(process.execPath, [bin, 'serve'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  assert.match(await text(child.stderr), sentence)
  assert.equal(await ended, 1)
})

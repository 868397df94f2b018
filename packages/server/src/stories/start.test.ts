import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readSandboxAccess } from '../accounts/sandbox-access.ts'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { type Running, serve } from '../main.ts'
import { testDatabase } from '../store/testing.ts'
import { call, storyEnv } from './house.ts'

const { db, url: databaseUrl } = await testDatabase()
const dataDir = mkdtempSync(join(tmpdir(), 'kurzpost-start-'))
const taken = createServer()
await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
const { port } = taken.address() as AddressInfo
after(() => {
  taken.close()
  rmSync(dataDir, { recursive: true })
})

const env: Record<string, string> = {
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

const { KURZPOST_BOOTSTRAP_KEY: _, ...keyless } = env
/** A server on this folder that is stopped when the test has looked at it. */
async function whileRunning(more: Record<string, string>, look: (running: Running) => Promise<void>) {
  const running = await serve(readConfig({ ...keyless, KURZPOST_PORT: '0', ...more }), silentLog)
  await look(running).finally(running.stop)
}
const statusWith = async (url: string, key: string) =>
  (await call(`${url}/v1/info`, 'GET', undefined, { authorization: `Bearer ${key}` })).status

test('a sandbox whose first start fails has its key all the same, and goes on with it', async () => {
  await assert.rejects(serve(readConfig(keyless), silentLog), sentence)
  const access = await readSandboxAccess(dataDir)
  assert.match(access!.key, /^kp_/)
  await whileRunning({}, async ({ url, key }) => {
    assert.equal(key, access!.key)
    assert.equal(await statusWith(url, access!.key), 200)
  })
})

test('a start without the sandbox revokes the key of the sandbox, and the next sandbox has another', async () => {
  const old = (await readSandboxAccess(dataDir))!.key
  await whileRunning({ KURZPOST_SANDBOX: 'off' }, async ({ url }) => {
    assert.equal(await statusWith(url, old), 401)
    assert.equal(await readSandboxAccess(dataDir), undefined)
  })
  await whileRunning({}, async ({ url, key }) => {
    assert.notEqual(key, old)
    assert.equal(await statusWith(url, key!), 200)
    assert.equal(await statusWith(url, old), 401)
  })
})

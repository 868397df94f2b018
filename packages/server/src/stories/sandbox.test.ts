import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, storyKey } from './house.ts'
import { startServer } from './process.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A data folder that PostgreSQL's user may pass through when the tests run as root. */
async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kurzpost-story-'))
  await chmod(folder, 0o711)
  after(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}

const authorized = { authorization: `Bearer ${storyKey}` }

test('what npm start runs survives kill -9: PostgreSQL and the simulator are taken over, and nothing is lost', async () => {
  const env = {
    KURZPOST_DATA_DIR: await dataFolder(),
    KURZPOST_PORT: '0',
    KURZPOST_SANDBOX: 'on',
    KURZPOST_SIMULATOR_SMPP_PORT: String(await freePort()),
    KURZPOST_SIMULATOR_HTTP_PORT: String(await freePort()),
    KURZPOST_UNCERTAIN_SECONDS: '1',
    KURZPOST_BOOTSTRAP_KEY: storyKey,
    KURZPOST_LOG: 'silent',
  }
  const first = await startServer(env)
  const messages = Array.from({ length: 100 }, (_, n) => ({
    to: `+49152${60_000_000 + n}`,
    text: 'Die Post ist offen.',
  }))
  const { body } = await call(`${first.url}/v1/messages/batch`, 'POST', { messages }, authorized)
  const ids: string[] = body.results.map((result: { id: string }) => result.id)
  const postgres = await readFile(join(env.KURZPOST_DATA_DIR, 'postgres', 'postmaster.pid'), 'utf8')
  const simulator = (await call(`http://127.0.0.1:${env.KURZPOST_SIMULATOR_HTTP_PORT}/health`, 'GET')).body
    .pid
  await first.kill('SIGKILL')

  const second = await startServer(env)
  await eventually(async () => {
    const page = await call(
      `${second.url}/v1/messages?state=delivered&limit=100`,
      'GET',
      undefined,
      authorized,
    )
    const delivered = new Set(page.body.data.map((item: { id: string }) => item.id))
    return ids.every((id) => delivered.has(id))
  })
  assert.equal(
    (await readFile(join(env.KURZPOST_DATA_DIR, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
    postgres.split('\n')[0],
  )
  const health = await call(`http://127.0.0.1:${env.KURZPOST_SIMULATOR_HTTP_PORT}/health`, 'GET')
  assert.equal(health.body.pid, simulator, 'the simulator went on, as a network does')

  await second.kill('SIGTERM')
  assert.equal(second.child.exitCode, 0)
  assert.ok(
    !existsSync(join(env.KURZPOST_DATA_DIR, 'postgres', 'postmaster.pid')),
    'PostgreSQL has ended with it',
  )
  await assert.rejects(
    call(`http://127.0.0.1:${env.KURZPOST_SIMULATOR_HTTP_PORT}/health`, 'GET'),
    'and so has the simulator',
  )
})

test('a start for production has no simulator and no sandbox key, and with DATABASE_URL starts no PostgreSQL', async () => {
  const { url: databaseUrl } = await testDatabase()
  const env = {
    DATABASE_URL: databaseUrl,
    KURZPOST_DATA_DIR: await dataFolder(),
    KURZPOST_PORT: '0',
    KURZPOST_SIMULATOR_SMPP_PORT: String(await freePort()),
    KURZPOST_SIMULATOR_HTTP_PORT: String(await freePort()),
    KURZPOST_BOOTSTRAP_KEY: storyKey,
    KURZPOST_LOG: 'silent',
  }
  const server = await startServer(env)
  await assert.rejects(
    call(`http://127.0.0.1:${env.KURZPOST_SIMULATOR_HTTP_PORT}/health`, 'GET'),
    'no simulator listens',
  )
  const handsets = await call(`${server.url}/v1/sandbox/handsets`, 'GET', undefined, authorized)
  assert.deepEqual([handsets.status, handsets.body.error.code], [404, 'sandbox_only'])
  assert.ok(!existsSync(join(env.KURZPOST_DATA_DIR, 'postgres')), 'no PostgreSQL of its own')
  assert.ok(!existsSync(join(env.KURZPOST_DATA_DIR, 'sandbox.json')), 'no key on the disk')

  // Without a carrier messages are accepted and wait; fictitious numbers are refused, for this is no play.
  const real = await call(
    `${server.url}/v1/messages`,
    'POST',
    { to: '+4915112345678', text: 'x' },
    authorized,
  )
  assert.equal(real.status, 202)
  const fiction = await call(
    `${server.url}/v1/messages`,
    'POST',
    { to: '+447700900000', text: 'x' },
    authorized,
  )
  assert.deepEqual([fiction.status, fiction.body.error.code], [422, 'invalid_number'])
  const { body: message } = await call(
    `${server.url}/v1/messages/${real.body.id}`,
    'GET',
    undefined,
    authorized,
  )
  assert.equal(message.state, 'queued')
  await server.kill('SIGTERM')
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { writeSandboxAccess } from '../accounts/sandbox-access.ts'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { serve } from '../main.ts'
import { testDatabase } from '../store/testing.ts'
import { examine } from './doctor.ts'

const bin = fileURLToPath(new URL('../../bin/kurzpost.js', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'kurzpost-cli-'))
after(() => rmSync(dataDir, { recursive: true }))

const { url: databaseUrl } = await testDatabase()
const token = 'bootstrap-key-of-at-least-32-letters'
const settings = { DATABASE_URL: databaseUrl, KURZPOST_PORT: '0', KURZPOST_DATA_DIR: dataDir }
const running = await serve(readConfig({ ...settings, KURZPOST_BOOTSTRAP_KEY: token }), silentLog)
after(() => running.stop())

interface Ended {
  code: number
  out: string
  err: string
}

/** Runs the command as a person would; settings of this process do not reach it. */
function run(args: string[], env: Record<string, string> = {}, input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [bin, ...args],
      { env: { PATH: process.env.PATH, ...settings, ...env } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    )
    child.stdin!.end(input)
  })
}
const reach = { KURZPOST_URL: running.url, KURZPOST_KEY: token }

test('help tells what there is, with examples, without starting anything', async () => {
  for (const args of [
    ['--help'],
    ['serve', '--help'],
    ['key', '--help'],
    ['send', '--help'],
    ['doctor', '--help'],
    ['migrate', '--help'],
    ['help', 'login'],
  ]) {
    const { code, out } = await run(args, { DATABASE_URL: 'postgres://nowhere.invalid/x' })
    assert.equal(code, 0)
    assert.match(out, /Examples?:\n {2}.*kurzpost/, args.join(' '))
  }
})

test('a command waits for what it needs itself alone: the first file names the others and loads none', () => {
  const source = readFileSync(new URL('kurzpost.ts', import.meta.url), 'utf8')
  const loaded = [...source.matchAll(/^import .* from '(.+)'$/gm)].map(([, name]) => name)
  assert.deepEqual(loaded, ['commander', '../version.ts', './say.ts'])
})

test('send puts a message through the API and tells what became of it', async () => {
  const { code, out } = await run(
    ['send', '--to', '+4915123456789', '--text', '-', '--lane', 'code'],
    reach,
    'Grüße\n',
  )
  assert.equal(code, 0)
  assert.match(out, /^msg_\w+ to \+4915123456789: queued, 1 segment, gsm7\n$/)
})

test('send finds the sandbox of its folder by itself', async () => {
  await writeSandboxAccess(dataDir, { url: running.url, key: token })
  const { code, out } = await run(['send', '--to', '+4915123456789', '--text', 'x', '--json'])
  rmSync(join(dataDir, 'sandbox.json'))
  assert.equal(code, 0)
  assert.equal(JSON.parse(out).state, 'queued')
})

test('send says in a sentence what is wrong', async () => {
  const cases: [string[], Record<string, string>, RegExp][] = [
    [['--to', 'Mutter', '--text', 'x'], reach, /not a phone number.*\(invalid_number\)/],
    [
      ['--to', '+4915123456789', '--text', 'x'],
      { ...reach, KURZPOST_KEY: 'x'.repeat(32) },
      /\(unauthenticated\)/,
    ],
    [
      ['--to', '+4915123456789', '--text', 'x'],
      { ...reach, KURZPOST_URL: 'http://127.0.0.1:1' },
      /^No server answers at/,
    ],
    [['--to', '+4915123456789', '--text', 'x'], {}, /^No server is known/],
  ]
  for (const [args, env, expected] of cases) {
    const { code, err } = await run(['send', ...args], env)
    assert.equal(code, 1)
    assert.match(err, expected)
    assert.doesNotMatch(err, /\n\s+at /)
  }
})

test('a key that is made opens the API, is listed without itself, and is revoked', async () => {
  const made = await run(['key', 'create', '--name', 'shop', '--scope', 'messages:read', 'keys'])
  assert.equal(made.code, 0)
  const key = made.out.trim()
  const ask = () => fetch(new URL('/v1/keys', running.url), { headers: { authorization: `Bearer ${key}` } })
  assert.equal((await ask()).status, 200)
  const { out } = await run(['key', 'list'])
  assert.ok(!out.includes(key))
  const [, id] = out.match(/^(key_\w+) .*shop {2}\(messages:read keys\)/m)!
  const revoked = await run(['key', 'revoke', id!])
  assert.equal(revoked.out, `${id} (shop) is revoked.\n`)
  assert.match((await run(['key', 'list'])).out, /shop .*revoked \d{4}/)
  assert.equal((await run(['key', 'revoke', 'key_x'])).code, 1)
})

test('migrate may be repeated', async () => {
  const { code, out } = await run(['migrate'])
  assert.equal(code, 0)
  assert.match(out, /^The schema is current \(\d+\)\.\n$/)
})

test('serve refuses settings that do not fit, all at once and without their secrets', async () => {
  const { code, err } = await run(['serve', '--port', 'x'], { KURZPOST_CARRIER_URL: 'smpp://secret' })
  assert.equal(code, 1)
  assert.match(err, /KURZPOST_PORT: "x" does not fit; a port is a whole number/)
  assert.match(err, /KURZPOST_CARRIER_URL: its value does not fit/)
  assert.doesNotMatch(err, /secret/)
})

test('serve that finds its port taken says so and ends', async () => {
  const port = new URL(running.url).port
  const { code, err } = await run(['serve', '--port', port], { KURZPOST_LOG: 'silent' })
  assert.equal(code, 1)
  assert.match(err, new RegExp(`^Port ${port} on 127.0.0.1 is taken`))
})

const sentences = async (env: Record<string, string>, level: string) =>
  (await examine({ ...settings, ...env }))
    .filter((finding) => finding.level === level)
    .map(({ sentence }) => sentence)

test('doctor finds nothing wrong beside a server that runs well', async () => {
  const port = new URL(running.url).port
  assert.deepEqual(
    (await sentences({ KURZPOST_PORT: port }, 'bad')).filter((sentence) => !sentence.includes('fsync')),
    [],
  )
  const good = await sentences({ KURZPOST_PORT: port }, 'good')
  assert.ok(
    good.some((sentence) => sentence.includes('is ready')),
    good.join('\n'),
  )
  assert.ok(
    good.some((sentence) => sentence.includes('schema is current')),
    good.join('\n'),
  )
})

test('doctor names what keeps the server from working', async (t) => {
  const squatter = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  t.after(() => squatter.close())
  await new Promise((resolve) => squatter.once('listening', resolve))
  const { port } = squatter.address() as { port: number }
  const cases: [Record<string, string>, RegExp][] = [
    [{ KURZPOST_PORT: String(port) }, /is taken by another program/],
    [{ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }, /does not answer: .*ECONNREFUSED/],
    [{ KURZPOST_CARRIER_URL: 'smpp://id:pw@127.0.0.1:1' }, /carrier at 127\.0\.0\.1:1 cannot be reached/],
    [{ KURZPOST_SANDBOX: 'on', KURZPOST_HOST: '0.0.0.0' }, /sandbox would be open to the network/],
    [{ KURZPOST_COUNTRY: 'Germany' }, /two capital letters/],
  ]
  for (const [env, expected] of cases) {
    const bad = await sentences(env, 'bad')
    assert.ok(
      bad.some((sentence) => expected.test(sentence)),
      `${expected}: ${bad.join('\n')}`,
    )
  }
})

test('doctor ends with 1 when something is wrong', async () => {
  const { code, out } = await run(['doctor'], { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' })
  assert.equal(code, 1)
  assert.match(out, /✗ The database of DATABASE_URL does not answer/)
})

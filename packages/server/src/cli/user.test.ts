import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { serve } from '../main.ts'
import { testDatabase } from '../store/testing.ts'

const bin = fileURLToPath(new URL('../../bin/kurzpost.js', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'kurzpost-users-'))
after(() => rmSync(dataDir, { recursive: true }))
const { url: databaseUrl } = await testDatabase()
const settings = { DATABASE_URL: databaseUrl, KURZPOST_PORT: '0', KURZPOST_DATA_DIR: dataDir }
const running = await serve(readConfig(settings), silentLog)
after(() => running.stop())

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...args],
      { env: { PATH: process.env.PATH, ...settings } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out: out.trim(), err }),
    )
  })
}

/** As the page of the link does. */
async function ask(method: string, path: string, body?: unknown, cookie = '') {
  const response = await fetch(new URL(path, running.url), {
    method,
    headers: { 'content-type': 'application/json', origin: running.url, cookie },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
  }
}
const tokenOf = (link: string): string => link.slice(link.indexOf('#') + 1)

test('the first owner comes by the command line: a link, a password, and everything is open', async () => {
  const added = await run('user', 'add', 'Ada@Example.org', '--name', 'Ada', '--role', 'owner')
  assert.equal(added.code, 0, added.err)
  assert.match(added.out, /^http:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{43}$/)
  const token = tokenOf(added.out)
  const read = await ask('POST', '/v1/links/read', { token })
  assert.deepEqual(
    [read.body.kind, read.body.email, read.body.role],
    ['invitation', 'ada@example.org', 'owner'],
  )
  const taken = await ask('POST', '/v1/links/take', { token, password: 'a long enough one' })
  assert.equal(taken.status, 201)
  const who = await ask('GET', '/v1/session', undefined, taken.cookie)
  assert.deepEqual([who.body.role, who.body.user.name], ['owner', 'Ada'])
  assert.equal((await ask('POST', '/v1/links/take', { token, password: 'a long enough one' })).status, 404)
  const { body } = await ask('GET', '/v1/audit', undefined, taken.cookie)
  assert.deepEqual(
    body.data.map(({ action }: { action: string }) => action),
    ['take_invitation', 'kurzpost user add'],
  )
})

test('a lost password is set anew by a link of the command line, and the sessions end with the old one', async () => {
  const { cookie } = await ask('POST', '/v1/session', {
    email: 'ada@example.org',
    password: 'a long enough one',
  })
  const reset = await run('user', 'reset', 'ada@example.org', '--factors')
  assert.equal(reset.code, 0, reset.err)
  const taken = await ask('POST', '/v1/links/take', {
    token: tokenOf(reset.out),
    password: 'quite another one',
  })
  assert.equal(taken.status, 201)
  assert.equal((await ask('GET', '/v1/session', undefined, cookie)).status, 401)
  const old = await ask('POST', '/v1/session', { email: 'ada@example.org', password: 'a long enough one' })
  assert.equal(old.status, 401)
})

test('an account is added, gets its own users and keys, and sees nothing of the first', async () => {
  const id = (await run('account', 'add', 'Bakery')).out
  assert.match(id, /^acc_[0-9a-z]{26}$/)
  const key = (await run('key', 'create', '--name', 'shop', '--account', 'Bakery')).out
  const asKey = await fetch(new URL('/v1/session', running.url), {
    headers: { authorization: `Bearer ${key}` },
  })
  assert.deepEqual(((await asKey.json()) as { account: unknown }).account, { id, name: 'Bakery' })
  const added = await run(
    'user',
    'add',
    'ben@example.org',
    '--name',
    'Ben',
    '--role',
    'admin',
    '--account',
    id,
  )
  assert.equal(added.code, 0, added.err)
  assert.equal((await run('user', 'list', '--account', 'Bakery')).out, '')
  assert.match((await run('user', 'list')).out, /ada@example\.org {2}Ada {2}owner/)
  assert.match(
    (await run('account', 'list')).out,
    /operates the installation[\s\S]*Bakery {2}0 users, 1 keys/,
  )
})

test('mistakes are told in a sentence', async () => {
  for (const [args, sentence] of [
    [['user', 'add', 'nobody', '--name', 'N', '--role', 'owner'], /no e-mail address/],
    [['user', 'add', 'a@b', '--name', 'N', '--role', 'king'], /Allowed choices are owner/],
    [
      ['user', 'add', 'ada@example.org', '--name', 'A', '--role', 'admin'],
      /is a user of the account already/,
    ],
    [['user', 'reset', 'nemo@example.org'], /There is no user nemo@example\.org/],
    [['user', 'remove', 'ada@example.org'], /left without an owner/],
    [['user', 'list', '--account', 'Nowhere'], /There is no account Nowhere/],
  ] as [string[], RegExp][]) {
    const { code, err } = await run(...args)
    assert.equal(code, 1, args.join(' '))
    assert.match(err, sentence)
  }
})

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { it, type TestContext } from 'node:test'
import pg from 'pg'
import { silentLog } from '../log.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts'
import { FolderInUseError } from './folder-lock.ts'
import { isAlive } from './postmaster.ts'

// Every test here starts real processes on a folder of its own. Only the flushing of files while a cluster is
// made is left out: what the server promises afterwards is on.
const initdb = ['--no-sync']

function temporaryFolder(t: TestContext, mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), 'kurzpost-test-embedded-'))
  chmodSync(folder, mode)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start(
  t: TestContext,
  dataDir: string,
  options: Partial<EmbeddedOptions> = {},
): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, log: silentLog, initdb, ...options })
  t.after(() => embedded.stop())
  return embedded
}

/** A server in a process of its own, to be killed. */
async function startElsewhere(
  t: TestContext,
  dataDir: string,
): Promise<{ child: ChildProcess; pid: number }> {
  const code = `
    import { startEmbedded } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)}
    import { silentLog } from ${JSON.stringify(new URL('../log.ts', import.meta.url).href)}
    const { pid } = await startEmbedded({ dataDir: process.argv[1], log: silentLog, initdb: ['--no-sync'] })
    console.log(pid)
    setInterval(() => {}, 1_000_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // a process group, as a shell makes one
  })
  t.after(() => child.kill('SIGKILL'))
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string]
  return { child, pid: Number(line) }
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Resolves when the process is gone; a test that waits for nothing would hang, and fail by its limit. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
}

it('makes PostgreSQL 18 in the data folder, durable, closed to the network, with a password of its own', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const { url, folder, adopted } = await start(t, dataDir)
  assert.equal(adopted, false)
  assert.equal(dirname(folder), dataDir)
  const [settings] = await query(
    url,
    `select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
            current_setting('wal_level') as wal, current_setting('listen_addresses') as addresses,
            current_setting('password_encryption') as password`,
  )
  assert.deepEqual(settings, {
    major: 18,
    fsync: 'on',
    commit: 'on',
    pages: 'on',
    wal: 'replica',
    addresses: process.platform === 'win32' ? '127.0.0.1' : '',
    password: 'scram-sha-256',
  })
  const passwordFile = join(dataDir, 'postgres.password')
  const password = readFileSync(passwordFile, 'utf8').trim()
  assert.ok(password.length >= 32 && url.includes(password))
  assert.equal(statSync(passwordFile).mode & 0o077, 0)
  await assert.rejects(query(url.replace(password, 'wrong'), 'select 1'), { code: '28P01' })
})

it('leaves no process behind on a clean stop, and has the data at the next start', async (t) => {
  const dataDir = temporaryFolder(t)
  const first = await start(t, dataDir)
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  assert.ok(!isAlive(first.pid))
  assert.ok(!existsSync(join(first.folder, 'postmaster.pid')))
  const second = await start(t, dataDir)
  assert.equal(second.adopted, false)
  assert.deepEqual(await query(second.url, 'select answer from kept'), [{ answer: 42 }])
})

it('stops while clients are connected and a transaction is open', async (t) => {
  const embedded = await start(t, temporaryFolder(t))
  const client = new pg.Client({ connectionString: embedded.url })
  client.on('error', () => {})
  await client.connect()
  await client.query('begin; create table never ()')
  await embedded.stop()
  assert.ok(!isAlive(embedded.pid))
})

it('adopts the PostgreSQL of a server that was killed', async (t) => {
  const dataDir = temporaryFolder(t)
  const { child, pid } = await startElsewhere(t, dataDir)
  await kill(child)
  assert.ok(isAlive(pid))
  const heir = await start(t, dataDir)
  assert.equal(heir.adopted, true)
  assert.equal(heir.pid, pid)
  await query(heir.url, 'create table kept as select 42 as answer')
  await heir.restart()
  assert.notEqual(heir.pid, pid)
  assert.deepEqual(await query(heir.url, 'select answer from kept'), [{ answer: 42 }])
  await heir.stop()
  assert.ok(!isAlive(pid) && !isAlive(heir.pid))
})

it('is not stopped by the Ctrl-C that stops the server', {
  skip: process.platform === 'win32',
}, async (t) => {
  const dataDir = temporaryFolder(t)
  const { child, pid } = await startElsewhere(t, dataDir)
  const exited = once(child, 'exit')
  process.kill(-child.pid!, 'SIGINT') // a terminal signals the whole group
  await exited
  const heir = await start(t, dataDir)
  assert.equal(heir.pid, pid)
})

it('tells when an adopted PostgreSQL dies', async (t) => {
  const dataDir = temporaryFolder(t)
  const { child, pid } = await startElsewhere(t, dataDir)
  await kill(child)
  const died = Promise.withResolvers<string>()
  await start(t, dataDir, { onExit: died.resolve })
  process.kill(pid, 'SIGKILL')
  await died.promise
})

it('stops an orphan that was started with other settings, and starts it anew', async (t) => {
  const dataDir = temporaryFolder(t)
  const { child, pid } = await startElsewhere(t, dataDir)
  await kill(child)
  const heir = await start(t, dataDir, { parameters: { max_connections: '33' } })
  assert.equal(heir.adopted, false)
  assert.ok(!isAlive(pid))
  assert.deepEqual(await query(heir.url, 'show max_connections'), [{ max_connections: '33' }])
})

it('recovers after server and PostgreSQL were killed together, and commits survive', async (t) => {
  const dataDir = temporaryFolder(t)
  const { child, pid } = await startElsewhere(t, dataDir)
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim()
  const socket = encodeURIComponent(join(dataDir, 'socket'))
  await query(
    `postgres://kurzpost:${password}@${socket}:5432/kurzpost`,
    'create table kept as select 42 as answer',
  )
  process.kill(pid, 'SIGKILL')
  await kill(child)
  await gone(pid)
  const heir = await start(t, dataDir)
  assert.equal(heir.adopted, false)
  assert.deepEqual(await query(heir.url, 'select answer from kept'), [{ answer: 42 }])
})

it('survives pid files whose number belongs to a stranger by now, and leaves that one alone', async (t) => {
  const dataDir = temporaryFolder(t)
  const first = await start(t, dataDir)
  const { uid, gid } = statSync(first.folder)
  const pidFile = readFileSync(join(first.folder, 'postmaster.pid'), 'utf8')
  await first.stop()
  // Of the same user: PostgreSQL itself does not count the processes of others.
  const stranger = spawn('/bin/sh', ['-c', 'read forever'], { stdio: 'pipe', uid, gid, cwd: '/' })
  t.after(() => stranger.kill())
  await once(stranger, 'spawn')
  writeFileSync(join(first.folder, 'postmaster.pid'), pidFile.replace(/^\d+/, String(stranger.pid)))
  mkdirSync(join(dataDir, 'socket'))
  writeFileSync(join(dataDir, 'socket', '.s.PGSQL.5432.lock'), pidFile.replace(/^\d+/, String(stranger.pid)))
  const second = await start(t, dataDir)
  assert.deepEqual(await query(second.url, 'select 1 as one'), [{ one: 1 }])
  assert.equal(stranger.exitCode ?? stranger.signalCode, null)
})

it('moves to another port when its port is taken', async (t) => {
  const squatter = createServer().listen(0, '127.0.0.1')
  t.after(() => squatter.close())
  await once(squatter, 'listening')
  const { port } = squatter.address() as { port: number }
  const { url } = await start(t, temporaryFolder(t), { transport: 'tcp', port })
  assert.notEqual(Number(new URL(url).port), port)
  assert.deepEqual(await query(url, 'select 1 as one'), [{ one: 1 }])
})

it('keeps its url over a restart, and says when PostgreSQL ends unasked', async (t) => {
  const died = Promise.withResolvers<string>()
  const embedded = await start(t, temporaryFolder(t), { onExit: died.resolve })
  const before = embedded.url
  await query(before, 'create table kept as select 42 as answer')
  process.kill(embedded.pid, 'SIGKILL')
  assert.match(await died.promise, /SIGKILL/)
  await embedded.restart()
  assert.equal(embedded.url, before)
  assert.deepEqual(await query(before, 'select answer from kept'), [{ answer: 42 }])
})

it('does not call a restart or a stop an unasked end', async (t) => {
  const ends: string[] = []
  const embedded = await start(t, temporaryFolder(t), { onExit: (reason) => ends.push(reason) })
  await embedded.restart()
  await embedded.restart()
  await embedded.stop()
  await embedded.stop()
  assert.deepEqual(ends, [])
})

it('ends the second of two servers on one folder with a sentence that names the folder and the first', async (t) => {
  const dataDir = temporaryFolder(t)
  const { child, pid } = await startElsewhere(t, dataDir)
  await assert.rejects(startEmbedded({ dataDir, log: silentLog }), (error) => {
    assert.ok(error instanceof FolderInUseError)
    assert.equal(error.pid, child.pid)
    assert.match(error.message, new RegExp(`process ${child.pid}\\) uses the folder ${dataDir}`))
    return true
  })
  assert.ok(isAlive(pid), 'the first one is not disturbed')
  await kill(child)
  await start(t, dataDir) // the lock died with its holder
})

it('lets one of two servers win that start on an empty folder at the same moment', async (t) => {
  const dataDir = temporaryFolder(t)
  const results = await Promise.allSettled([start(t, dataDir), start(t, dataDir)])
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

it('throws away the half-made cluster of a start that was broken off', async (t) => {
  const dataDir = temporaryFolder(t)
  mkdirSync(join(dataDir, 'postgres.new-abcdef/data'), { recursive: true })
  await start(t, dataDir)
  assert.ok(!existsSync(join(dataDir, 'postgres.new-abcdef')))
})

it('works in a folder whose path is too long for a socket, and cleans that up', async (t) => {
  const dataDir = join(temporaryFolder(t), 'ä'.repeat(60), "it's a folder")
  const embedded = await start(t, dataDir)
  const socket = decodeURIComponent(new URL(embedded.url).hostname)
  assert.ok(socket.startsWith(tmpdir()) && statSync(socket).mode % 0o100 === 0)
  assert.deepEqual(await query(embedded.url, 'select 1 as one'), [{ one: 1 }])
  await embedded.stop()
  assert.ok(!existsSync(socket))
})

it('works in a folder whose name has everything that needs quoting', async (t) => {
  const dataDir = join(temporaryFolder(t), `My "data", 50% 'off' #1`)
  const { url } = await start(t, dataDir)
  assert.equal(decodeURIComponent(new URL(url).hostname), join(dataDir, 'socket'))
  assert.deepEqual(await query(url, 'select 1 as one'), [{ one: 1 }])
})

it('says so when the password is gone, and makes no new cluster over the old', async (t) => {
  const dataDir = temporaryFolder(t)
  await (await start(t, dataDir)).stop()
  rmSync(join(dataDir, 'postgres.password'))
  await assert.rejects(startEmbedded({ dataDir, log: silentLog }), /postgres\.password is gone/)
})

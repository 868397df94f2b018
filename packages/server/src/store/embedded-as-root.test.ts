import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { it, type TestContext } from 'node:test'
import pg from 'pg'
import { silentLog } from '../log.ts'
import { type Embedded, startEmbedded } from './embedded.ts'
import { canEnter, postgresUser } from './postgres-user.ts'

const onlyRoot = { skip: process.getuid?.() !== 0 && 'needs root' }
const initdb = ['--no-sync']

/** A checkout in a folder that nobody else enters, such as /root, and a stand-in for /var/lib/kurzpost. */
function folders(t: TestContext): { checkout: string; shelter: string } {
  const base = mkdtempSync(join(tmpdir(), 'kurzpost-test-root-'))
  t.after(() => rmSync(base, { recursive: true, force: true }))
  chmodSync(base, 0o755)
  const checkout = join(base, 'checkout')
  mkdirSync(checkout, { mode: 0o700 })
  return { checkout, shelter: join(base, 'shelter') }
}

async function start(t: TestContext, dataDir: string, shelter: string): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, shelter, log: silentLog, initdb })
  t.after(() => embedded.stop())
  return embedded
}

async function answer(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

it('runs PostgreSQL as another user, in the data folder if that user gets there', onlyRoot, async (t) => {
  const { checkout, shelter } = folders(t)
  chmodSync(checkout, 0o755)
  const embedded = await start(t, join(checkout, '.kurzpost'), shelter)
  assert.equal(embedded.folder, join(checkout, '.kurzpost/postgres'))
  const { uid } = statSync(embedded.folder)
  assert.notEqual(uid, 0)
  const ids = /^Uid:\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${embedded.pid}/status`, 'utf8'))
  assert.deepEqual(ids?.slice(1), [String(uid), String(uid)])
  assert.match(readFileSync(`/proc/${embedded.pid}/status`, 'utf8'), /^Groups:\s*$/m)
})

it('puts the cluster elsewhere under a folder such as /root, with a link to it', onlyRoot, async (t) => {
  const { checkout, shelter } = folders(t)
  const dataDir = join(checkout, '.kurzpost')
  const first = await start(t, dataDir, shelter)
  assert.equal(dirname(dirname(first.folder)), shelter)
  assert.equal(readlinkSync(join(dataDir, 'postgres')), first.folder)
  assert.equal(lstatSync(first.folder).mode & 0o077, 0)
  await answer(first.url, 'create table kept as select 42')
  await first.stop()
  const second = await start(t, dataDir, shelter)
  assert.equal(second.folder, first.folder)
  assert.equal(await answer(second.url, 'select * from kept'), 42)
})

it(
  'starts empty after the data folder was deleted, and leaves the old cluster where it was',
  onlyRoot,
  async (t) => {
    const { checkout, shelter } = folders(t)
    const dataDir = join(checkout, '.kurzpost')
    const first = await start(t, dataDir, shelter)
    await answer(first.url, 'create table kept as select 42')
    await first.stop()
    rmSync(dataDir, { recursive: true })
    const second = await start(t, dataDir, shelter)
    assert.notEqual(second.folder, first.folder)
    assert.equal(await answer(second.url, `select to_regclass('kept')`), null)
    assert.ok(existsSync(join(first.folder, 'PG_VERSION')))
  },
)

it('holds the cluster of a copied data folder for one server', onlyRoot, async (t) => {
  const { checkout, shelter } = folders(t)
  const dataDir = join(checkout, '.kurzpost')
  await start(t, dataDir, shelter)
  const copy = join(checkout, 'copy')
  spawnSync('cp', ['-a', dataDir, copy])
  await assert.rejects(startEmbedded({ dataDir: copy, shelter, log: silentLog }), /Another Kurzpost server/)
})

it(
  'works for a user who is not root, and tells that user about a cluster of somebody else',
  onlyRoot,
  async (t) => {
    const { checkout, shelter } = folders(t)
    chmodSync(checkout, 0o755)
    const user = postgresUser(undefined)!
    const code = `
    import { startEmbedded } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)}
    import { silentLog } from ${JSON.stringify(new URL('../log.ts', import.meta.url).href)}
    try {
      const embedded = await startEmbedded({ dataDir: process.argv[1], log: silentLog, initdb: ['--no-sync'] })
      await embedded.stop()
      console.log('stopped')
    } catch (error) {
      console.log(error.message)
    }`
    if (!canEnter(dirname(process.execPath), user) || !canEnter(import.meta.dirname, user)) {
      t.skip(`user ${user.name} cannot run this checkout`)
      return
    }
    const asUser = (dataDir: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', code, dataDir], {
        uid: user.uid,
        gid: user.gid,
        cwd: '/',
        encoding: 'utf8',
      }).stdout.trim()

    const theirs = join(checkout, 'theirs')
    mkdirSync(theirs, { mode: 0o700 })
    chownSync(theirs, user.uid, user.gid)
    assert.equal(asUser(theirs), 'stopped')
    // Root takes over what an unprivileged user made, and runs it as that user.
    const embedded = await start(t, theirs, shelter)
    assert.equal(embedded.folder, join(theirs, 'postgres'))
    await embedded.stop()

    assert.match(asUser(join(checkout, 'not-mine')), /may not write to the data folder .*not-mine \(EACCES\)/)
    const foreign = join(checkout, 'foreign')
    mkdirSync(join(foreign, 'postgres'), { recursive: true })
    chownSync(join(foreign, 'postgres'), user.uid + 1, user.gid)
    chownSync(foreign, user.uid, user.gid)
    assert.match(asUser(foreign), /belongs to user \d+, and this server runs as user \d+/)
  },
)

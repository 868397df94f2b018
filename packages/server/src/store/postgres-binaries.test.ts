import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { identity, locateBinaries, prepareBinaries } from './postgres-binaries.ts'
import { postgresUser } from './postgres-user.ts'

const isRoot = process.getuid?.() === 0
const { root, version } = locateBinaries()

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kurzpost-test-binaries-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  return folder
}

/** The package as npm unpacks it before its install script has run: without the links. */
function unpacked(folder: string): string {
  const copy = join(folder, 'package')
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => !lstatSync(path).isSymbolicLink() && !path.endsWith('.a'),
  })
  return copy
}

it('makes the links that npm left out where it runs no scripts', {
  skip: process.platform === 'win32',
}, (t) => {
  const folder = temporaryFolder(t)
  const bare = unpacked(folder)
  const { postgres } = prepareBinaries(undefined, join(folder, 'spare'), { root: bare, version })
  assert.ok(postgres.startsWith(bare))
  const list = JSON.parse(readFileSync(join(bare, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[]
  assert.ok(list.length > 0)
  for (const { target } of list) assert.ok(lstatSync(join(bare, target)).isSymbolicLink(), target)
})

it('copies the programs once where their user cannot get at them', { skip: !isRoot && 'needs root' }, (t) => {
  const folder = temporaryFolder(t)
  const hidden = join(folder, 'hidden')
  mkdirSync(hidden, { mode: 0o700 })
  const bare = unpacked(hidden)
  // As under umask 077.
  for (const entry of readdirSync(bare, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, lstatSync(path).mode & 0o700)
  }
  const spare = join(folder, 'spare')
  const user = postgresUser(undefined)
  const first = prepareBinaries(user, spare, { root: bare, version })
  assert.ok(first.postgres.startsWith(spare))
  const made = lstatSync(first.postgres).ino
  const { stdout } = spawnSync(first.postgres, ['--version'], {
    ...identity(user),
    cwd: '/',
    encoding: 'utf8',
  })
  assert.match(stdout, /^postgres \(PostgreSQL\) 18\./)
  assert.deepEqual(prepareBinaries(user, spare, { root: bare, version }), first)
  assert.equal(lstatSync(first.postgres).ino, made)
  assert.deepEqual(readdirSync(spare), [`postgresql-${version}`])
})

it('says what to do where the programs do not run at all', (t) => {
  const folder = temporaryFolder(t)
  const bare = unpacked(folder)
  rmSync(join(bare, 'native/bin/postgres'), { force: true })
  rmSync(join(bare, 'native/bin/postgres.exe'), { force: true })
  assert.throws(
    () => prepareBinaries(undefined, join(folder, 'spare'), { root: bare, version }),
    /does not run here.*DATABASE_URL/,
  )
})

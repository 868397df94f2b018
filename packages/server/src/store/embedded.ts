import { accessSync, constants, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log.ts'
import {
  clusterPassword,
  clusterUrl,
  freePort,
  initialise,
  makeSocketFolder,
  placeCluster,
  removeSocket,
  socketFolder,
  socketPort,
} from './cluster.ts'
import { lockFolder } from './folder-lock.ts'
import { prepareBinaries } from './postgres-binaries.ts'
import {
  type Address,
  attach,
  disownPidFile,
  isPostmasterOf,
  type Launch,
  launchPostmaster,
  type Postmaster,
  readPidFile,
  runsAsLaunched,
  StartFailure,
  stopPostmaster,
} from './postmaster.ts'

/** A PostgreSQL of our own, as long as we live, in the data folder. */
export interface Embedded {
  /** For openDb and every other client; the same after a restart. */
  readonly url: string
  /** Of the postmaster that runs now. */
  readonly pid: number
  /** Whether a postmaster that a killed server left behind was taken over. */
  readonly adopted: boolean
  /** Where the data is. */
  readonly folder: string
  /** Fast shutdown and start, at the same address. */
  restart(): Promise<void>
  /** Fast shutdown, waits for its end, and frees the folder. Harmless to repeat. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly log: Log
  /** PostgreSQL ended without being asked to. `restart()` brings it back. */
  readonly onExit?: (reason: string) => void
  /** Over or beside our parameters. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly initdb?: readonly string[]
  /** Default: a Unix socket, and TCP on Windows. */
  readonly transport?: 'socket' | 'tcp'
  /** TCP: the port to try first. */
  readonly port?: number
  /** Where the cluster goes when PostgreSQL's user cannot enter the data folder. */
  readonly shelter?: string
}

/** Each line a decision; what is not here is PostgreSQL's default. */
const parameters: Readonly<Record<string, string>> = {
  // What we promise: an answered request is on the disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica', // so that it can be backed up while it runs
  // Our load: many small commits, tables that fit into memory, a queue that churns.
  shared_buffers: '128MB',
  max_connections: '60',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  autovacuum_naptime: '5s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  // Statements and error details can hold texts and numbers, which no log may.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

const maxLogBytes = 10 * 1024 * 1024

/**
 * Starts PostgreSQL in `dataDir` (or adopts the one that runs there since the last server was killed), with
 * an empty database `kurzpost`. Throws FolderInUseError where another server has the folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { log } = options
  const asRoot = process.getuid?.() === 0
  const dataDir = makeDataDir(options.dataDir, asRoot)
  const locks = [lockFolder(dataDir)]
  const release = () => {
    for (const lock of locks) lock.release()
  }
  try {
    const shelter = options.shelter ?? '/var/lib/kurzpost'
    const place = placeCluster(dataDir, shelter, log)
    // A copied data folder leads to the same cluster, which is then locked as well.
    if (place.home !== dataDir) locks.push(lockFolder(place.home))
    const binaries = prepareBinaries(place.user, asRoot ? shelter : dataDir)
    const password = clusterPassword(dataDir, place.pgdata)
    if (initialise(place, binaries, password, options.initdb ?? [])) {
      log.info({ folder: place.pgdata, version: binaries.version }, 'made a new database')
    }
    const launch: Launch = {
      binaries,
      user: place.user,
      pgdata: place.pgdata,
      logFile: join(dataDir, 'postgres.log'),
      parameters: { ...parameters, ...options.parameters },
    }
    const overTcp = (options.transport ?? (process.platform === 'win32' ? 'tcp' : 'socket')) === 'tcp'
    const choose = async (attempt: number): Promise<Address> =>
      overTcp
        ? { socketDir: '', port: attempt === 0 && options.port ? options.port : await freePort() }
        : { socketDir: socketFolder(place), port: socketPort }

    const found = await takeOver(launch, password, overTcp, log)
    const postmaster = found ?? (await launchSomewhere(launch, choose, log))
    await prepareDatabase(clusterUrl(postmaster.address, password, 'postgres'))
    return supervise(launch, postmaster, {
      url: clusterUrl(postmaster.address, password, 'kurzpost'),
      adopted: found !== undefined,
      log,
      onExit: options.onExit,
      release,
    })
  } catch (error) {
    release()
    throw error
  }
}

function makeDataDir(given: string, asRoot: boolean): string {
  const path = resolve(given)
  try {
    // Root's PostgreSQL runs as another user, who has to pass through.
    mkdirSync(path, { recursive: true, mode: asRoot ? 0o711 : 0o700 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new Error(
      `This user may not write to the data folder ${path} (${(cause as NodeJS.ErrnoException).code}). ` +
        'Set KURZPOST_DATA_DIR to a folder of its own.',
      { cause },
    )
  }
  return realpathSync(path)
}

/** The handle on a postmaster that runs. Restart and stop wait for each other. */
function supervise(
  launch: Launch,
  first: Postmaster,
  given: Pick<Embedded, 'url' | 'adopted'> &
    Pick<EmbeddedOptions, 'log'> & { onExit: EmbeddedOptions['onExit']; release: () => void },
): Embedded {
  const { log } = given
  const { address } = first
  let postmaster = first
  let expected = false
  let stopped: Promise<void> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const watch = async (watched: Postmaster) => {
    const reason = await watched.ended
    if (expected || watched !== postmaster) return
    log.error({ pid: watched.pid, reason }, 'PostgreSQL ended without being asked to')
    given.onExit?.(reason)
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }
  void watch(postmaster)
  return {
    url: given.url,
    adopted: given.adopted,
    folder: launch.pgdata,
    get pid() {
      return postmaster.pid
    },
    restart: () =>
      inTurn(async () => {
        if (stopped) throw new Error('The embedded PostgreSQL was stopped.')
        expected = true
        await stopPostmaster(launch, postmaster)
        postmaster = await relaunch(launch, address, log)
        expected = false
        void watch(postmaster)
        log.info({ pid: postmaster.pid }, 'PostgreSQL restarted')
      }),
    stop() {
      stopped ??= inTurn(async () => {
        expected = true
        await stopPostmaster(launch, postmaster)
        removeSocket(address)
        given.release()
        log.info({ pid: postmaster.pid }, 'PostgreSQL stopped')
      })
      return stopped
    },
  }
}

/** Looks at what a killed server left behind: adopts its postmaster, stops it, or clears its stale pid file. */
async function takeOver(
  launch: Launch,
  password: string,
  overTcp: boolean,
  log: Log,
): Promise<Postmaster | undefined> {
  const file = readPidFile(launch.pgdata)
  if (!file || clearStale(launch, log)) return undefined
  const { pid } = file
  log.info({ pid }, 'found the PostgreSQL that an earlier server left running')
  const postmaster = await attach(launch.pgdata, file)
  if (!postmaster) {
    log.info({ pid }, 'it ended by itself')
    return undefined
  }
  const misfit =
    overTcp !== (file.socketDir === '') || !runsAsLaunched(launch, file)
      ? 'it was started with other settings'
      : await whyStrange(clusterUrl(file, password, 'postgres'), launch)
  if (misfit === undefined) {
    log.info({ pid }, 'it fits, and is used on')
    return postmaster
  }
  log.info({ pid, reason: misfit }, 'it is stopped and started anew')
  await stopPostmaster(launch, postmaster)
  return undefined
}

/** True if the pid file names no postmaster of ours; PostgreSQL then starts past it. */
function clearStale(launch: Launch, log: Log): boolean {
  const file = readPidFile(launch.pgdata)
  if (!file) return true
  if (isPostmasterOf(file.pid, launch.pgdata)) return false
  log.info({ pid: file.pid }, 'PostgreSQL did not end cleanly last time; it recovers now')
  disownPidFile(launch.pgdata)
  removeSocket(file)
  return true
}

async function whyStrange(url: string, { binaries }: Launch): Promise<string | undefined> {
  try {
    const version = await withClient(url, async (client) => {
      const { rows } = await client.query<{ server_version: string }>('show server_version')
      return rows[0]!.server_version
    })
    return binaries.version.startsWith(`${version}.`) ? undefined : `it is version ${version}`
  } catch (error) {
    return `it does not answer (${(error as Error).message})`
  }
}

/** What may be in the way for a moment: another's port, or backends that have not noticed their postmaster's end. */
const passing =
  /Address already in use|could not create any TCP\/IP sockets|shared memory block.*still in use/

async function launchSomewhere(
  launch: Launch,
  choose: (attempt: number) => Promise<Address>,
  log: Log,
): Promise<Postmaster> {
  rotate(launch.logFile)
  for (let attempt = 0; ; attempt++) {
    const address = await choose(attempt)
    try {
      const postmaster = await launchPostmaster(launch, address)
      log.info({ pid: postmaster.pid, folder: launch.pgdata }, 'PostgreSQL started')
      return postmaster
    } catch (error) {
      if (attempt === 19 || !(error instanceof StartFailure) || !passing.test(error.said)) throw error
      log.warn({ attempt, said: error.said.split('\n')[0] }, 'PostgreSQL could not start, trying again')
      await delay(Math.min(100 * attempt, 1_000))
    }
  }
}

/** At the same address: whoever has the url keeps it. */
function relaunch(launch: Launch, address: Address, log: Log): Promise<Postmaster> {
  clearStale(launch, log)
  if (address.socketDir !== '') makeSocketFolder(address, launch.user)
  return launchSomewhere(launch, async () => address, log)
}

/** One generation of log is kept. */
function rotate(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes) renameSync(path, `${path}.1`)
}

async function prepareDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ made: boolean; lz4: boolean }>(
      `select exists (select from pg_database where datname = 'kurzpost') as made,
              (select 'lz4' = any (enumvals) from pg_settings where name = 'wal_compression') as lz4`,
    )
    if (!rows[0]!.made) await client.query('create database kurzpost')
    // pglz costs more CPU than the disk it saves is worth, so only where the build has lz4.
    if (rows[0]!.lz4) {
      await client.query(`alter system set wal_compression = 'lz4'`)
      await client.query('select pg_reload_conf()')
    }
  })
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 30_000 })
  client.on('error', () => {}) // the query that was under way rejects by itself
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

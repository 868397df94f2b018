import { chmodSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { silentLog } from '../log.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts'
import { FolderInUseError, lockFolder } from './folder-lock.ts'
import { isPostmasterOf, readPidFile } from './postmaster.ts'

const prefix = 'kurzpost-test-'

/** Set by scripts/test.ts: one cluster for the whole run. Without it each test file's process starts one. */
export const clusterVariable = 'KURZPOST_TEST_CLUSTER'

/**
 * Nothing here has to outlive the machine, so nothing is forced to the disk: the same PostgreSQL otherwise.
 * Many databases are open at once, so it takes more connections than a server's own.
 */
const parameters = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  autovacuum_naptime: '60s',
  max_wal_size: '4GB',
}

export interface RunningCluster {
  readonly cluster: Embedded
  end(): Promise<void>
}

/** Starts a PostgreSQL for tests on a temp folder. `end` stops it and removes every trace. */
export async function startTestCluster(options: Partial<EmbeddedOptions> = {}): Promise<RunningCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(dataDir, 0o711) // root's PostgreSQL runs as another user, who passes through
  try {
    const cluster = await startEmbedded({
      dataDir,
      log: silentLog,
      initdb: ['--no-sync'],
      ...options,
      parameters: { ...parameters, ...options.parameters },
    })
    const remove = () => rmSync(dataDir, { recursive: true, force: true })
    const killAtExit = () => {
      process.kill(cluster.pid, 'SIGQUIT')
      remove()
    }
    process.once('exit', killAtExit)
    return {
      cluster,
      async end() {
        process.off('exit', killAtExit)
        await cluster.stop()
        if (dirname(cluster.folder) !== dataDir)
          rmSync(dirname(cluster.folder), { recursive: true, force: true })
        remove()
      },
    }
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true })
    throw error
  }
}

/** The address of another database of the same cluster. */
export const databaseUrl = (clusterUrl: string, name: string): string => clusterUrl.replace(/[^/]*$/, name)

/**
 * A temp folder for a whole test run, which all its processes use as theirs. `end` stops every PostgreSQL
 * that an interrupted test left in it, and removes it.
 */
export function startTestRun(): { env: Record<string, string>; end(): void } {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(folder, 0o711)
  const lock = lockFolder(folder)
  return {
    env: process.platform === 'win32' ? { TEMP: folder, TMP: folder } : { TMPDIR: folder },
    end() {
      lock.release()
      removeFolder(folder)
    },
  }
}

const settledMs = 10 * 60_000

/** Ends and removes what killed test runs left: the folders that nobody holds any more. */
export function sweepTestRuns(): void {
  const folders = readdirSync(tmpdir())
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(tmpdir(), name))
  for (const folder of folders) {
    const stat = statSync(folder, { throwIfNoEntry: false })
    // A folder made just now may be one that is about to be locked.
    if (!stat || stat.uid !== process.getuid?.() || Date.now() - stat.mtimeMs < settledMs) continue
    try {
      lockFolder(folder).release()
    } catch (error) {
      if (error instanceof FolderInUseError) continue
      throw error
    }
    removeFolder(folder)
  }
}

function removeFolder(folder: string): void {
  for (const pgdata of clustersIn(folder, 4)) {
    const pid = readPidFile(pgdata)?.pid
    if (pid !== undefined && isPostmasterOf(pid, pgdata)) process.kill(pid, 'SIGQUIT')
    if (!pgdata.startsWith(folder)) rmSync(dirname(pgdata), { recursive: true, force: true })
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}

/** The data folder of a cluster is called `postgres`, or is what a link of that name leads to. */
function clustersIn(folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name === 'postgres') return existsSync(path) ? [realpathSync(path)] : []
    return entry.isDirectory() && depth > 0 ? clustersIn(path, depth - 1) : []
  })
}

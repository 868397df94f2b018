import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
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

const settledMs = 10 * 60_000

/** Ends and removes the clusters of test runs that were killed: those whose folder nobody holds any more. */
export function sweepTestClusters(): void {
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
    removeCluster(folder)
  }
}

function removeCluster(folder: string): void {
  try {
    const pgdata = realpathSync(join(folder, 'postgres'))
    const pid = readPidFile(pgdata)?.pid
    if (pid !== undefined && isPostmasterOf(pid, pgdata)) process.kill(pid, 'SIGQUIT')
    rmSync(dirname(pgdata), { recursive: true, force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // else it never came to a cluster
  }
  rmSync(folder, { recursive: true, force: true })
}

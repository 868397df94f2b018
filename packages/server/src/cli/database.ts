import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { clusterPassword, clusterUrl } from '../store/cluster.ts'
import { startDatabase } from '../store/database.ts'
import { FolderInUseError } from '../store/folder-lock.ts'
import { isPostmasterOf, readPidFile } from '../store/postmaster.ts'

type Where = Pick<Config, 'databaseUrl' | 'dataDir'>

/** The address of the embedded PostgreSQL that runs in the data directory, or undefined. */
export function findRunning(dataDir: string): string | undefined {
  const link = join(dataDir, 'postgres')
  if (!existsSync(link)) return undefined
  const pgdata = realpathSync(link)
  const file = readPidFile(pgdata)
  if (!file || !isPostmasterOf(file.pid, pgdata)) return undefined
  return clusterUrl(file, clusterPassword(dataDir, pgdata), 'kurzpost')
}

/**
 * Runs `work` with the address of the server's database: DATABASE_URL, the embedded one of a server that runs,
 * or the embedded one started for as long as the work takes.
 */
export async function withDatabase<T>(
  config: Where,
  log: Log,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const database = await startDatabase(config, log).catch((error) => {
    const url = error instanceof FolderInUseError ? findRunning(config.dataDir) : undefined
    if (url === undefined) throw error
    return { url, stop: async () => {} }
  })
  try {
    return await work(database.url)
  } finally {
    await database.stop()
  }
}

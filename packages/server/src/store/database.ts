import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { backoff } from '../pause.ts'
import { type Embedded, startEmbedded } from './embedded.ts'

export interface Database {
  readonly url: string
  stop(): Promise<void>
}

/** The PostgreSQL of DATABASE_URL, or our own in the data directory, which is brought back whenever it dies. */
export async function startDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Log,
): Promise<Database> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: async () => {} }
  const stopping = new AbortController()
  const embedded: Embedded = await startEmbedded({
    dataDir: config.dataDir,
    log,
    onExit: () => void revive(),
  })

  async function revive(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await backoff(attempt, { signal: stopping.signal })
        return await embedded.restart()
      } catch (error) {
        if (!stopping.signal.aborted)
          log.error({ error: (error as Error).message }, 'PostgreSQL did not start again; trying on')
      }
    }
  }

  return {
    url: embedded.url,
    stop() {
      stopping.abort()
      return embedded.stop()
    },
  }
}

import { ensureFirstAccount } from '../accounts/keys.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { type Db, openDb } from '../store/db.ts'
import { migrate } from '../store/migrate.ts'
import { withDatabase } from './database.ts'

/** Works on the first account, straight in the database on a current schema, whether or not a server runs. */
export async function withAccount<T>(work: (db: Db, accountId: string) => Promise<T>): Promise<T> {
  const log = createLog('warn')
  return withDatabase(readConfig(process.env), log, async (url) => {
    await migrate(url, log)
    const db = openDb(url, { max: 2, log, name: 'kurzpost command' })
    try {
      const { id } = await ensureFirstAccount(db, systemClock)
      return await work(db, id)
    } finally {
      await db.close()
    }
  })
}

import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from './db.ts'

/** Resolves when a session of this database waits for a lock of another. */
export async function lockWaited(db: Db): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await db.query({ name: '', text })).length === 0) await wait(5)
}

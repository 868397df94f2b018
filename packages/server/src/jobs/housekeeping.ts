import type { Clock } from '../clock.ts'
import type { Db } from '../store/db.ts'
import { ensurePartitions } from '../store/partitions.ts'
import type { Cron } from './start.ts'
import { deleteIdempotencyKeys } from './store.ts'

/** A request's answer is kept for so long. */
const idempotencyMs = 24 * 3_600_000

/** What the tables need regularly. */
export function housekeeping({ db, clock }: { db: Db; clock: Clock }): Cron[] {
  return [
    {
      name: 'partitions',
      match: '10 3 * * *',
      run: () => db.transaction((tx) => ensurePartitions(tx, clock.now())),
    },
    {
      name: 'idempotency_keys',
      match: '20 * * * *',
      run: () => deleteIdempotencyKeys(db, new Date(clock.now().getTime() - idempotencyMs)),
    },
  ]
}

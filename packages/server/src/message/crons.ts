import type { Clock } from '../clock.ts'
import type { Cron } from '../jobs/start.ts'
import type { Db } from '../store/db.ts'
import { dropOrphansBefore } from './receipt.store.ts'

/** What the message tables need regularly. */
export function messageCrons({
  db,
  clock,
  orphanHours,
}: {
  db: Db
  clock: Clock
  orphanHours: number
}): Cron[] {
  return [
    {
      name: 'orphan_receipts',
      match: '40 * * * *',
      run: () => dropOrphansBefore(db, new Date(clock.now().getTime() - orphanHours * 3_600_000)),
    },
  ]
}

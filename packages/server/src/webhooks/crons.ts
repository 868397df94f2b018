import type { Clock } from '../clock.ts'
import type { Db } from '../store/db.ts'
import { deleteOldDeliveries } from './delivery.store.ts'

/** Retention of the delivery log, for `startJobs`. */
export const webhookCrons = ({ db, clock }: { db: Db; clock: Clock }) => [
  { name: 'webhook_log', match: '40 * * * *', run: () => deleteOldDeliveries(db, clock.now()) },
]

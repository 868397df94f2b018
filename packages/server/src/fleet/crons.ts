import type { Cron } from '../jobs/start.ts'
import type { Tx } from '../store/db.ts'
import { forgetDead } from './nodes.store.ts'

/** What the tables of the nodes need regularly. */
export const fleetCrons = ({ db }: { db: Tx }): Cron[] => [
  { name: 'dead_nodes', match: '50 * * * *', run: () => forgetDead(db) },
]

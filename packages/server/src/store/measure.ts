import type { Metrics } from '../metrics.ts'
import type { Db, Timed } from './db.ts'

/** Times of the database and its pool, for Prometheus: `timed` goes into `openDb`, what it gives into `watch`. */
export function measureStore(metrics: Metrics): { timed: Timed; watch(db: Pick<Db, 'pool'>): void } {
  const took = metrics.histogram('kurzpost_database_seconds')
  return {
    timed: (of, ms) => took.observe({ of }, ms / 1_000),
    watch({ pool }) {
      metrics.gauge('kurzpost_database_connections', (gauge) => {
        gauge.set({ state: 'active' }, pool.totalCount - pool.idleCount)
        gauge.set({ state: 'idle' }, pool.idleCount)
        gauge.set({ state: 'waiting' }, pool.waitingCount)
      })
    },
  }
}

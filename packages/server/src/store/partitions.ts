import { statement, type Tx } from './db.ts'

const lock = statement('partitions_lock', 'select pg_advisory_xact_lock($1)')
const ensure = statement('partitions_ensure', 'select ensure_partitions($1::date, $2)')

/** `create table if not exists` of two nodes at once would clash in the catalogue, so they take turns. */
const partitionsLock = 7678_0002

/**
 * Makes the monthly partitions from the month before `now` (messages of a clock that is behind, and of
 * around the turn of the month) to two months after it. At start and once a day, inside a transaction.
 */
export async function ensurePartitions(tx: Tx, now: Date): Promise<void> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
  await tx.query(lock, [partitionsLock])
  await tx.query(ensure, [from.toISOString().slice(0, 10), 4])
}

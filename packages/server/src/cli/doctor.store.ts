import { statement, type Tx } from '../store/db.ts'

const facts = statement(
  'doctor_facts',
  `select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
     extract(epoch from clock_timestamp()) * 1000 as now_ms`,
)

/** What a database says about itself. */
export async function databaseFacts(
  tx: Tx,
): Promise<{ version: number; fsync: 'on' | 'off'; now_ms: string }> {
  return (await tx.query<{ version: number; fsync: 'on' | 'off'; now_ms: string }>(facts))[0]!
}

const partition = statement(
  'doctor_partition',
  `select to_regclass('messages' || $1::text) is not null as there`,
)

/** Whether the messages of a month (`2026_11`) have a place to go to. */
export async function hasPartition(tx: Tx, month: string): Promise<boolean> {
  return (await tx.query<{ there: boolean }>(partition, [`_${month}`]))[0]!.there
}

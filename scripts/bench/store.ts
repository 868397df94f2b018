import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** What the house asks of its PostgreSQL, as PostgreSQL itself counts it. */
export interface StoreCounts {
  /** Statements that the server sent, by its own metrics. */
  readonly statements: number
  readonly commits: number
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  /** From rows and the indexes of their tables. */
  readonly indexEntries: number
  readonly walBytes: number
}

/** A session on the PostgreSQL in a server's data folder. */
export async function openStore(dataDir: string): Promise<pg.Client> {
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim()
  // Line 5 of the pid file is the folder of the socket.
  const pidFile = join(realpathSync(join(dataDir, 'postgres')), 'postmaster.pid')
  const host = readFileSync(pidFile, 'utf8').split('\n')[4]!
  const client = new pg.Client({ host, port: 5432, user: 'kurzpost', database: 'kurzpost', password })
  await client.connect()
  return client
}

// A summary (BRIN) is no entry. Of the partial indexes only that of the queue's order has rows on the common path.
const counts = `
  select pg_current_wal_lsn() - '0/0' as wal,
    (select xact_commit from pg_stat_database where datname = current_database()) as commits, t.*
  from (
    select sum(n_tup_ins) as inserted, sum(n_tup_upd) as updated, sum(n_tup_del) as deleted,
      sum((n_tup_ins + n_tup_upd - n_tup_hot_upd) * (
        select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relam <> (select oid from pg_am where amname = 'brin') and i.indrelid = s.relid and (i.indpred is null or i.indexrelid::regclass::text = 'queue_ready'))) as entries
    from pg_stat_user_tables s) t`

/** What has been counted so far; the difference of two is what happened between them, to a second. */
export async function readStore(client: pg.Client, url: string): Promise<StoreCounts> {
  await client.query('select pg_stat_clear_snapshot()')
  const [row] = (await client.query<Record<string, string>>(counts)).rows
  const metrics = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text()
  const statements = Number(/^kurzpost_database_seconds_count\{of="statement"\} (\d+)/m.exec(metrics)?.[1])
  const number = (name: string): number => Number(row![name])
  return {
    statements,
    commits: number('commits'),
    inserted: number('inserted'),
    updated: number('updated'),
    deleted: number('deleted'),
    indexEntries: number('entries'),
    walBytes: number('wal'),
  }
}

/** A message's share of what happened between two counts. */
export function shareOf(before: StoreCounts, after: StoreCounts, messages: number): StoreCounts {
  const names = Object.keys(before) as (keyof StoreCounts)[]
  return Object.fromEntries(
    names.map((name) => [name, (after[name] - before[name]) / messages]),
  ) as unknown as StoreCounts
}

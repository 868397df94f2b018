import { quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'
import type { Column } from './service.ts'

export interface TableRow {
  /** Bare UUID. */
  id: string
  key: string
  cells: readonly string[]
}

export interface Table {
  columns: Column[]
  rowCount: number
  updatedAt: Date
}

const one = statement(
  'keywords_table',
  `select columns, row_count as "rowCount", updated_at as "updatedAt" from keyword_tables
   where account_id = $1 and service_id = $2`,
)

export async function findTable(tx: Tx, accountId: string, serviceId: string): Promise<Table | undefined> {
  return (await tx.query<Table>(one, [accountId, serviceId]))[0]
}

const put = statement(
  'keywords_put_table',
  `insert into keyword_tables (account_id, service_id, columns, updated_at) values ($1, $2, $3, $4)
   on conflict (account_id, service_id) do update set columns = excluded.columns, updated_at = excluded.updated_at`,
)

export async function putTable(
  tx: Tx,
  accountId: string,
  serviceId: string,
  columns: readonly Column[],
  now: Date,
): Promise<void> {
  await tx.query(put, [accountId, serviceId, JSON.stringify(columns), now])
}

const recount = statement(
  'keywords_recount_table',
  `update keyword_tables t set updated_at = $3,
     row_count = (select count(*) from keyword_table_rows r where r.account_id = $1 and r.service_id = $2)
   where account_id = $1 and service_id = $2 returning row_count as "rowCount"`,
)

/** After rows have come or gone. Returns how many there are. */
export async function recountRows(tx: Tx, accountId: string, serviceId: string, now: Date): Promise<number> {
  return (await tx.query<{ rowCount: number }>(recount, [accountId, serviceId, now]))[0]?.rowCount ?? 0
}

const emptyTable = statement(
  'keywords_empty_table',
  'delete from keyword_table_rows where account_id = $1 and service_id = $2',
)

export async function deleteAllRows(tx: Tx, accountId: string, serviceId: string): Promise<void> {
  await tx.query(emptyTable, [accountId, serviceId])
}

const upsert = statement(
  'keywords_upsert_rows',
  `insert into keyword_table_rows (account_id, service_id, id, key, cells)
   select $1, $2, d.id, d.key, d.cells::text[] from unnest($3::uuid[], $4::text[], $5::text[]) as d(id, key, cells)
   on conflict (account_id, service_id, id) do update set key = excluded.key, cells = excluded.cells`,
)
/** Rows a statement takes. */
const atOnce = 5_000

export async function upsertRows(
  tx: Tx,
  accountId: string,
  serviceId: string,
  rows: readonly TableRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += atOnce) {
    const some = rows.slice(from, from + atOnce)
    await tx.query(upsert, [
      ...[accountId, serviceId, uuids(some.map(({ id }) => id)), quoted(some.map(({ key }) => key))],
      quoted(some.map(({ cells }) => quoted(cells))),
    ])
  }
}

const remove = statement(
  'keywords_delete_rows',
  'delete from keyword_table_rows where account_id = $1 and service_id = $2 and id = any($3::uuid[]) returning id',
)

export async function deleteRows(
  tx: Tx,
  accountId: string,
  serviceId: string,
  ids: readonly string[],
): Promise<number> {
  return (await tx.query(remove, [accountId, serviceId, ids])).length
}

const known = statement(
  'keywords_known_rows',
  'select id, key, cells from keyword_table_rows where account_id = $1 and service_id = $2 and id = any($3::uuid[])',
)

export function rowsById(
  tx: Tx,
  accountId: string,
  serviceId: string,
  ids: readonly string[],
): Promise<TableRow[]> {
  return tx.query(known, [accountId, serviceId, ids])
}

const page = statement(
  'keywords_list_rows',
  `select id, key, cells from keyword_table_rows where account_id = $1 and service_id = $2
     and ($3::uuid is null or id > $3) order by id limit $4`,
)
const pageByKey = statement(
  'keywords_find_rows',
  `select id, key, cells from keyword_table_rows where account_id = $1 and service_id = $2
     and key ~>=~ $4 and key ~<~ ($4 || U&'\\+10FFFF') and ($3::uuid is null or (key, id) > (
       (select a.key from keyword_table_rows a where a.account_id = $1 and a.service_id = $2 and a.id = $3), $3))
   order by key using ~<~, id limit $5`,
)

/** In the order of the file; with `key`, those whose key begins with it, by key. */
export function listRows(
  tx: Tx,
  accountId: string,
  serviceId: string,
  options: { after: string | undefined; key: string | undefined; limit: number },
): Promise<TableRow[]> {
  const { after = null, key, limit } = options
  return key === undefined
    ? tx.query(page, [accountId, serviceId, after, limit])
    : tx.query(pageByKey, [accountId, serviceId, after, key, limit])
}

export interface Lookup {
  accountId: string
  serviceId: string
  /** Folded. */
  key: string
  /** Fewer columns were given than there are: every row that goes on from here fits. */
  open: boolean
  /** Rows at most. */
  most: number
}

const lookUp = statement(
  'keywords_look_up',
  `select d.n::integer, r.cells from unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::integer[])
     with ordinality as d(account_id, service_id, key, open, most, n),
   lateral (
     select r.cells from keyword_table_rows r
     where r.account_id = d.account_id and r.service_id = d.service_id and r.key ~>=~ d.key
       and r.key ~<=~ (case when d.open then d.key || U&'\\+10FFFF' else d.key end)
     order by r.key using ~<~, r.id limit d.most) r`,
)

/** The rows that each look-up finds, in the order of the look-ups. */
export async function lookUpRows(tx: Tx, lookups: readonly Lookup[]): Promise<string[][][]> {
  if (lookups.length === 0) return []
  const found = await tx.query<{ n: number; cells: string[] }>(lookUp, [
    lookups.map(({ accountId }) => accountId),
    lookups.map(({ serviceId }) => serviceId),
    lookups.map(({ key }) => key),
    lookups.map(({ open }) => open),
    lookups.map(({ most }) => most),
  ])
  const byLookup = Map.groupBy(found, ({ n }) => n)
  return lookups.map((_, at) => byLookup.get(at + 1)?.map(({ cells }) => cells) ?? [])
}

const near = statement(
  'keywords_near_rows',
  `select d.n::integer, r.key, r.cells from unnest($1::uuid[], $2::uuid[], $3::text[])
     with ordinality as d(account_id, service_id, start, n),
   lateral (
     select r.key, r.cells from keyword_table_rows r
     where r.account_id = d.account_id and r.service_id = d.service_id and r.key ~>=~ d.start
       and r.key ~<=~ (d.start || U&'\\+10FFFF')
     order by r.key using ~<~, r.id limit 50) r`,
)

/** Rows whose keys begin like those that were not found, for "did you mean". */
export async function nearRows(
  tx: Tx,
  wanted: readonly { accountId: string; serviceId: string; start: string }[],
): Promise<{ key: string; cells: string[] }[][]> {
  if (wanted.length === 0) return []
  const found = await tx.query<{ n: number; key: string; cells: string[] }>(near, [
    wanted.map(({ accountId }) => accountId),
    wanted.map(({ serviceId }) => serviceId),
    wanted.map(({ start }) => start),
  ])
  const byWanted = Map.groupBy(found, ({ n }) => n)
  return wanted.map((_, at) => byWanted.get(at + 1) ?? [])
}

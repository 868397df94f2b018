import { lines } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'
import type { Column, Target } from './mapping.ts'
import type { Format } from './reader.ts'

export type ImportState = 'uploading' | 'ready' | 'running' | 'finished' | 'failed' | 'stopped'

export interface ImportRow {
  id: string
  file_name: string
  state: ImportState
  size: number
  format: (Format & { columns: Column[]; chunks: number }) | null
  mapping: Target[] | null
  options: { list?: string; tags?: string[] }
  position: number
  rows: number
  created: number
  updated: number
  unchanged: number
  failed: number
  error: { code: string; sentence: string } | null
  created_at: Date
  started_at: Date | null
  touched_at: Date
  finished_at: Date | null
}

const columns = `id, file_name, state, size, format, mapping, options, position, rows, created, updated, unchanged, failed,
  error, created_at, started_at, touched_at, finished_at`

const insert = statement(
  'contact_imports_insert',
  `insert into contact_imports (account_id, id, file_name, state, created_at, touched_at)
   select $1, $2, $3, 'uploading', $4, $4
   where (select count(*) from contact_imports where account_id = $1 and state in ('uploading', 'ready', 'running')) < $5
   returning id`,
)
/** False when there are `most` unfinished ones already. */
export const insertImport = async (
  tx: Tx,
  accountId: string,
  id: string,
  fileName: string,
  now: Date,
  most: number,
): Promise<boolean> => (await tx.query(insert, [accountId, id, fileName, now, most])).length > 0

const get = statement(
  'contact_imports_get',
  `select ${columns} from contact_imports where account_id = $1 and id = $2`,
)
export const readImport = async (tx: Tx, accountId: string, id: string): Promise<ImportRow | undefined> =>
  (await tx.query<ImportRow>(get, [accountId, id]))[0]

const lock = statement(
  'contact_imports_lock',
  `select ${columns}, exists (select from contact_suppressed s where s.account_id = $1) as some_erased
   from contact_imports where account_id = $1 and id = $2 for update`,
)
/** The same, locked until the transaction ends; with whether anybody of the account was ever erased. */
export const lockImport = async (
  tx: Tx,
  accountId: string,
  id: string,
): Promise<(ImportRow & { some_erased: boolean }) | undefined> =>
  (await tx.query<ImportRow & { some_erased: boolean }>(lock, [accountId, id]))[0]

const list = statement(
  'contact_imports_list',
  `select ${columns} from contact_imports where account_id = $1
     and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit $3`,
)
export const readImports = (
  tx: Tx,
  accountId: string,
  before: string | undefined,
  limit: number,
): Promise<ImportRow[]> => tx.query<ImportRow>(list, [accountId, before ?? null, limit])

const putChunk = statement(
  'contact_import_chunks_put',
  `with open as (select id from contact_imports where account_id = $1 and id = $2 and state = 'uploading')
   insert into contact_import_chunks (account_id, import_id, n, bytes) select $1, open.id, $3, $4 from open
   on conflict (account_id, import_id, n) do update set bytes = excluded.bytes returning n`,
)
/** Keeps a piece of the file; false when the import takes no more. */
export const keepChunk = async (
  tx: Tx,
  accountId: string,
  id: string,
  n: number,
  bytes: Buffer,
): Promise<boolean> => (await tx.query(putChunk, [accountId, id, n, bytes])).length > 0

const chunkSizes = statement(
  'contact_import_chunks_sizes',
  `select count(*)::integer as chunks, coalesce(max(n), -1) as last, coalesce(sum(octet_length(bytes)), 0)::bigint as size
   from contact_import_chunks where account_id = $1 and import_id = $2`,
)
export const sizeUp = async (
  tx: Tx,
  accountId: string,
  id: string,
): Promise<{ chunks: number; last: number; size: number }> =>
  (await tx.query<{ chunks: number; last: number; size: number }>(chunkSizes, [accountId, id]))[0]!

const pieceSizes = statement(
  'contact_import_chunks_each',
  `select n, octet_length(bytes) as size from contact_import_chunks where account_id = $1 and import_id = $2 order by n`,
)
const slice = statement(
  'contact_import_chunks_slice',
  `select substring(bytes from $4::integer for $5::integer) as bytes from contact_import_chunks
   where account_id = $1 and import_id = $2 and n = $3`,
)
/** The driver turns what it reads from text into octets at one go: so much does not hold up the others on this node. */
const sliceBytes = 512 * 1024

/** The file in slices, from an octet on. What stands before is not fetched. */
export async function* readFile(tx: Tx, accountId: string, id: string, from = 0): AsyncGenerator<Buffer> {
  let skip = from
  for (const { n, size } of await tx.query<{ n: number; size: number }>(pieceSizes, [accountId, id])) {
    for (let at = skip; at < size; at += sliceBytes) {
      const [row] = await tx.query<{ bytes: Buffer }>(slice, [accountId, id, n, at + 1, sliceBytes])
      if (!row) return
      yield row.bytes
    }
    skip = Math.max(0, skip - size)
  }
}

const setFormat = statement(
  'contact_imports_format',
  `update contact_imports set state = 'ready', format = $3, size = $4, touched_at = $5
   where account_id = $1 and id = $2 and state in ('uploading', 'ready') returning id`,
)
export const makeReady = async (
  tx: Tx,
  accountId: string,
  id: string,
  format: NonNullable<ImportRow['format']>,
  size: number,
  now: Date,
): Promise<boolean> =>
  (await tx.query(setFormat, [accountId, id, JSON.stringify(format), size, now])).length > 0

const start = statement(
  'contact_imports_start',
  `update contact_imports set state = 'running', mapping = $3, options = $4, position = $5, started_at = $6, touched_at = $6
   where account_id = $1 and id = $2 and state = 'ready' returning id`,
)
export const startImport = async (
  tx: Tx,
  accountId: string,
  id: string,
  order: { mapping: readonly Target[]; options: ImportRow['options']; position: number },
  now: Date,
): Promise<boolean> => {
  const { mapping, options, position } = order
  const values = [accountId, id, JSON.stringify(mapping), JSON.stringify(options), position, now]
  return (await tx.query(start, values)).length > 0
}

const advance = statement(
  'contact_imports_advance',
  `update contact_imports set position = $3, rows = rows + $4, created = created + $5, updated = updated + $6,
     unchanged = unchanged + $7, failed = failed + $8, touched_at = $9 where account_id = $1 and id = $2`,
)
export interface Progress {
  position: number
  rows: number
  created: number
  updated: number
  unchanged: number
  failed: number
}
/** Moves the place up to which the file is done, with what came of it. */
export const advanceImport = async (
  tx: Tx,
  accountId: string,
  id: string,
  { position, rows, created, updated, unchanged, failed }: Progress,
  now: Date,
): Promise<void> => {
  await tx.query(advance, [accountId, id, position, rows, created, updated, unchanged, failed, now])
}

const addErrors = statement(
  'contact_import_errors_add',
  `insert into contact_import_errors (account_id, import_id, row, problems, cells)
   select $1, $2, (p ->> 'row')::bigint, p -> 'problems', array(select jsonb_array_elements_text(p -> 'cells'))
   from string_to_table($3, E'\\n') as l(line) cross join lateral (select line::jsonb as p offset 0) d`,
)
export interface ErrorRow {
  row: number
  problems: { column: number | null; code: string }[]
  cells: string[]
}
export const insertErrors = async (
  tx: Tx,
  accountId: string,
  id: string,
  rows: readonly ErrorRow[],
): Promise<void> => {
  if (rows.length > 0)
    await tx.query(addErrors, [accountId, id, lines(rows.map((row) => JSON.stringify(row)))])
}

const someErrors = statement(
  'contact_import_errors_list',
  `select row, problems, cells from contact_import_errors
   where account_id = $1 and import_id = $2 and row > $3 order by row limit $4`,
)
export const readErrors = (
  tx: Tx,
  accountId: string,
  id: string,
  after: number,
  limit: number,
): Promise<ErrorRow[]> => tx.query<ErrorRow>(someErrors, [accountId, id, after, limit])

const finish = statement(
  'contact_imports_finish',
  `with gone as (delete from contact_import_chunks where account_id = $1 and import_id = $2)
   update contact_imports set state = $3, error = $4, finished_at = $5, touched_at = $5,
     format = jsonb_set(format, '{columns}', (
       select coalesce(jsonb_agg(c || '{"samples": []}' order by n), '[]')
       from jsonb_array_elements(format -> 'columns') with ordinality as e(c, n)))
   where account_id = $1 and id = $2 and state = any ($6) returning id`,
)
/** Ends an import that is in one of these states; the file is deleted, and cells of it that were shown. False when it was in none of them. */
export const endImport = async (
  tx: Tx,
  accountId: string,
  id: string,
  to: { state: ImportState; error?: { code: string; sentence: string } },
  from: readonly ImportState[],
  now: Date,
): Promise<boolean> => {
  const error = to.error ? JSON.stringify(to.error) : null
  return (await tx.query(finish, [accountId, id, to.state, error, now, from])).length > 0
}

const analyze = statement(
  'contact_imports_analyze',
  'vacuum (analyze) contacts, contact_addresses, contact_list_members',
)
/**
 * What the planner knows of people is out of date after many were added, and their pages are not yet marked as seen by
 * all: whoever asks about a segment first would wait for both. Not in a transaction.
 */
export const refreshStatistics = async (tx: Tx): Promise<void> => {
  await tx.query(analyze)
}

const stale = statement(
  'contact_imports_stale',
  `select account_id, id from contact_imports where state in ('uploading', 'ready') and touched_at < $1 limit 100`,
)
/** Imports that nobody has gone on with. */
export const staleImports = (tx: Tx, before: Date): Promise<{ account_id: string; id: string }[]> =>
  tx.query(stale, [before])

const oldErrors = statement(
  'contact_import_errors_forget',
  `delete from contact_import_errors e using (
     select account_id, id from contact_imports where finished_at < $1 and failed > 0) i
   where e.account_id = i.account_id and e.import_id = i.id`,
)
/** Rows that were not taken hold personal data: they are forgotten after a while. */
export const forgetErrors = async (tx: Tx, before: Date): Promise<void> => {
  await tx.query(oldErrors, [before])
}

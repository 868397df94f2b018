import { isUtf8 } from 'node:buffer'
import { KurzpostError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { type CsvFile, CsvProblem, readCsv } from './csv.ts'
import { keyOfRow } from './lookup.ts'
import { findService, holdBook } from './service.store.ts'
import type { Column } from './service.ts'
import {
  deleteAllRows,
  deleteRows,
  findTable,
  listRows,
  putTable,
  recountRows,
  rowsById,
  type Table,
  type TableRow,
  upsertRows,
} from './table.store.ts'

const mostRows = 100_000
const mostColumns = 50
const mostCell = 1_000

interface Owner {
  accountId: string
  /** Bare UUID. */
  id: string
}

/** What the sentences below speak of. */
interface Parts {
  /** Of the file, from 1. */
  line?: number
  count?: number
  most?: number
  name?: string
}
/** What can be wrong with a file: a word in `details`, by which the console says it in the reader's language, and a sentence. */
const problems = {
  not_utf8: () => 'The file is not UTF-8: letters with accents would be lost.',
  broken: ({ line }) =>
    `The file cannot be read${line ? ` from line ${line} on` : ''}: most often a quotation mark is not closed.`,
  empty: () => 'The file is empty.',
  columns: ({ count, most }) => `The file has ${count} columns; ${most} are possible.`,
  rows: ({ count, most }) => `The table would have ${count} rows; ${most} are possible.`,
  name: ({ name }) => `A column cannot be called "${name}".`,
  twice: ({ name }) => `Two columns are called "${name}".`,
  too_wide: ({ line }) => `Line ${line} has more cells than there are columns.`,
  too_long: ({ line, most }) => `A cell in the row of line ${line} is longer than ${most} characters.`,
  no_column: ({ name }) => `There is no column "${name}".`,
} satisfies Record<string, (parts: Parts) => string>

const unreadable = (problem: keyof typeof problems, parts: Parts = {}): KurzpostError =>
  new KurzpostError('keyword_table_unreadable', {
    message: problems[problem](parts),
    details: { problem, ...parts },
  })

/** A file as columns and rows. Cells beyond the header are dropped only where they are empty. */
function readTable(file: Buffer): { names: string[]; rows: string[][] } {
  // Windows-1252, say, as old spreadsheets save: people would be answered with question marks.
  if (!isUtf8(file)) throw unreadable('not_utf8')
  let read: CsvFile
  try {
    read = readCsv(file.toString('utf8'))
  } catch (error) {
    if (error instanceof CsvProblem)
      throw unreadable('broken', error.line === undefined ? {} : { line: error.line })
    throw error
  }
  const [names, ...rows] = read.rows
  if (!names) throw unreadable('empty')
  if (names.length > mostColumns) throw unreadable('columns', { count: names.length, most: mostColumns })
  if (rows.length > mostRows) throw unreadable('rows', { count: rows.length, most: mostRows })
  const seen = new Set<string>()
  for (const name of names) {
    if (name === '' || name.length > 60 || /[{}]/.test(name))
      throw unreadable('name', { name: name.slice(0, 60) })
    if (seen.has(name)) throw unreadable('twice', { name })
    seen.add(name)
  }
  for (const [at, row] of rows.entries()) {
    if (row.slice(names.length).some((cell) => cell !== ''))
      throw unreadable('too_wide', { line: read.lineOf(at + 1) })
    if (row.some((cell) => cell.length > mostCell))
      throw unreadable('too_long', { line: read.lineOf(at + 1), most: mostCell })
  }
  return { names, rows: rows.map((row) => names.map((_, at) => clean(row[at] ?? ''))) }
}

const clean = (cell: string): string => cell.toWellFormed().replaceAll('\0', '')

/** Keys as asked for, else those of the table that there was, else the first column. */
function columnsOf(
  names: readonly string[],
  wanted: { keys: readonly string[]; caller: string | undefined },
  before: readonly Column[],
): Column[] {
  const { keys, caller } = wanted
  const unknown = [...keys, ...(caller === undefined ? [] : [caller])].find((name) => !names.includes(name))
  if (unknown !== undefined) throw unreadable('no_column', { name: unknown })
  if (keys.length > 0 || caller !== undefined)
    return names.map((name) => ({
      name,
      key: name === caller ? 'caller' : keys.includes(name) ? 'argument' : null,
    }))
  const kept = new Map(before.map(({ name, key }) => [name, key]))
  const keeps = names.some((name) => kept.get(name))
  return names.map((name, at) => ({
    name,
    key: keeps ? (kept.get(name) ?? null) : at === 0 ? 'argument' : null,
  }))
}

export async function demandTableService(tx: Tx, { accountId, id }: Owner): Promise<void> {
  const service = await findService(tx, accountId, id)
  if (service?.kind !== 'table') throw new KurzpostError('not_found')
}

export async function demandTable(tx: Tx, owner: Owner): Promise<Table> {
  const table = await findTable(tx, owner.accountId, owner.id)
  if (!table) throw new KurzpostError('not_found')
  return table
}

const isKeyless = (columns: readonly Column[], cells: readonly string[]): boolean =>
  columns.some(({ key }, at) => key !== null && cells[at] === '')

/** Takes the place of the whole table, in one commit: nobody meets half of it. */
export async function replaceTable(
  platform: Platform,
  owner: Owner,
  file: Buffer,
  wanted: { keys: readonly string[]; caller: string | undefined },
): Promise<Table & { withoutKey: number }> {
  const { names, rows } = readTable(file)
  const { accountId, id } = owner
  const now = platform.now()
  return platform.transaction(async (tx) => {
    await holdBook(tx, accountId)
    await demandTableService(tx, owner)
    const columns = columnsOf(names, wanted, (await findTable(tx, accountId, id))?.columns ?? [])
    await putTable(tx, accountId, id, columns, now)
    await deleteAllRows(tx, accountId, id)
    const made = rows.map((cells) => ({ id: platform.id(), key: keyOfRow(columns, cells), cells }))
    await upsertRows(tx, accountId, id, made)
    const rowCount = await recountRows(tx, accountId, id, now)
    const withoutKey = rows.filter((cells) => isKeyless(columns, cells)).length
    return { columns, rowCount, updatedAt: now, withoutKey }
  })
}

/** Changes by which columns rows are found. Names and order of the columns stay: the file says those. */
export async function changeColumns(
  platform: Platform,
  owner: Owner,
  wanted: readonly Column[],
): Promise<Table> {
  const { accountId, id } = owner
  return platform.transaction(async (tx) => {
    await holdBook(tx, accountId)
    await demandTableService(tx, owner)
    const table = await demandTable(tx, owner)
    const columns = table.columns.map(({ name }, at) => {
      if (wanted[at]?.name !== name || wanted.length !== table.columns.length)
        throw new KurzpostError('invalid_request', {
          details: [
            { field: `columns.${at}.name`, problem: `must be ${name}: columns keep their names and order` },
          ],
        })
      return { name, key: wanted[at].key }
    })
    const now = platform.now()
    await putTable(tx, accountId, id, columns, now)
    for await (const rows of pages(tx, owner)) {
      const rekeyed = rows.map((row) => ({ ...row, key: keyOfRow(columns, row.cells) }))
      await upsertRows(tx, accountId, id, rekeyed)
    }
    return { ...table, columns, updatedAt: now }
  })
}

export interface RowsWanted {
  put: readonly { id?: string; cells: readonly string[] }[]
  remove: readonly string[]
}

/** Changes, adds and deletes rows. Ids are bare UUIDs; one that is not there is a `not_found`, and nothing is changed. */
export async function changeRows(
  platform: Platform,
  owner: Owner,
  { put, remove }: RowsWanted,
): Promise<{ table: Table; rows: TableRow[] }> {
  const { accountId, id } = owner
  return platform.transaction(async (tx) => {
    // Words stay as they are, but two who add rows at once must not pass the most that there may be.
    await holdBook(tx, accountId)
    await demandTableService(tx, owner)
    const table = await demandTable(tx, owner)
    const known = put.flatMap((row) => row.id ?? [])
    if ((await rowsById(tx, accountId, id, known)).length !== new Set(known).size)
      throw new KurzpostError('not_found')
    if ((await deleteRows(tx, accountId, id, remove)) !== new Set(remove).size)
      throw new KurzpostError('not_found')
    const rows = put.map((row) => {
      const cells = table.columns.map((_, at) => clean(row.cells[at] ?? '').trim())
      return { id: row.id ?? platform.id(), cells, key: keyOfRow(table.columns, cells) }
    })
    await upsertRows(tx, accountId, id, rows)
    const now = platform.now()
    const rowCount = await recountRows(tx, accountId, id, now)
    if (rowCount > mostRows) throw unreadable('rows', { count: rowCount, most: mostRows })
    return { table: { ...table, rowCount, updatedAt: now }, rows }
  })
}

const pageSize = 2_000

/** All rows, a page at a time, in the order of the file. */
export async function* pages(tx: Tx, { accountId, id }: Owner): AsyncGenerator<TableRow[]> {
  for (let after: string | undefined; ; ) {
    const rows = await listRows(tx, accountId, id, { after, key: undefined, limit: pageSize })
    if (rows.length > 0) yield rows
    if (rows.length < pageSize) return
    after = rows.at(-1)!.id
  }
}

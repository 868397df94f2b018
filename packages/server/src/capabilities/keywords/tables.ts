import { KurzpostError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { CsvProblem, readCsv } from './csv.ts'
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

const unreadable = (message: string): KurzpostError =>
  new KurzpostError('keyword_table_unreadable', { message })

/** A file as columns and rows. Cells beyond the header are dropped only where they are empty. */
function readTable(file: string): { names: string[]; rows: string[][] } {
  let lines: string[][]
  try {
    lines = readCsv(file)
  } catch (error) {
    if (error instanceof CsvProblem) throw unreadable(error.message)
    throw error
  }
  const [names, ...rows] = lines
  if (!names) throw unreadable('The file is empty.')
  if (names.length > mostColumns)
    throw unreadable(`The file has ${names.length} columns; ${mostColumns} are possible.`)
  if (rows.length > mostRows) throw unreadable(`The file has ${rows.length} rows; ${mostRows} are possible.`)
  const seen = new Set<string>()
  for (const name of names) {
    if (name === '' || name.length > 60 || /[{}]/.test(name))
      throw unreadable(`A column cannot be called "${name.slice(0, 60)}".`)
    if (seen.has(name)) throw unreadable(`Two columns are called "${name}".`)
    seen.add(name)
  }
  for (const [at, row] of rows.entries()) {
    if (row.slice(names.length).some((cell) => cell !== ''))
      throw unreadable(`Row ${at + 2} has more cells than there are columns.`)
    if (row.some((cell) => cell.length > mostCell))
      throw unreadable(`A cell in row ${at + 2} is longer than ${mostCell} characters.`)
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
  if (unknown !== undefined) throw unreadable(`There is no column "${unknown}".`)
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
  file: string,
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
    if (rowCount > mostRows)
      throw unreadable(`The table would have ${rowCount} rows; ${mostRows} are possible.`)
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

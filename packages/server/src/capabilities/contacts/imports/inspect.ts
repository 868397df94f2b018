import { KurzpostError } from '../../../errors.ts'
import type { Platform } from '../../../platform.ts'
import { limits } from '../limits.ts'
import { readDefinitions } from '../people/attributes.store.ts'
import { guessColumns, type Target } from './mapping.ts'
import { rowProblems } from './problems.ts'
import { readRow } from './read-row.ts'
import { type FileRow, type Format, readRows, UnreadableFileError } from './reader.ts'
import { type ImportRow, makeReady, readFile, sizeUp } from './store.ts'
import { createTranscoder, guessDelimiter, guessEncoding } from './text.ts'

const samples = 50

/** The first rows of a file. */
export async function firstRows(
  pieces: AsyncGenerator<Buffer>,
  format: Pick<Format, 'encoding' | 'delimiter'>,
  most: number,
): Promise<FileRow[]> {
  const rows: FileRow[] = []
  try {
    for await (const row of readRows(pieces, format, 0)) {
      rows.push(row)
      if (rows.length >= most) break
    }
  } catch (error) {
    if (error instanceof UnreadableFileError)
      throw new KurzpostError('import_unreadable', { details: { line: error.line } })
    throw error
  }
  return rows
}

/** Looks at an uploaded file: how it is written, which columns it has, and what they probably are. */
export async function inspect(
  platform: Platform,
  accountId: string,
  id: string,
  wish: Partial<Format>,
): Promise<void> {
  const { db } = platform
  const { chunks, last, size } = await sizeUp(db, accountId, id)
  if (chunks === 0 || last !== chunks - 1 || size === 0)
    throw new KurzpostError('import_incomplete', { details: { pieces: chunks, last } })
  if (size > limits.importBytes)
    throw new KurzpostError('limit_reached', { details: { most: limits.importBytes, unit: 'octets' } })
  const { value: start } = await readFile(db, accountId, id).next()
  const encoding = wish.encoding ?? guessEncoding(start!)
  const text = createTranscoder(encoding)(start!.subarray(0, 64 * 1024)).toString('utf8')
  const delimiter = wish.delimiter ?? guessDelimiter(text)
  const rows = await firstRows(readFile(db, accountId, id), { encoding, delimiter }, samples + 1)
  if (rows.length === 0) throw new KurzpostError('import_incomplete')
  const widest = Math.max(...rows.map(({ cells }) => cells.length))
  if (widest > limits.importColumns)
    throw new KurzpostError('limit_reached', { details: { most: limits.importColumns, unit: 'columns' } })
  const header =
    wish.header ?? !rows[0]!.cells.some((cell) => /^\+?[\d\s().\-/]{7,}$/.test(cell) || cell.includes('@'))
  const names = Array.from({ length: widest }, (_, at) => (header ? (rows[0]!.cells[at] ?? '').trim() : ''))
  const body = rows.slice(header ? 1 : 0).map(({ cells }) => cells)
  const columns = guessColumns(names, body, await readDefinitions(db, accountId))
  const format = { encoding, delimiter, header, columns, chunks }
  if (!(await makeReady(db, accountId, id, format, size, platform.now())))
    throw new KurzpostError('import_closed')
}

/** What the first rows would become under a mapping. */
export async function previewRows(
  platform: Platform,
  accountId: string,
  { id, format }: Pick<ImportRow, 'id'> & { format: NonNullable<ImportRow['format']> },
  mapping: readonly Target[],
  most: number,
) {
  const { db, numbers, addressKey: key } = platform
  const rules = { mapping, definitions: await readDefinitions(db, accountId), numbers, key, tags: [] }
  const skip = format.header ? 1 : 0
  const rows = await firstRows(readFile(db, accountId, id), format, most + skip)
  return rows.slice(skip).map(({ cells }, at) => {
    const read = readRow(cells, rules)
    if ('problems' in read)
      return {
        row: at + 1,
        cells,
        problems: read.problems.map(({ column, code }) => ({ column, code, sentence: rowProblems[code] })),
      }
    const { fields, addresses } = read.row
    const { add_tags: tags, ...rest } = fields
    return {
      row: at + 1,
      cells,
      contact: {
        ...rest,
        ...(tags && { tags }),
        addresses: addresses.map(({ channel, address }) => ({ channel, address })),
      },
    }
  })
}

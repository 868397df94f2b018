import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Tx } from '../../../store/db.ts'
import { csvLine } from '../csv.ts'
import { rowProblems } from './problems.ts'
import { type ImportRow, readErrors } from './store.ts'

const page = 2_000

/** The rows that were not taken, as they stood in the file, with what is wrong in a last column: correct and upload again. */
export async function writeErrors(
  db: Tx,
  accountId: string,
  { id, file_name, format }: ImportRow,
  response: ServerResponse,
  signal: AbortSignal,
  show: (text: string) => string,
): Promise<void> {
  const name = file_name.replace(/\.[^.]*$/, '').replace(/[^\w .-]/g, '_')
  response.writeHead(200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}-problems.csv"`,
  })
  const names = format?.columns.map((column) => column.name) ?? []
  const delimiter = format?.delimiter ?? ';'
  // Excel takes UTF-8 for what it is only with a mark.
  response.write(`\uFEFF${csvLine([...names, 'row', 'problem'], delimiter)}`)
  for (let after = 0; !signal.aborted; ) {
    const rows = await readErrors(db, accountId, id, after, page)
    if (rows.length === 0) break
    const text = rows
      .map(({ row, problems, cells }) => {
        const said = problems.map(({ column, code }) => {
          const sentence = rowProblems[code as keyof typeof rowProblems] ?? code
          return column === null ? sentence : `${names[column] || column + 1}: ${sentence}`
        })
        const padded = names.map((_, at) => show(cells[at] ?? ''))
        return csvLine([...padded, String(row), said.join(' ')], delimiter)
      })
      .join('')
    after = rows.at(-1)!.row
    if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  response.end()
}

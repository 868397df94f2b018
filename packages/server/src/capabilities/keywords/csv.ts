import { CsvError, parse } from 'csv-parse/sync'

/** A file that cannot be read as a table; the message says why. */
export class CsvProblem extends Error {
  /** From which line on. */
  readonly line: number | undefined
  constructor(message: string, line: number | undefined) {
    super(message)
    this.line = line
  }
}

/** What stands between fields, told from the first line: German spreadsheets write semicolons. */
function delimiterOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)![0].replace(/"(?:[^"]|"")*"/g, '')
  const count = (sign: string) => line.split(sign).length
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}

/** A cell that a spreadsheet would run; `writeCsv` marks it. */
const formula = /^[=@\t]|^[+-](?![\d\s.,()/-]*$)/

export interface CsvFile {
  rows: string[][]
  /** The line of the file on which a row begins, from 1: empty lines and breaks in quotes count as editors count them. */
  lineOf(row: number): number
}

const breaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0
const emptyLines = /^(?:[^\S\r\n]*(?:\r\n|\r|\n))*/

/** Rows of a CSV file with commas, semicolons or tabs. Empty lines are left out. Throws `CsvProblem`. */
export function readCsv(file: string): CsvFile {
  const text = file.replace(/^\uFEFF/, '')
  try {
    const read = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
    }) as unknown as { record: string[]; info: { bytes: number } }[]
    return {
      rows: read.map(({ record }) =>
        record.map((cell) => (cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell)),
      ),
      // The parser's own count of lines takes a CRLF in quotes for two.
      lineOf(row) {
        const bytes = Buffer.from(text)
        const from = read[row - 1]?.info.bytes ?? 0
        const [skipped] = emptyLines.exec(bytes.subarray(from).toString())!
        return 1 + breaks(bytes.subarray(0, from).toString()) + breaks(skipped)
      },
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines } = error as { lines?: number }
    throw new CsvProblem(error.message, lines)
  }
}

/** Rows as a CSV file: commas and CRLF [RFC 4180], with an apostrophe before what a spreadsheet would run as a formula. */
export const writeCsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(writeCell).join(',')}\r\n`).join('')

function writeCell(cell: string): string {
  const safe = formula.test(cell) ? `'${cell}` : cell
  return /[",\r\n;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

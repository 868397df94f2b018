import { setImmediate as breathe } from 'node:timers/promises'
import { CsvError, type Parser, parse } from 'csv-parse'
import { limits } from '../limits.ts'
import { createTranscoder, type Delimiter, type Encoding } from './text.ts'

export interface Format {
  encoding: Encoding
  delimiter: Delimiter
  /** Whether the first row names the columns. */
  header: boolean
}

/** A row of the file: its cells, and where the text goes on behind it. */
export interface FileRow {
  cells: string[]
  end: number
}

/** The file breaks off or is no table: nothing behind `line` could be read. */
export class UnreadableFileError extends Error {
  readonly line: number
  constructor(line: number, cause: unknown) {
    super(`the file cannot be read from line ${line}`, { cause })
    this.line = line
  }
}

/** So little is parsed at a time that nobody else on this node waits for it, nor the database for its next statement. */
const sliceBytes = 8 * 1024

/**
 * Rows of a file from a place on, where a row begins: octets of its text as UTF-8. `pieces` gives the file from its
 * beginning, and what stands before the place is passed over; or, `there`, from the place.
 */
export async function* readRows(
  pieces: AsyncIterable<Buffer>,
  { encoding, delimiter }: Pick<Format, 'encoding' | 'delimiter'>,
  from: number,
  there = false,
): AsyncGenerator<FileRow> {
  const parser: Parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: limits.importRecord,
  })
  let failed: Error | undefined
  parser.on('error', (error) => (failed = error))
  const found: FileRow[] = []
  parser.on('readable', () => {
    for (let record = parser.read(); record !== null; record = parser.read()) {
      const { record: cells, info } = record as { record: string[]; info: { bytes: number } }
      found.push({ cells, end: from + info.bytes })
    }
  })
  const check = (): void => {
    if (failed)
      throw new UnreadableFileError(failed instanceof CsvError ? Number(failed.lines ?? 0) : 0, failed)
  }
  const transcode = there ? (bytes: Buffer) => bytes : createTranscoder(encoding)
  let passed = there ? from : 0
  for await (const piece of pieces) {
    let bytes = transcode(piece)
    const skipped = Math.min(bytes.length, Math.max(0, from - passed))
    passed += skipped
    bytes = bytes.subarray(skipped)
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      parser.write(bytes.subarray(at, at + sliceBytes))
      await breathe()
      check()
      yield* found.splice(0)
    }
  }
  const ended = new Promise<void>((resolve) => parser.once('end', resolve).once('error', () => resolve()))
  parser.end()
  await ended
  check()
  yield* found.splice(0)
}

import { isUtf8 } from 'node:buffer'

/** How the file of a spreadsheet can be written. */
export const encodings = ['utf-8', 'utf-16le', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]
export const delimiters = [';', ',', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

const mark = [0xef, 0xbb, 0xbf]
const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, at) => bytes[at] === byte)

/** By its mark, else by whether it could be UTF-8; what is neither is what Excel writes in Europe. */
export function guessEncoding(start: Uint8Array): Encoding {
  if (startsWith(start, [0xff, 0xfe])) return 'utf-16le'
  // A character may be cut at the end of the piece.
  for (let cut = 0; cut < 4; cut++) if (isUtf8(start.subarray(0, start.length - cut))) return 'utf-8'
  return 'windows-1252'
}

/** The one that stands most often in the first lines outside of quotes. */
export function guessDelimiter(text: string): Delimiter {
  const lines = text
    .split(/\r?\n/, 10)
    .join('\n')
    .replace(/"[^"]*"/g, '')
  let best: Delimiter = ';'
  let most = 0
  for (const each of delimiters) {
    const count = lines.split(each).length - 1
    if (count > most) [best, most] = [each, count]
  }
  return best
}

/**
 * The pieces of a file as UTF-8, in which places are counted: whatever the file is written in, the same piece gives the
 * same octets, so that a place found once is found again. A mark at the beginning is dropped.
 */
export function createTranscoder(encoding: Encoding): (bytes: Buffer) => Buffer {
  if (encoding === 'utf-8') {
    let first = true
    return (bytes) => {
      const marked = first && startsWith(bytes, mark)
      first = false
      return marked ? bytes.subarray(mark.length) : bytes
    }
  }
  const decoder = new TextDecoder(encoding)
  return (bytes) => Buffer.from(decoder.decode(bytes, { stream: true }), 'utf8')
}

/** Octets of the mark at the beginning of a file that is in UTF-8. */
export const markLength = (start: Uint8Array): number => (startsWith(start, mark) ? mark.length : 0)

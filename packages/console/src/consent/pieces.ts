/** Bytes a request: some twenty thousand numbers, a few seconds of work. */
const pieceBytes = 384 * 1024

export interface Piece {
  text: string
  /** Lines of the file before this piece; the repeated headings count for none. */
  line: number
  /** Bytes of the file up to the end of this piece. */
  end: number
}

/**
 * A file of lines in pieces that each stand alone: cut at line ends outside of quotation marks, with the headings of the
 * first line, where it has any, before each.
 */
export async function* piecesOf(file: Blob, size = pieceBytes): AsyncGenerator<Piece> {
  const decoder = new TextDecoder()
  let rest = ''
  let head: string | undefined
  let line = 0
  let end = 0
  const piece = (text: string): Piece => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    const first = line === 0
    const before = first || !head ? line : line - 1
    line += lines
    return { text: first || !head ? text : head + text, line: before, end }
  }
  for (let from = 0; from < file.size; from += size) {
    const bytes = await file.slice(from, from + size).arrayBuffer()
    end = Math.min(file.size, from + size)
    rest += decoder.decode(bytes, { stream: end < file.size })
    head ??= headOf(rest)
    const cut = end < file.size ? lastEnd(rest) : rest.length
    if (cut === 0) continue
    yield piece(rest.slice(0, cut))
    rest = rest.slice(cut)
  }
}

/** The first line, if it has names in it and no number. */
function headOf(text: string): string {
  const first = /^[^\n]*\n/.exec(text)?.[0] ?? ''
  return /\p{L}/u.test(first) && !/\d{5}/.test(first) ? first : ''
}

/** Behind the last line end that is in no quotation. */
function lastEnd(text: string): number {
  let quoted = false
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '"') quoted = !quoted
    else if (sign === '\n' && !quoted) last = at + 1
  }
  return last
}

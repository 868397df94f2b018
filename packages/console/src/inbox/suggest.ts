/** What is being asked for at the cursor: a canned answer after a slash, a colleague after an @. Pure. */
export interface Asked {
  kind: 'canned' | 'mention'
  /** What is typed of the name. */
  typed: string
  /** Where the slash or the @ stands. */
  from: number
  /** The cursor. */
  to: number
}

const patterns = {
  canned: /(?:^|\s)\/([\p{L}\p{N}_-]{0,30})$/u,
  mention: /(?:^|\s)@([\p{L}\p{N}_.-]{0,40})$/u,
} as const

/** In a reply slashes count, in a note the names of colleagues do too. A slash in a date or an address is none. */
export function askedAt(text: string, cursor: number, kinds: readonly Asked['kind'][]): Asked | undefined {
  const before = text.slice(0, cursor)
  for (const kind of kinds) {
    const typed = patterns[kind].exec(before)?.[1]
    if (typed !== undefined) return { kind, typed, from: cursor - typed.length - 1, to: cursor }
  }
  return undefined
}

/** The text with what was chosen in place of what was typed, and where the cursor goes. */
export function replaceAsked(
  text: string,
  { from, to }: Asked,
  by: string,
): { text: string; cursor: number } {
  return { text: text.slice(0, from) + by + text.slice(to), cursor: from + by.length }
}

/** Those whose shortcut or title fits what is typed, shortcuts first. */
export function fitting<Row extends { shortcut: string; title: string }>(
  rows: readonly Row[],
  typed: string,
): Row[] {
  const word = typed.toLowerCase()
  const begins = rows.filter(({ shortcut }) => shortcut.toLowerCase().startsWith(word))
  const holds = rows.filter((row) => !begins.includes(row) && row.title.toLowerCase().includes(word))
  return [...begins, ...(word ? holds : [])].slice(0, 8)
}

import { cyrillic, cyrillicByLanguage, greek } from './replacements-scripts.ts'

/** A replacement for what stands at an index of the text. */
export interface Found {
  /** UTF-16 code units of the text that are replaced. */
  readonly length: number
  readonly to: string
  /** `removed`: characters that nobody sees. */
  readonly kind: 'typography' | 'letter' | 'script' | 'removed'
}

/** The rows of a script, and which letters need a look at what is around them. */
export interface Rows {
  readonly map: ReadonlyMap<string, string>
  readonly initials: ReadonlySet<string>
  readonly pairs: ReadonlySet<string>
}

const combining = /[\u0300-\u036f]/
const variation = /[\ufe0e\ufe0f]/
const letter = /[\p{L}\p{M}]/u
const wordBefore = /[\p{L}\p{M}'’ʼ]/u
const apostrophe = /[’ʼ]/

const scriptsOf = new Map(
  Object.entries(cyrillicByLanguage).map(([language, rows]) => [language, rowsOf(greek, cyrillic, rows)]),
)
const scriptsDefault = rowsOf(greek, cyrillic)

/** By primary subtag of BCP 47. */
export function rowsFor(language: string): Rows {
  return scriptsOf.get(language) ?? scriptsDefault
}

/** One code point, the accents that combine with it, and the mark that chooses how a sign is drawn. */
export function unitAt(text: string, at: number): string {
  const first = text.codePointAt(at)!
  let end = at + (first > 0xffff ? 2 : 1)
  while (end < text.length && combining.test(text[end]!)) end++
  if (first > 0x7f && end === at + 1 && variation.test(text.charAt(end))) end++
  return text.slice(at, end)
}

/** A pair of letters, a letter at the start or end of a word, or a letter; if that fails, without its accents. */
export function inScript(
  text: string,
  at: number,
  unit: string,
  lower: string,
  rows: Rows,
): Found | undefined {
  const end = at + unit.length
  const isInitial = () => !wordBefore.test(text.charAt(at - 1))
  if (rows.pairs.has(lower)) {
    const next = end < text.length ? unitAt(text, end) : ''
    const pair = lower + next.normalize('NFC').toLowerCase()
    const pairEnd = end + next.length
    const to =
      rows.map.get(pair) ?? (letter.test(text.charAt(pairEnd)) ? undefined : rows.map.get(`${pair}$`))
    if (to !== undefined) {
      return { length: pairEnd - at, to: withCase(text, at, pairEnd, unit + next, to), kind: 'script' }
    }
  }
  const to =
    (rows.initials.has(lower) && isInitial() ? rows.map.get(`^${lower}`) : undefined) ??
    rows.map.get(lower) ??
    rows.map.get(lower.normalize('NFD').charAt(0))
  if (to === undefined) return undefined
  if (apostrophe.test(unit) && (isInitial() || !letter.test(text.charAt(end)))) return undefined
  return { length: unit.length, to: withCase(text, at, end, unit, to), kind: 'script' }
}

/** Upper case as the letters around have it: `Щука` begins with Shch, `ЩУКА` with SHCH. */
export function withCase(text: string, at: number, end: number, from: string, to: string): string {
  const [first, rest] = [to.slice(0, 1), to.slice(1)]
  const initial = String.fromCodePoint(from.codePointAt(0)!)
  if (initial === initial.toLowerCase() || initial.toUpperCase() !== initial) return to
  if (rest === '' || (from.length > 1 && /\p{Ll}/u.test(from))) return first.toUpperCase() + rest
  const next = text.charAt(end)
  const capitals = /\p{Lu}/u.test(next) || (!/\p{Ll}/u.test(next) && /\p{Lu}/u.test(text.charAt(at - 1)))
  return capitals ? to.toUpperCase() : first.toUpperCase() + rest
}

function rowsOf(...tables: string[]): Rows {
  const rows = tables.flatMap((table) => table.split(' ').filter((row) => row !== ''))
  const map = new Map(rows.map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 1)]))
  const keys = [...map.keys()]
  return {
    map,
    initials: new Set(keys.filter((key) => key.startsWith('^')).map((key) => key.slice(1))),
    pairs: new Set(keys.filter((key) => key.length > 1 && !key.startsWith('^')).map((key) => key.charAt(0))),
  }
}

import { septetCost, septetLength } from './alphabet.ts'
import { type ProtectOptions, protectedSpans } from './protect.ts'
import {
  afterDigit,
  compatible,
  degree,
  type Replacements,
  typography,
  westernTypography,
} from './replacements.ts'
import { letters, lettersByLanguage } from './replacements-letters.ts'
import { cyrillic, cyrillicByLanguage, greek } from './replacements-scripts.ts'

/** How far to go: each level includes those before it. */
export type TransliterateLevel = 'typography' | 'letters' | 'scripts'

export interface TransliterateOptions extends ProtectOptions {
  /**
   * `typography`, the default: signs that change no meaning. `letters`: also Latin letters to the nearest in GSM-7 (`ł`
   * to `l`), which can change a meaning. `scripts`: also Greek to capitals and Cyrillic to Latin.
   */
  readonly level?: TransliterateLevel
  /** BCP 47, of the text: decides how letters are replaced, where languages differ. Unknown ones are as none. */
  readonly language?: string
}

export interface Change {
  /** UTF-16 index in the text as given. */
  readonly index: number
  readonly from: string
  readonly to: string
  /** `removed`: characters that nobody sees. */
  readonly kind: 'typography' | 'letter' | 'script' | 'removed'
}

interface Found {
  /** UTF-16 code units of the text that are replaced. */
  readonly length: number
  readonly to: string
  readonly kind: Change['kind']
}

interface Tables {
  readonly western: boolean
  readonly languageLetters: ReadonlyMap<string, string>
  readonly scripts: ReadonlyMap<string, string>
  readonly reduceLetters: boolean
}

/** A letter of a script whose texts joiners, direction marks and wide signs belong to. */
const otherScript =
  /(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}])\p{L}/u
const combining = /[\u0300-\u036f]/
const variation = /[\ufe0e\ufe0f]/
const pictographic = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\ufe0f|\u20e3/u
const JOINER = '\u200d'
const KEYCAP = '\u20e3'

const typographyOf = mapOf(Object.values(typography).flat())
const westernOf = mapOf(Object.values(westernTypography).flat())
const afterDigitOf = mapOf(afterDigit)
const lettersOf: ReadonlyMap<string, string> = new Map(Object.entries(letters))
const none: ReadonlyMap<string, string> = new Map()
const languageLettersOf = new Map(
  Object.entries(lettersByLanguage).map(([language, rows]) => [language, new Map(Object.entries(rows))]),
)
const scriptsOf = new Map(
  Object.entries(cyrillicByLanguage).map(([language, rows]) => [language, mapOfPairs(greek, cyrillic, rows)]),
)
const scriptsDefault = mapOfPairs(greek, cyrillic)

/**
 * Replaces characters that GSM-7 does not have by ones that it has, as the tables in replacements*.ts say, and lists
 * each change: applied to the text, the changes make the result. Letters that come as a base and combining accents are
 * composed. What `protectedSpans` finds is left alone, and so is what no table knows: the result may still need UCS-2.
 * `smartEncode` decides whether it is worth using. A second run changes nothing more.
 */
export function transliterate(
  text: string,
  options: TransliterateOptions = {},
): { text: string; changes: Change[] } {
  if (septetLength(text) >= 0) return { text, changes: [] }
  const tables = tablesFor(text, options)
  const spans = protectedSpans(text, options)
  const changes: Change[] = []
  let result = ''
  let copied = 0
  let span = 0
  for (let at = 0; at < text.length; ) {
    const spared = spans[span]
    if (spared !== undefined && at >= spared.from) {
      span++
      at = spared.to
      continue
    }
    const unit = unitAt(text, at)
    const found =
      unit.length === 1 && septetCost(unit.charCodeAt(0)) !== 0 ? undefined : find(text, at, unit, tables)
    if (found === undefined) {
      at += unit.length
      continue
    }
    const from = text.slice(at, at + found.length)
    changes.push({ index: at, from, to: found.to, kind: found.kind })
    result += text.slice(copied, at) + found.to
    at += found.length
    copied = at
  }
  return { text: result + text.slice(copied), changes }
}

function tablesFor(text: string, { level = 'typography', language = '' }: TransliterateOptions): Tables {
  const primary = language.split(/[-_]/, 1)[0]!.toLowerCase()
  const reduceLetters = level !== 'typography'
  return {
    western: !otherScript.test(text),
    reduceLetters,
    languageLetters: reduceLetters ? (languageLettersOf.get(primary) ?? none) : none,
    scripts: level === 'scripts' ? (scriptsOf.get(primary) ?? scriptsDefault) : none,
  }
}

/** One code point, the accents that combine with it, and the mark that chooses how a sign is drawn. */
function unitAt(text: string, at: number): string {
  const first = text.codePointAt(at)!
  let end = at + (first > 0xffff ? 2 : 1)
  while (end < text.length && combining.test(text[end]!)) end++
  if (first > 0x7f && end === at + 1 && variation.test(text.charAt(end))) end++
  return text.slice(at, end)
}

function find(text: string, at: number, unit: string, tables: Tables): Found | undefined {
  const end = at + unit.length
  const char = unit.replace(variation, '').normalize('NFC')
  if (char === '') return undefined
  const found = (to: string | undefined, kind: Change['kind']): Found | undefined =>
    to === undefined || septetLength(to) < 0 || to === unit ? undefined : { length: unit.length, to, kind }
  const cased = (to: string | undefined) => (to === undefined ? undefined : withCase(text, at, end, char, to))
  const lower = char.toLowerCase()
  return (
    found(septetLength(char) < 0 ? undefined : char, 'typography') ??
    found(cased(tables.languageLetters.get(lower)), 'letter') ??
    (tables.scripts.size > 0 ? inScript(text, at, unit, lower, tables.scripts) : undefined) ??
    bySign(text, at, end, char, tables.western, found) ??
    (tables.reduceLetters
      ? found(lettersOf.get(char) ?? cased(lettersOf.get(lower)), 'letter')
      : undefined) ??
    (tables.reduceLetters ? found(withoutAccents(char), 'letter') : undefined)
  )
}

function bySign(
  text: string,
  at: number,
  end: number,
  char: string,
  western: boolean,
  found: (to: string | undefined, kind: Change['kind']) => Found | undefined,
): Found | undefined {
  const before = text.charAt(at - 1)
  const after = text.slice(end, end + 2)
  if (after.startsWith(JOINER) || after.startsWith(KEYCAP)) {
    // Part of an emoji sequence, unless the joiner is a stray one.
    if (pictographic.test(char)) return undefined
  }
  if (char === JOINER && (pictographic.test(before) || pictographic.test(text.slice(at - 2, at))))
    return undefined
  if (char === degree.sign) {
    if (degree.temperature.test(after.charAt(0))) return found('', 'typography')
    return found(degree.ordinalAfter.test(before) ? 'o' : degree.otherwise, 'typography')
  }
  const to = typographyOf.get(char) ?? (western ? wideOf(char) : undefined)
  if (to === undefined) return undefined
  const between = /\p{Nd}/u.test(before) ? (afterDigitOf.get(char) ?? '') : ''
  return found(between + to, to === '' ? 'removed' : 'typography')
}

function wideOf(char: string): string | undefined {
  return westernOf.get(char) ?? (compatible.test(char) ? char.normalize('NFKC') : undefined)
}

/** A pair of letters, a letter at the start or end of a word, or a letter; if that fails, without its accents. */
function inScript(
  text: string,
  at: number,
  unit: string,
  lower: string,
  rows: ReadonlyMap<string, string>,
): Found | undefined {
  let end = at + unit.length
  const starts = !/[\p{L}\p{M}'’ʼ]/u.test(text.charAt(at - 1))
  const next = end < text.length ? unitAt(text, end) : ''
  const pair = lower + next.normalize('NFC').toLowerCase()
  const afterPair = end + next.length
  const pairEnds = !/[\p{L}\p{M}]/u.test(text.charAt(afterPair))
  let to = next === '' ? undefined : (rows.get(pair) ?? (pairEnds ? rows.get(`${pair}$`) : undefined))
  if (to !== undefined) end = afterPair
  to ??=
    (starts ? rows.get(`^${lower}`) : undefined) ??
    rows.get(lower) ??
    rows.get(lower.normalize('NFD')[0] ?? '')
  if (to === undefined) return undefined
  if (/[’ʼ]/.test(unit) && (starts || !/\p{L}/u.test(next))) return undefined
  return { length: end - at, to: withCase(text, at, end, unit, to), kind: 'script' }
}

/** Accents go, the last one first, until GSM-7 has what is left: `ǖ` is `ü`, `ệ` is `e`. Latin letters only. */
function withoutAccents(char: string): string | undefined {
  const parts = char.normalize('NFD')
  if (parts.length < 2 || !/^\p{Script=Latin}/u.test(parts)) return undefined
  for (let length = parts.length - 1; length > 0; length--) {
    const rest = parts.slice(0, length).normalize('NFC')
    const to = septetLength(rest) >= 0 ? rest : lettersOf.get(rest.toLowerCase())
    if (to !== undefined) return rest === rest.toLowerCase() ? to : to.toUpperCase()
  }
  return undefined
}

/** Upper case as the letters around have it: `Щука` begins with Shch, `ЩУКА` with SHCH. */
function withCase(text: string, at: number, end: number, from: string, to: string): string {
  const [first, rest] = [to.slice(0, 1), to.slice(1)]
  const initial = String.fromCodePoint(from.codePointAt(0)!)
  if (initial === initial.toLowerCase() || initial.toUpperCase() !== initial) return to
  if (rest === '' || (from.length > 1 && /\p{Ll}/u.test(from))) return first.toUpperCase() + rest
  const next = text.charAt(end)
  const capitals = /\p{Lu}/u.test(next) || (!/\p{Ll}/u.test(next) && /\p{Lu}/u.test(text.charAt(at - 1)))
  return capitals ? to.toUpperCase() : first.toUpperCase() + rest
}

function mapOf(rows: Replacements): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([to, from]) => [...from].map((char) => [char, to] as const)))
}

function mapOfPairs(...tables: string[]): ReadonlyMap<string, string> {
  const rows = tables.flatMap((table) => table.split(' ').filter((row) => row !== ''))
  return new Map(rows.map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 1)]))
}

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
import { type Found, inScript, type Rows, rowsFor, unitAt, withCase } from './transliterate-script.ts'
import { insidePair } from './ucs2.ts'

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

interface Tables {
  /** Whether all letters are Latin, Greek or Cyrillic. Asked for only where a rare sign stands. */
  readonly western: () => boolean
  readonly languageLetters: ReadonlyMap<string, string>
  readonly scripts: Rows | undefined
  readonly reduceLetters: boolean
}

/** A letter of a script whose texts joiners, direction marks and wide signs belong to. */
const otherScript =
  /(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}])\p{L}/u
const variation = /[\ufe0e\ufe0f]/
const pictographic = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\ufe0f|\u20e3/u
/** No letter has more; tries beyond would only be work for whoever sends thousands of them. */
const MOST_ACCENTS = 4
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

/** Han and Hangul: nothing stands for them, and their texts are long enough for that to be worth a look first. */
const isEastAsian = (unit: number) => (unit >= 0x3400 && unit < 0xa000) || (unit >= 0xac00 && unit < 0xd7a4)

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
    if (isEastAsian(text.charCodeAt(at))) {
      at++
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
  let western: boolean | undefined
  return {
    western: () => {
      western ??= !otherScript.test(text)
      return western
    },
    reduceLetters,
    languageLetters: reduceLetters ? (languageLettersOf.get(primary) ?? none) : none,
    scripts: level === 'scripts' ? rowsFor(primary) : undefined,
  }
}

function find(text: string, at: number, unit: string, tables: Tables): Found | undefined {
  const end = at + unit.length
  const char = unit.replace(variation, '').normalize('NFC')
  if (char === '') return undefined
  const found = (to: string | undefined, kind: Found['kind']): Found | undefined =>
    to === undefined || septetLength(to) < 0 || to === unit ? undefined : { length: unit.length, to, kind }
  const cased = (to: string | undefined) => (to === undefined ? undefined : withCase(text, at, end, char, to))
  const lower = char.toLowerCase()
  return (
    found(septetLength(char) < 0 ? undefined : char, 'typography') ??
    found(cased(tables.languageLetters.get(lower)), 'letter') ??
    (tables.scripts ? inScript(text, at, unit, lower, tables.scripts) : undefined) ??
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
  western: () => boolean,
  found: (to: string | undefined, kind: Found['kind']) => Found | undefined,
): Found | undefined {
  const before = text.charAt(at - 1)
  const after = text.slice(end, end + 2)
  if (after.startsWith(JOINER) || after.startsWith(KEYCAP)) {
    // Part of an emoji sequence, unless the joiner is a stray one.
    if (pictographic.test(char)) return undefined
  }
  if (char === JOINER && pictographic.test(codePointBefore(text, at))) return undefined
  if (char === degree.sign) {
    if (degree.temperature.test(after.charAt(0))) return found('', 'typography')
    return found(degree.ordinalAfter.test(before) ? 'o' : degree.otherwise, 'typography')
  }
  const to = typographyOf.get(char) ?? wideOf(char, western)
  if (to === undefined) return undefined
  const between = /\p{Nd}/u.test(before) ? (afterDigitOf.get(char) ?? '') : ''
  return found(between + to, to === '' ? 'removed' : 'typography')
}

function codePointBefore(text: string, at: number): string {
  return text.slice(insidePair(text, at - 1) ? at - 2 : at - 1, at)
}

function wideOf(char: string, western: () => boolean): string | undefined {
  const to = westernOf.get(char) ?? (compatible.test(char) ? char.normalize('NFKC') : undefined)
  return to !== undefined && western() ? to : undefined
}

/** Accents go, the last one first, until GSM-7 has what is left: `ǖ` is `ü`, `ệ` is `e`. Latin letters only. */
function withoutAccents(char: string): string | undefined {
  const parts = char.normalize('NFD')
  if (parts.length < 2 || !/^\p{Script=Latin}/u.test(parts)) return undefined
  for (let length = Math.min(parts.length - 1, MOST_ACCENTS); length > 0; length--) {
    const rest = parts.slice(0, length).normalize('NFC')
    const to = septetLength(rest) >= 0 ? rest : lettersOf.get(rest.toLowerCase())
    if (to !== undefined) return rest === rest.toLowerCase() ? to : to.toUpperCase()
  }
  return undefined
}

function mapOf(rows: Replacements): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([to, from]) => [...from].map((char) => [char, to] as const)))
}

import fc from 'fast-check'
import { septetLength } from './alphabet.ts'
import type { Change, TransliterateOptions } from './transliterate.ts'

/** Texts for property tests: not part of the package's door. */
const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit))
export const basicChars = units.filter((char) => septetLength(char) === 1)
export const extendedChars = units.filter((char) => septetLength(char) === 2)

const gsmChar = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...basicChars) },
  { weight: 1, arbitrary: fc.constantFrom(...extendedChars) },
)
/** Any GSM-7 text, up to several segments, with many escapes. */
export const gsmText = fc.array(gsmChar, { maxLength: 700 }).map((chars) => chars.join(''))

/** Pieces that a cut could damage: pairs, joined emoji, flags, skin tones, tags, accents, and plain characters. */
export const clusters = [
  ...['a', '€', 'ß', '字', 'Ж', '\r\n', '😀', '👩‍👩‍👧‍👦', '🇩🇪', '👍🏽', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '❤️', '1️⃣'],
  ...['e\u0301', 'क्षि', '각', '\u1112\u1161\u11ab'],
]
/** Any text that needs UCS-2, up to several segments. */
export const clusterText = fc
  .array(fc.constantFrom(...clusters), { maxLength: 150 })
  .map((pieces) => `字${pieces.join('')}`)

/** Pieces of messages that transliteration meets: signs, letters of many languages, addresses, codes, placeholders. */
const messagePieces = [
  ...[
    '“',
    '”',
    '…',
    '–',
    '\u00a0',
    '\u200b',
    '\u200d',
    '\u200e',
    '½',
    '²',
    '°',
    'º',
    '＂',
    'Ａ',
    '’',
    "'",
    '\t',
  ],
  ...['ł', 'Ł', 'e\u0301', 'ő', 'đ', 'Đ', 'ệ', 'ẞ', 'ß', 'ñ', 'İ', 'ı', 'œ', 'Œ', 'Þ', 'a', 'B', 'C', 'n'],
  ...['ж', 'Щ', 'ї', 'Є', 'з', 'г', 'ъ', 'и', 'я', 'й', 'и\u0306', 'λ', 'Ά', 'ς'],
  ...['😀', '👩‍👩‍👧‍👦', '❤️', '🇩🇪', '字', 'ש', '؛'],
  ...[
    '1',
    '24',
    ' ',
    ' ',
    '\n',
    '.',
    ',',
    ':',
    '-',
    '_',
    '/',
    '@',
    '(',
    '"',
    '€',
    '[',
    '{{',
    '}}',
    '((',
    '))',
  ],
  ...[
    'https://x.example/ł–',
    '://',
    'www.',
    'ł.pl',
    '.com',
    'ŁÓDŹ24',
    'AB-1234',
    '100zł',
    '{{imię}}',
    '((nom –))',
  ],
]
export const anyMessage = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...messagePieces) },
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    {
      maxLength: 40,
    },
  )
  .map((pieces) => pieces.join(''))

export const transliterateOptions: fc.Arbitrary<TransliterateOptions> = fc.record(
  {
    level: fc.constantFrom('typography', 'letters', 'scripts'),
    language: fc.constantFrom('de', 'hu', 'hr', 'uk-UA', 'bg', 'sr-Cyrl', 'ca', 'eo', 'el', 'xx', ''),
    inside: fc.subarray(['addresses', 'codes'] as ('addresses' | 'codes')[]),
  },
  { requiredKeys: [] },
)

/** The changes made by hand, to check that they are all of it. */
export function applied(text: string, changes: readonly Change[]): string {
  let result = ''
  let at = 0
  for (const { index, from, to } of changes) {
    if (text.slice(index, index + from.length) !== from || index < at)
      throw new Error('a change is out of place')
    result += text.slice(at, index) + to
    at = index + from.length
  }
  return result + text.slice(at)
}

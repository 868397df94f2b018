import fc from 'fast-check'
import { septetLength } from './alphabet.ts'

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

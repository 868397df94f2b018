/**
 * How words are compared: as people type them on a phone. Capitals, accents, punctuation, emoji and spaces do not count,
 * and `ö` is `oe`: "S-Bahn", "s bahn" and "SBAHN!" are one word.
 */

/** Letters that no decomposition takes apart. */
const expanded: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ı: 'i',
  ł: 'l',
  đ: 'd',
}
/** Accents of Latin, Greek and Cyrillic letters; the marks of other scripts are letters to their readers. */
const accents = /[\u0300-\u036f]/g
const silent = /[^\p{L}\p{M}\p{N}]/gu

const lower = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFC')

const bare = (text: string): string =>
  text
    .normalize('NFD')
    .replace(accents, '')
    .replace(/[ßæœøıłđ]/g, (letter) => expanded[letter]!)
    .normalize('NFC')
    .replace(silent, '')

/** Most that is written: nothing of it has to be taken apart. */
const ascii = /^[\x20-\x7e]*$/
const signs = /[^a-z0-9]/g

/** The one spelling by which words are found: `Köln Hbf` is `koelnhbf`. Empty for what has no letter and no digit. */
export const fold = (text: string): string =>
  ascii.test(text)
    ? text.toLowerCase().replace(signs, '')
    : bare(lower(text).replace(/[äöü]/g, (letter) => expanded[letter]!))

/** `fold` with the dots left off, as people do who have no umlauts on their phone: `kolnhbf`. */
export const foldBare = (text: string): string => (ascii.test(text) ? fold(text) : bare(lower(text)))

/** Both, or the one that both are. */
export function spellings(text: string): readonly string[] {
  const one = fold(text)
  const other = foldBare(text)
  return one === other ? [one] : [one, other]
}

/** What people add to a request without meaning anything by it. */
const polite: ReadonlySet<string> = new Set([
  ...[
    'bitte',
    'danke',
    'please',
    'pls',
    'thanks',
    'thankyou',
    'merci',
    'svp',
    'gracias',
    'grazie',
    'dank',
    'mfg',
  ],
])

/** The words of a text as typed, without punctuation around them; what is nothing but signs is left out. */
export function wordsOf(text: string): string[] {
  const words = text
    .split(/\s+/u)
    .map((word) => word.replace(/^[^\p{L}\p{M}\p{N}+-]+|[^\p{L}\p{M}\p{N}]+$/gu, ''))
    .filter((word) => /[\p{L}\p{M}\p{N}]/u.test(word))
  while (words.length > 1 && polite.has(fold(words.at(-1)!))) words.pop()
  return words
}

/** True when one slip (a letter too many, too few, another, or two swapped) makes one text of the other. */
export function oneSlipApart(a: string, b: string): boolean {
  if (a === b) return false
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1)
  if (short.slice(at + 1) === long.slice(at + 1)) return true
  return (
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
  )
}

/** Shorter words have too many neighbours: HALT is one slip from HALLE, ALT and HAT. */
const shortest = 4
const digits = (word: string): string => word.replace(/\P{N}/gu, '')

/** Whether a folded word may be read as another one. Digits are never a slip: LINIE12 is not LINIE13. */
export const mayMean = (typed: string, word: string): boolean =>
  typed.length >= shortest &&
  word.length >= shortest &&
  oneSlipApart(typed, word) &&
  digits(typed) === digits(word)

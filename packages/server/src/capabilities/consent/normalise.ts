/** Letters that stand for others where people fold case or have no key for them, and that no normal form takes apart. */
const folds: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}
const folded = new RegExp(`[${Object.keys(folds).join('')}]`, 'gu')

/**
 * Diacritics of Latin, Greek and Cyrillic, points of Hebrew, vowel signs and hamza of Arabic. Not the vowel signs of
 * Devanagari and its kin, nor the marks of kana: without them it is another word.
 */
const marks =
  /[[\p{M}&&[\p{Script=Inherited}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}]]--[\u3099\u309a]]/gv
/** Joiners, soft hyphens, direction marks: nobody sees them. Apostrophes and the Arabic kashida, which stand inside words. */
const unseen = /[\p{Cf}\p{Cc}'’‘ʼ`´\u0640]/gu
const separators = /[^\p{L}\p{N}\p{M}]+/gu

/** Nothing that is longer is a word to us, and nobody makes us fold megabytes. */
const longest = 2_000

/**
 * A text as words are compared: compatibility forms, case (İ, I and ı are one letter), diacritics, quotes, punctuation and
 * emoji folded away, one space between words. Never throws.
 */
export function normalise(text: string): string {
  return text
    .slice(0, longest)
    .replace(/[\r\n\t]+/g, ' ')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(marks, '')
    .normalize('NFC')
    .replace(folded, (letter) => folds[letter]!)
    .replace(unseen, '')
    .replace(separators, ' ')
    .trim()
}

/** Without its spaces: "OPT-OUT", "opt out" and "s t o p". */
export const compact = (normalised: string): string => normalised.replaceAll(' ', '')

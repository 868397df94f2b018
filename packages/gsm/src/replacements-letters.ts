/** Lower case letter to what stands for it; upper case follows, `œ` `oe` gives Œuvre Oeuvre and ŒUVRE OEUVRE. */
type Letters = Readonly<Record<string, string>>

/**
 * Latin letters that are no base with accents, to their nearest in GSM-7. Those that are (ą, ů, ệ) lose accents, the
 * last one first, until GSM-7 has what is left. Letters of GSM-7 (ä ö ü ß ñ å æ ø à è é ì ò ù) are never touched.
 */
export const letters: Letters = {
  ð: 'd',
  đ: 'd',
  ɖ: 'd',
  ɗ: 'd',
  ɓ: 'b',
  ƀ: 'b',
  ç: 'c',
  ə: 'e',
  ǝ: 'e',
  ɛ: 'e',
  ƒ: 'f',
  ǥ: 'g',
  ɣ: 'gh',
  ħ: 'h',
  ı: 'i',
  ɨ: 'i',
  ĳ: 'ij',
  ƙ: 'k',
  ĸ: 'k',
  ł: 'l',
  ŀ: 'l',
  ƚ: 'l',
  ǉ: 'lj',
  ŉ: "'n",
  ŋ: 'ng',
  ɲ: 'ny',
  ǌ: 'nj',
  ɔ: 'o',
  œ: 'oe',
  ſ: 's',
  ẞ: 'SS',
  ŧ: 't',
  þ: 'th',
  ʉ: 'u',
  ⱳ: 'w',
  ƴ: 'y',
  ƶ: 'z',
  ʒ: 'z',
  ǆ: 'dz',
}

/**
 * Where a language has its own way, which is not always the shortest: Hungarian keeps its long vowels apart from
 * `o` and `u`, Croatian writes `dj`, and Vietnamese `d`, for the same letter. By primary subtag of BCP 47.
 */
export const lettersByLanguage: Readonly<Record<string, Letters>> = {
  bs: { đ: 'dj' },
  ca: { ŀ: 'l.', '·': '.' },
  eo: { ĉ: 'cx', ĝ: 'gx', ĥ: 'hx', ĵ: 'jx', ŝ: 'sx', ŭ: 'ux' },
  hr: { đ: 'dj' },
  hu: { ő: 'ö', ű: 'ü' },
  se: { ŋ: 'n' },
  sh: { đ: 'dj' },
  sr: { đ: 'dj' },
}

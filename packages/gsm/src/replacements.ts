/** A row: what stands for each of the characters that follow it. The rows of one table share no character. */
export type Replacements = ReadonlyArray<readonly [to: string, from: string]>

/**
 * Signs that word processors, phones and keyboards put in by themselves; to replace them changes no meaning. By kind,
 * the union of what large gateways replace (facts: the lists of Twilio and Sinch), less what would be a guess.
 */
export const typography: { readonly [kind: string]: Replacements } = {
  quotes: [
    ['"', '\u00ab\u00bb\u201c\u201d\u201e\u201f\u02ba\u02dd\u275d\u275e\u301d\u301e\u301f\u2033\u2036'],
    [
      "'",
      '\u2018\u2019\u201a\u201b\u2039\u203a\u02b9\u02bb\u02bc\u02bd\u02bf\u02c8\u02cb\u02ca\u275b\u275c\u2032\u2035\u00b4`\u0384',
    ],
  ],
  dashes: [['-', '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u2500\u02d7\u2796']],
  dots: [
    ['...', '\u2026\u22ef'],
    ['..', '\u2025'],
    ['.', '\u2024'],
    ['*', '\u2022\u2023\u25e6\u00b7\u2219\u25cf\u25aa\u25a0\u2605\u2217'],
  ],
  spaces: [
    [
      ' ',
      '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2800\t',
    ],
    ['\n', '\u000b\u2028\u2029'],
  ],
  /** Octets 0x80 to 0x9F of Windows-1252 that somebody read as Latin-1: no text means the control characters. */
  misread: [
    ['\u20ac', '\u0080'],
    ["'", '\u0082\u0091\u0092'],
    ['"', '\u0084\u0093\u0094'],
    ['...', '\u0085'],
    ['*', '\u0095'],
    ['-', '\u0096\u0097'],
  ],
  signs: [
    ['/', '\u2044\u2215\u00f7'],
    ['|', '\u00a6\u2223'],
    ['~', '\u02dc\u223c\u2248'],
    ['^', '\u02c6'],
    ['<=', '\u2264'],
    ['>=', '\u2265'],
    ['!=', '\u2260'],
    ['+/-', '\u00b1'],
    ['x', '\u00d7\u2715'],
    ['->', '\u2192\u21d2\u279c\u27a1'],
    ['<-', '\u2190\u21d0\u2b05'],
    ['<->', '\u2194'],
    ['(c)', '\u00a9'],
    ['(r)', '\u00ae'],
    ['TM', '\u2122'],
    ['No', '\u2116'],
    ['c/o', '\u2105'],
    ['o', '\u00ba'],
    ['a', '\u00aa'],
    ['u', '\u00b5'],
    ['C', '\u2103'],
    ['F', '\u2109'],
    ['!!', '\u203c'],
    ['!?', '\u2049'],
  ],
  fractions: [
    ['1/2', '\u00bd'],
    ['1/4', '\u00bc'],
    ['3/4', '\u00be'],
    ['1/3', '\u2153'],
    ['2/3', '\u2154'],
    ['1/5', '\u2155'],
    ['1/8', '\u215b'],
    ['3/8', '\u215c'],
    ['5/8', '\u215d'],
    ['7/8', '\u215e'],
  ],
  superscripts: [
    ['0', '\u2070'],
    ['1', '\u00b9'],
    ['2', '\u00b2'],
    ['3', '\u00b3'],
    ['4', '\u2074'],
    ['5', '\u2075'],
    ['6', '\u2076'],
    ['7', '\u2077'],
    ['8', '\u2078'],
    ['9', '\u2079'],
  ],
  /** The abbreviation that people at home write, the ISO 4217 code where there is none. */
  currency: [
    ['c', '\u00a2'],
    ['Rs', '\u20b9\u20a8'],
    ['TL', '\u20ba'],
    ['RUB', '\u20bd'],
    ['UAH', '\u20b4'],
    ['NGN', '\u20a6'],
    ['VND', '\u20ab'],
    ['ILS', '\u20aa'],
    ['KRW', '\u20a9'],
    ['PHP', '\u20b1'],
    ['CRC', '\u20a1'],
    ['PYG', '\u20b2'],
    ['KZT', '\u20b8'],
    ['GEL', '\u20be'],
    ['AZN', '\u20bc'],
    ['GHS', '\u20b5'],
    ['MNT', '\u20ae'],
    ['LAK', '\u20ad'],
    ['THB', '\u0e3f'],
    ['BTC', '\u20bf'],
  ],
  ligatures: [
    ['ff', '\ufb00'],
    ['fi', '\ufb01'],
    ['fl', '\ufb02'],
    ['ffi', '\ufb03'],
    ['ffl', '\ufb04'],
    ['st', '\ufb05\ufb06'],
  ],
  invisible: [['', '\u00ad\u034f\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\ufffc']],
}

/**
 * Only in texts whose letters are Latin, Greek or Cyrillic: elsewhere joiners and direction marks shape the text, and
 * wide punctuation is the usual one.
 */
export const westernTypography: { readonly [kind: string]: Replacements } = {
  invisible: [['', '\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069']],
  wide: [
    [' ', '\u3000'],
    ['.', '\u3002\uff61'],
    [',', '\u3001\uff64'],
    ["'", '\uff40\u300c\u300d'],
    ['"', '\u300e\u300f'],
  ],
}

/** Wide forms and mathematical alphabets: what Unicode calls compatible (NFKC) is meant. Western texts only. */
export const compatible = /[\uff01-\uff3f\uff41-\uff5e\u2160-\u217f\u{1d400}-\u{1d7ff}]/u

/** What comes in between when such a character follows a digit: 1½ is 1 1/2 and not 11/2, 10² is not 102. */
export const afterDigit: Replacements = [
  [' ', typography.fractions!.map(([, from]) => from).join('')],
  ['^', typography.superscripts!.map(([, from]) => from).join('')],
]

/** The degree sign is an ordinal in `n° 5` and can go in `20 °C`. */
export const degree = {
  sign: '\u00b0',
  ordinalAfter: /[nN]/,
  temperature: /[CF]/,
  otherwise: ' deg',
} as const

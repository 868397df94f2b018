import { bengali } from './bengali.ts'
import { gujarati } from './gujarati.ts'
import { hindi } from './hindi.ts'
import { kannada } from './kannada.ts'
import { malayalam } from './malayalam.ts'
import { oriya } from './oriya.ts'
import { portuguese } from './portuguese.ts'
import { punjabi } from './punjabi.ts'
import { spanish } from './spanish.ts'
import { tamil } from './tamil.ts'
import { telugu } from './telugu.ts'
import { turkish } from './turkish.ts'
import { urdu } from './urdu.ts'

/** The languages that 3GPP 23.038 has tables for, in the order of their identifiers. */
export type Language =
  | 'turkish'
  | 'spanish'
  | 'portuguese'
  | 'bengali'
  | 'gujarati'
  | 'hindi'
  | 'kannada'
  | 'malayalam'
  | 'oriya'
  | 'punjabi'
  | 'tamil'
  | 'telugu'
  | 'urdu'

/** The tables that a text is in. Absent: the basic table, and its extension. They may be of two languages. */
export interface Shifts {
  /** Takes the place of the basic table [3GPP 23.038 §6.2.1.2.3]. Spanish has none. */
  readonly locking?: Language
  /** Takes the place of the extension table, behind an escape [3GPP 23.038 §6.2.1.2.2]. */
  readonly single?: Language
}

/**
 * Tables as the standard prints them, turned by 90 degrees: a row for each upper half of a code, sixteen cells in it.
 * A cell is a character, four hexadecimal digits, one of SP LF FF CR ESC, or two dots where no character is assigned.
 * Compared cell by cell with four independent readings of the standard (releases 9 to 18); the few cells where those
 * differ are named in the files of the languages. One thing for all ten Indian locking tables: 0x2C is a comma in three
 * readings and an apostrophe in the fourth.
 */
export const languageTables: {
  readonly [language in Language]: { readonly id: number; readonly locking?: string; readonly single: string }
} = {
  turkish,
  spanish,
  portuguese,
  bengali,
  gujarati,
  hindi,
  kannada,
  malayalam,
  oriya,
  punjabi,
  tamil,
  telugu,
  urdu,
}

/** All languages, in the order of their identifiers. */
export const languages = Object.keys(languageTables) as readonly Language[]

/** National language identifiers [3GPP 23.038 §6.2.1.2.4]: 1 Turkish to 13 Urdu. */
export const languageIds = Object.fromEntries(
  languages.map((language) => [language, languageTables[language].id]),
) as { readonly [language in Language]: number }

/** The language of an identifier, or undefined where the standard has none (0, and 14 and above). */
export function languageOf(id: number): Language | undefined {
  return languages[id - 1]
}

/** Whether the language has a locking shift table: all but Spanish. */
export function hasLocking(language: Language): boolean {
  return languageTables[language].locking !== undefined
}

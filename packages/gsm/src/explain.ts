import { basicTable, extensionTable, tablesOf } from './alphabet.ts'
import { segmentsIn } from './borders.ts'
import { type Candidate, candidates } from './candidates.ts'
import { chooseCoding } from './choose.ts'
import { GsmError } from './errors.ts'
import { frameOf } from './frame.ts'
import { hasLocking, type Language, type Shifts } from './languages/language.ts'
import { ABSENT, type Table } from './languages/tables.ts'
import type { Encoding, SegmentOptions } from './segment.ts'

/** Why a character takes the units that it takes in the coding that was chosen. */
export const reasons = {
  basic: 'In the basic alphabet: one septet.',
  extension: 'In the extension table: an escape and a septet.',
  locking: 'In the locking shift table of the language: one septet.',
  single: 'In the single shift table of the language: an escape and a septet.',
  ucs2: 'In a table allowed, but the text goes out as UCS-2: a code unit of 16 bits.',
  not_in_tables: 'In none of the tables allowed: it forces UCS-2, a code unit of 16 bits, or two.',
} as const
export type Reason = keyof typeof reasons

export interface ExplainedCharacter {
  /** UTF-16 index in the text. */
  readonly index: number
  /** One code point. */
  readonly char: string
  readonly why: Reason
  /** Septets or UTF-16 code units. */
  readonly units: number
}

/** What the text would cost in one of the codings that compete. */
export interface CodingCost {
  readonly encoding: Encoding
  readonly shifts: Shifts
  /** May be above the 255 that can be sent; Infinity if the header leaves no room for text. */
  readonly segments: number
  readonly units: number
  /**
   * Characters that this coding does not have, each once. Empty: it is possible. Otherwise `segments` and `units` are
   * those of the text with one septet in the place of each: what it would cost without them.
   */
  readonly missing: readonly string[]
  readonly chosen: boolean
}

export interface Explanation {
  readonly encoding: Encoding
  readonly shifts: Shifts
  readonly segments: number
  readonly units: number
  readonly characters: readonly ExplainedCharacter[]
  /**
   * In the order in which they are taken if they need as many segments: GSM-7 as it is, UCS-2, a single shift table, a
   * locking one, both. A table that has nothing of the text that the basic ones lack does not compete.
   */
  readonly costs: readonly CodingCost[]
}

/**
 * Which coding `segmentText` takes for a text and why: the reason for each character, and what the other codings
 * would cost. Time grows with the text times the codings that compete. Throws as `segmentText` does, but more than 255
 * segments are counted and not refused.
 */
export function explainText(text: string, options: SegmentOptions = {}): Explanation {
  const languages = options.languages ?? []
  const choice = chooseCoding(text, options)
  const distinct = [...new Set(text)]
  const costs = candidates(text, languages).map((candidate): CodingCost => {
    const { encoding, shifts, units } = candidate
    const segments = segmentsIn(text, candidate, units, frameOf(encoding, options, shifts))
    const chosen =
      encoding === choice.encoding &&
      shifts.locking === choice.shifts.locking &&
      shifts.single === choice.shifts.single
    return { encoding, shifts, segments, units, missing: charsOf(candidate, distinct), chosen }
  })
  const { encoding, shifts, segments, units } = costs.find(({ chosen }) => chosen)!
  if (segments === Number.POSITIVE_INFINITY) throw new GsmError('header_too_long')
  const reasonOf = encoding === 'gsm7' ? inGsm7(shifts) : inUcs2(languages)
  const characters: ExplainedCharacter[] = []
  for (let index = 0; index < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(index)!)
    const why = reasonOf(char)
    characters.push({ index, char, why, units: septets[why] ?? char.length })
    index += char.length
  }
  return { encoding, shifts, segments, units, characters, costs }
}

const septets: { readonly [why in Reason]?: number } = { basic: 1, extension: 2, locking: 1, single: 2 }

function charsOf({ missing }: Candidate, distinct: readonly string[]): string[] {
  const units = new Set(missing)
  return distinct.filter((char) => units.has(char.charCodeAt(0)))
}

function inGsm7(shifts: Shifts): (char: string) => Reason {
  const { locking } = tablesOf(shifts)
  return (char) =>
    has(locking, char)
      ? has(basicTable, char)
        ? 'basic'
        : 'locking'
      : has(extensionTable, char)
        ? 'extension'
        : 'single'
}

function inUcs2(languages: readonly Language[]): (char: string) => Reason {
  const tables = [
    tablesOf({}),
    ...languages.map((single) => tablesOf({ single })),
    ...languages.filter(hasLocking).map((locking) => tablesOf({ locking })),
  ].flatMap(({ locking, single }) => [locking, single])
  return (char) => (char.length === 1 && tables.some((table) => has(table, char)) ? 'ucs2' : 'not_in_tables')
}

const has = (table: Table, char: string): boolean => table.codes[char.charCodeAt(0)] !== ABSENT

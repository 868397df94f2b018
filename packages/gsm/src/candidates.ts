import { basicTable, extensionTable, tablesOf } from './alphabet.ts'
import { hasLocking, type Language, type Shifts } from './languages/language.ts'
import { ABSENT, type Table } from './languages/tables.ts'

/** A way to write a text: an encoding, and for GSM-7 its tables. */
export interface Coding {
  readonly encoding: 'gsm7' | 'ucs2'
  readonly shifts: Shifts
}

/** A coding that the languages allow, and what the text takes in it. */
export interface Candidate extends Coding {
  /** How many phones show it wrongly, by place: see `ranks`. */
  readonly rank: number
  /** Septets or UTF-16 code units; a character that the tables do not have is counted as one septet. */
  readonly units: number
  /** Code units of the text that the tables do not have, each once. Empty: the text can be written so. */
  readonly missing: readonly number[]
}

/** Code units of a text and how often each comes: what a coding costs follows from these. */
type Histogram = ReadonlyMap<number, number>

/**
 * What to take of codings with as many segments, the best first. Segments are what is billed, so a table that saves none
 * would only be a risk. Every phone reads plain GSM-7, and all but the oldest read UCS-2. One that has no
 * tables shows `s` for `ş` of a single shift table, since the standard put the letters of Europe behind their kin, but
 * quite another letter for one of a locking table.
 */
const ranks = { gsm7: 0, ucs2: 1, single: 2, locking: 3, both: 4 } as const

/**
 * Every coding that could win, by rank. A table that gains the text nothing over the basic one (or its extension) is not
 * paired: the same text without its header is better.
 */
export function candidates(text: string, allowed: readonly Language[]): Candidate[] {
  const languages = [...new Set(allowed)]
  const histogram = histogramOf(text)
  const lockings: (Language | undefined)[] = [
    undefined,
    ...languages.filter(hasLocking).filter((language) => gains('locking', language, histogram)),
  ]
  const singles: (Language | undefined)[] = [
    undefined,
    ...languages.filter((language) => gains('single', language, histogram)),
  ]
  const gsm7 = lockings.flatMap((locking) =>
    singles.map((single) => weigh({ ...(locking && { locking }), ...(single && { single }) }, histogram)),
  )
  const ucs2: Candidate = { encoding: 'ucs2', shifts: {}, rank: ranks.ucs2, units: text.length, missing: [] }
  return [...gsm7, ucs2].sort((a, b) => a.rank - b.rank)
}

function rankOf({ locking, single }: Shifts): number {
  if (locking === undefined) return single === undefined ? ranks.gsm7 : ranks.single
  return single === undefined ? ranks.locking : ranks.both
}

function histogramOf(text: string): Histogram {
  const histogram = new Map<number, number>()
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    histogram.set(unit, (histogram.get(unit) ?? 0) + 1)
  }
  return histogram
}

function gains(kind: 'locking' | 'single', language: Language, histogram: Histogram): boolean {
  const own = tablesOf({ [kind]: language })[kind]
  const other = kind === 'locking' ? basicTable : extensionTable
  for (const unit of histogram.keys()) if (has(own, unit) && !has(other, unit)) return true
  return false
}

function weigh(shifts: Shifts, histogram: Histogram): Candidate {
  const { locking, single } = tablesOf(shifts)
  const missing: number[] = []
  let units = 0
  for (const [unit, count] of histogram) {
    const cost = has(locking, unit) ? 1 : has(single, unit) ? 2 : 0
    if (cost === 0) missing.push(unit)
    units += count * (cost || 1)
  }
  return { encoding: 'gsm7', shifts, rank: rankOf(shifts), units, missing }
}

const has = (table: Table, unit: number): boolean => table.codes[unit] !== ABSENT

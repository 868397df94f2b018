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
  /** Septets or UTF-16 code units; a character that the tables do not have is counted as one septet. */
  readonly units: number
  /** Code units of the text that the tables do not have, each once. Empty: the text can be written so. */
  readonly missing: readonly number[]
}

/** Code units of a text and how often each comes: what a coding costs follows from these. */
type Histogram = ReadonlyMap<number, number>

/**
 * Every coding that could win, plainest first: GSM-7, one table, two tables, UCS-2. A table that gains the text
 * nothing over the basic one (or its extension) is not paired: the same text without its header is better.
 */
export function candidates(text: string, languages: readonly Language[]): Candidate[] {
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
  gsm7.sort((a, b) => headers(a.shifts) - headers(b.shifts))
  return [...gsm7, { encoding: 'ucs2', shifts: {}, units: text.length, missing: [] }]
}

/** The number of header elements that the tables need. */
export function headers({ locking, single }: Shifts): number {
  return (locking === undefined ? 0 : 1) + (single === undefined ? 0 : 1)
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
  return { encoding: 'gsm7', shifts, units, missing }
}

const has = (table: Table, unit: number): boolean => table.codes[unit] !== ABSENT

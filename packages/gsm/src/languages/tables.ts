import { type Language, languageTables } from './language.ts'

export const ESCAPE = 0x1b
/** Stands for a code unit that a table does not have: an escape behind an escape, which no character can be. */
export const ABSENT = 0x9b
/** Stands for a code that has no character. */
export const UNASSIGNED = 0xffff

/** One table of 128 codes, both ways. */
export interface Table {
  /** Code -> code unit, or UNASSIGNED. */
  readonly units: Uint16Array
  /** Code unit -> code, or ABSENT. For all units: no bounds check. */
  readonly codes: Uint8Array
}

export const SPACE = 0x20
const named: { readonly [cell: string]: number } = {
  SP: SPACE,
  LF: 0x0a,
  FF: 0x0c,
  CR: 0x0d,
  '..': UNASSIGNED,
}

/** Built when a language is first used: a table is 64 KB, and most programs need none. */
const built = new Map<string, Table>()

export function lockingTable(language: Language): Table | undefined {
  const source = languageTables[language].locking
  return source === undefined ? undefined : tableOf(source)
}

export function singleTable(language: Language): Table {
  return tableOf(languageTables[language].single)
}

function tableOf(source: string): Table {
  let table = built.get(source)
  if (table === undefined) {
    table = createTable(source.trim().split(/\s+/).map(unitOf))
    built.set(source, table)
  }
  return table
}

function unitOf(cell: string): number {
  if (cell === 'ESC') return UNASSIGNED
  return named[cell] ?? (cell.length === 1 ? cell.charCodeAt(0) : Number.parseInt(cell, 16))
}

/** A character that stands in two places is written with the lower code. */
export function createTable(cells: readonly number[]): Table {
  const units = Uint16Array.from(cells)
  const codes = new Uint8Array(0x10000).fill(ABSENT)
  for (let code = units.length - 1; code >= 0; code--) {
    const unit = units[code]!
    if (unit !== UNASSIGNED) codes[unit] = code
  }
  return { units, codes }
}

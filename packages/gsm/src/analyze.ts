import { firstOffender, septetCost } from './alphabet.ts'

export interface Offender {
  /** UTF-16 index in the text. */
  readonly index: number
  /** One code point: one or two UTF-16 code units. */
  readonly char: string
  readonly codePoint: number
}

/** Which encoding the text needs, and every character that keeps it out of GSM-7. */
export function analyzeText(text: string): { encoding: 'gsm7' | 'ucs2'; offenders: Offender[] } {
  const offenders: Offender[] = []
  for (let index = firstOffender(text); index < text.length; ) {
    const codePoint = text.codePointAt(index)!
    const char = String.fromCodePoint(codePoint)
    if (char.length === 2 || septetCost(codePoint) === 0) offenders.push({ index, char, codePoint })
    index += char.length
  }
  return { encoding: offenders.length === 0 ? 'gsm7' : 'ucs2', offenders }
}

import type { Settings } from '../settings.ts'

/** A message id as the SMSC writes it: carriers do not always write it the same way twice. */
interface Spelling {
  readonly answer: (id: number) => string
  readonly receipt: (id: number) => string
}

const decimal = (id: number): string => String(id)
const hex = (id: number): string => id.toString(16)

const spellings: Record<Settings['idBase'], Spelling> = {
  decimal: { answer: decimal, receipt: decimal },
  hex: { answer: hex, receipt: hex },
  'hex-in-answer-decimal-in-receipt': { answer: hex, receipt: decimal },
  'decimal-in-answer-hex-in-receipt': { answer: decimal, receipt: hex },
}

export function spellingOf(idBase: Settings['idBase']): Spelling {
  return spellings[idBase]
}

/**
 * Ids counted up from the microsecond of the start, so that a simulator that starts again gives none twice as long as
 * it gives fewer than a million a second. Far below 2^53 until the year 2255: a number is exact here.
 */
export function createMessageIds(startedAtMs: number): () => number {
  let next = startedAtMs * 1000
  return () => {
    next += 1
    return next
  }
}

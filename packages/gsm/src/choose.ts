import { firstOffender } from './alphabet.ts'
import { countSegments, fillingOf } from './borders.ts'
import { type Candidate, type Coding, candidates } from './candidates.ts'
import { GsmError } from './errors.ts'
import { type Frame, type FrameOptions, frameOf, hasRoom } from './frame.ts'
import type { Language } from './languages/language.ts'

export interface ChoiceOptions extends FrameOptions {
  readonly encoding?: 'auto' | 'gsm7' | 'ucs2'
  readonly languages?: readonly Language[]
}

/** What a candidate costs. */
export interface Cost {
  readonly segments: number
  /** Bits on the air, headers included: septets and code units cannot be compared, these can. */
  readonly bits: number
}

/**
 * The coding with the fewest segments; of equal ones the one with the fewest bits on the air, then the one with the
 * fewest header elements, then the language named first. Throws `not_encodable` if GSM-7 is asked for and no tables
 * hold the text.
 */
export function chooseCoding(text: string, options: ChoiceOptions): Coding {
  const all = candidates(text, options.languages ?? [])
  const able = all.filter((candidate) => candidate.missing.length === 0 && isWished(candidate, options))
  let best: { candidate: Candidate; cost: Cost } | undefined
  for (const candidate of able) {
    const frame = frameOf(candidate.encoding, options, candidate.shifts)
    // A lower bound first, since finding the borders is a pass over the text.
    if (best !== undefined && leastSegments(candidate.units, frame) > best.cost.segments) continue
    const cost = costOf(text, candidate, frame)
    if (cost.segments === Number.POSITIVE_INFINITY) continue
    if (best === undefined || isBetter(cost, best.cost)) best = { candidate, cost }
  }
  if (best !== undefined) return best.candidate
  // Only the headers were too long: the plainest coding says so.
  if (able.length > 0) return able[0]!
  const nearest = all.reduce((a, b) => (b.encoding === 'gsm7' && b.missing.length < a.missing.length ? b : a))
  throw new GsmError('not_encodable', firstOffender(text, nearest.shifts))
}

export function isWished({ encoding }: Coding, { encoding: wish = 'auto' }: ChoiceOptions): boolean {
  return wish === 'auto' || wish === encoding
}

/** Counted by filling segment after segment; characters that the tables do not have count as one septet. */
export function costOf(text: string, candidate: Candidate, frame: Frame): Cost {
  const { encoding, units } = candidate
  const bitsPerUnit = encoding === 'gsm7' ? 7 : 16
  if (!hasRoom(frame)) return { segments: Number.POSITIVE_INFINITY, bits: Number.POSITIVE_INFINITY }
  const segments = units <= frame.whole ? 1 : countSegments(text, fillingOf(candidate), frame.part)
  const header = segments === 1 ? frame.wholeOctets : frame.partOctets
  return { segments, bits: segments * header * 8 + units * bitsPerUnit }
}

/** For candidates in the order of `candidates`: what is equal in both is not better. */
export function isBetter(a: Cost, b: Cost): boolean {
  return a.segments < b.segments || (a.segments === b.segments && a.bits < b.bits)
}

function leastSegments(units: number, frame: Frame): number {
  return units <= frame.whole ? 1 : Math.ceil(units / frame.part)
}

import { firstOffender } from './alphabet.ts'
import { segmentsIn } from './borders.ts'
import { type Candidate, candidates } from './candidates.ts'
import { GsmError } from './errors.ts'
import { type Frame, type FrameOptions, frameOf } from './frame.ts'
import type { Language } from './languages/language.ts'

export interface ChoiceOptions extends FrameOptions {
  readonly encoding?: 'auto' | 'gsm7' | 'ucs2'
  readonly languages?: readonly Language[]
}

/**
 * The coding with the fewest segments; of equal ones the one of the best rank, which is plain GSM-7, then UCS-2 (see
 * `candidates`); then the one with the fewest units, then the language named first. Throws `not_encodable` if GSM-7 is
 * asked for and no tables hold the text.
 */
export function chooseCoding(text: string, options: ChoiceOptions): Candidate {
  const all = candidates(text, options.languages ?? [])
  const wish = options.encoding ?? 'auto'
  let best: { candidate: Candidate; segments: number } | undefined
  for (const candidate of all) {
    if (candidate.missing.length > 0 || (wish !== 'auto' && wish !== candidate.encoding)) continue
    const frame = frameOf(candidate.encoding, options, candidate.shifts)
    // A lower bound first, since finding the borders is a pass over the text.
    if (best !== undefined && !isBetter(candidate, leastSegments(candidate.units, frame), best)) continue
    const segments = segmentsIn(text, candidate, candidate.units, frame)
    if (best === undefined || isBetter(candidate, segments, best)) best = { candidate, segments }
  }
  if (best !== undefined) return best.candidate
  const nearest = all.reduce((a, b) => (b.encoding === 'gsm7' && b.missing.length < a.missing.length ? b : a))
  throw new GsmError('not_encodable', firstOffender(text, nearest.shifts))
}

function isBetter(
  { rank, units }: Candidate,
  segments: number,
  best: { candidate: Candidate; segments: number },
): boolean {
  const order = segments - best.segments || rank - best.candidate.rank || units - best.candidate.units
  return order < 0
}

function leastSegments(units: number, frame: Frame): number {
  return units <= frame.whole ? 1 : Math.ceil(units / frame.part)
}

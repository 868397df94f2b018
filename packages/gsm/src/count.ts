import { firstOffender, septetLength } from './alphabet.ts'
import { segmentsIn } from './borders.ts'
import type { Coding } from './candidates.ts'
import { chooseCoding } from './choose.ts'
import { GsmError } from './errors.ts'
import { type FrameOptions, frameOf } from './frame.ts'
import type { Encoding, SegmentOptions } from './segment.ts'

export interface SegmentCount {
  readonly encoding: Encoding
  /** At least one. May be above the 255 that a header can count: then `segmentText` refuses the text. */
  readonly segments: number
  /** Septets or UTF-16 code units in total. */
  readonly units: number
}

/**
 * What `segmentText` would make of a text, in numbers: no octets, and no error beyond 255 segments. Throws
 * `GsmError` as it does otherwise: `not_encodable`, `header_too_long`, `element_out_of_range`.
 */
export function countSegments(text: string, options: SegmentOptions = {}): SegmentCount {
  const { encoding, languages = [] } = options
  if (languages.length > 0 && encoding !== 'ucs2') {
    const choice = chooseCoding(text, options)
    return countIn(text, choice, choice.units, options)
  }
  const septets = encoding === 'ucs2' ? -1 : septetLength(text)
  if (septets >= 0) return countIn(text, plain.gsm7, septets, options)
  if (encoding === 'gsm7') throw new GsmError('not_encodable', firstOffender(text))
  return countIn(text, plain.ucs2, text.length, options)
}

const plain = {
  gsm7: { encoding: 'gsm7', shifts: {} },
  ucs2: { encoding: 'ucs2', shifts: {} },
} as const

function countIn(text: string, coding: Coding, units: number, options: FrameOptions): SegmentCount {
  const { encoding, shifts } = coding
  const segments = segmentsIn(text, coding, units, frameOf(encoding, options, shifts))
  if (segments === Number.POSITIVE_INFINITY) throw new GsmError('header_too_long')
  return { encoding, segments, units }
}

import { firstOffender, septetLength } from './alphabet.ts'
import { fillingOf, countSegments as segmentsFilled } from './borders.ts'
import { chooseCoding } from './choose.ts'
import { GsmError } from './errors.ts'
import { type Frame, type FrameOptions, frameOf, requireRoom } from './frame.ts'
import type { Shifts } from './languages/language.ts'
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
  if (options.languages !== undefined && options.languages.length > 0 && options.encoding !== 'ucs2') {
    const { encoding, shifts } = chooseCoding(text, options)
    return encoding === 'gsm7'
      ? countGsm7(text, septetLength(text, shifts), options, shifts)
      : countUcs2(text, options)
  }
  const septets = options.encoding === 'ucs2' ? -1 : septetLength(text)
  if (septets >= 0) return countGsm7(text, septets, options)
  if (options.encoding === 'gsm7') throw new GsmError('not_encodable', firstOffender(text))
  return countUcs2(text, options)
}

/** The frames of a message in both encodings, for whoever counts many: without national tables. */
export function framesFor(options: FrameOptions): { readonly [encoding in Encoding]: Frame } {
  const frames = { gsm7: frameOf('gsm7', options), ucs2: frameOf('ucs2', options) }
  for (const frame of Object.values(frames)) requireRoom(frame)
  return frames
}

const noShifts: Shifts = {}

function countGsm7(text: string, units: number, options: FrameOptions, shifts = noShifts): SegmentCount {
  const frame = frameOf('gsm7', options, shifts === noShifts ? undefined : shifts)
  requireRoom(frame)
  // Without escapes a division does.
  const segments =
    units <= frame.whole
      ? 1
      : units === text.length
        ? Math.ceil(units / frame.part)
        : segmentsFilled(text, fillingOf({ encoding: 'gsm7', shifts }), frame.part)
  return { encoding: 'gsm7', segments, units }
}

function countUcs2(text: string, options: FrameOptions): SegmentCount {
  const frame = frameOf('ucs2', options)
  requireRoom(frame)
  const filling = fillingOf({ encoding: 'ucs2', shifts: noShifts })
  const segments = text.length <= frame.whole ? 1 : segmentsFilled(text, filling, frame.part)
  return { encoding: 'ucs2', segments, units: text.length }
}

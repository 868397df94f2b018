import { encodeGsm7, encodeGsm7IfAble, firstOffender } from './alphabet.ts'
import { borders, fillingOf, MAX_SEGMENTS } from './borders.ts'
import type { Coding } from './candidates.ts'
import { chooseCoding } from './choose.ts'
import { GsmError } from './errors.ts'
import { type FrameOptions, frameOf, requireRoom, segmentCapacity } from './frame.ts'
import type { Language, Shifts } from './languages/language.ts'
import { encodeUcs2 } from './ucs2.ts'

export type Encoding = 'gsm7' | 'ucs2'

export interface SegmentOptions extends FrameOptions {
  /** `auto`, the default: GSM-7 if all characters are in it, else UCS-2. */
  readonly encoding?: 'auto' | Encoding
  /**
   * Languages whose tables may be used (default none). With them `auto` takes what needs the fewest segments, and of
   * equal ones the first of: GSM-7 as it is, UCS-2, a single shift table, a locking one, both (also of two languages).
   * So tables are used only where they save a segment. Name them only for recipients and routes that are known to read
   * them: others show wrong characters.
   */
  readonly languages?: readonly Language[]
}

/** A part of a message on the air. */
export interface OctetSegment {
  /** From 1. */
  readonly index: number
  /** The user data header with its length octet; empty if there is none. */
  readonly header: Uint8Array
  /** Septets, one an octet, UTF-16BE, or octets as they were given. */
  readonly body: Uint8Array
}

export interface Segment extends OctetSegment {
  readonly text: string
  /** Septets or UTF-16 code units of the body. */
  readonly units: number
}

export interface Segmentation {
  readonly encoding: Encoding
  /** The national tables that the text is in; they are in the headers. Empty without `languages`, and in UCS-2. */
  readonly shifts: Shifts
  /** At least one: an empty text is one empty segment. */
  readonly segments: readonly Segment[]
  /** Septets or UTF-16 code units in total. */
  readonly units: number
  /** Units that each segment can hold. */
  readonly perSegment: number
  /** Units left in the last segment. */
  readonly left: number
}

const noShifts: Shifts = {}
const noHeader = new Uint8Array(0)
const bareCapacity = { gsm7: segmentCapacity('gsm7', 0), ucs2: segmentCapacity('ucs2', 0) } as const

/**
 * Cuts a text into the segments that go on the air. Found by filling segment after segment: an escape pair or a
 * surrogate pair on a border moves to the next one, so the number may be above units / perSegment. A cut that would
 * part an emoji sequence or a base from its accents is moved if that costs no segment.
 *
 * Throws `GsmError`: `not_encodable` if GSM-7 is asked for and cannot be, `too_many_segments` beyond 255 of them,
 * `header_too_long` or `element_out_of_range` if the elements asked for cannot be.
 */
export function segmentText(text: string, options: SegmentOptions = {}): Segmentation {
  const { encoding, shifts, octets } = encode(text, options)
  const bare = shifts === noShifts && options.ports === undefined && options.headerElements === undefined
  const octetsPerUnit = encoding === 'gsm7' ? 1 : 2
  const units = octets.length / octetsPerUnit
  // Most messages: no header, and no need to think of one.
  if (bare && units <= bareCapacity[encoding]) {
    const perSegment = bareCapacity[encoding]
    const segments = [{ index: 1, text, header: noHeader, body: octets, units }]
    return { encoding, shifts, segments, units, perSegment, left: perSegment - units }
  }
  const frame = frameOf(encoding, options, shifts)
  if (units <= frame.whole) {
    const segments = [{ index: 1, text, header: frame.wholeHeader(), body: octets, units }]
    return { encoding, shifts, segments, units, perSegment: frame.whole, left: frame.whole - units }
  }
  requireRoom(frame)

  const filling = fillingOf({ encoding, shifts })
  const ends = borders(text, filling, frame.part)
  const segments: Segment[] = []
  let from = 0
  let bodyFrom = 0
  for (const end of ends) {
    const part = text.slice(from, end)
    const partUnits = filling.measure(part)
    const bodyTo = bodyFrom + partUnits * octetsPerUnit
    const index = segments.length + 1
    const header = frame.partHeader(index, ends.length)
    segments.push({ index, text: part, header, body: octets.subarray(bodyFrom, bodyTo), units: partUnits })
    from = end
    bodyFrom = bodyTo
  }
  const left = frame.part - segments.at(-1)!.units
  return { encoding, shifts, segments, units, perSegment: frame.part, left }
}

function encode(text: string, options: SegmentOptions): Coding & { octets: Uint8Array } {
  const wish = options.encoding ?? 'auto'
  if (wish !== 'ucs2') {
    if (options.languages !== undefined && options.languages.length > 0) {
      const { encoding, shifts } = chooseCoding(text, options)
      if (encoding === 'gsm7') return { encoding, shifts, octets: encodeGsm7(text, shifts) }
    } else {
      const octets = encodeGsm7IfAble(text)
      if (octets !== undefined) return { encoding: 'gsm7', shifts: noShifts, octets }
      if (wish === 'gsm7') throw new GsmError('not_encodable', firstOffender(text))
    }
  }
  return { encoding: 'ucs2', shifts: noShifts, octets: encodeUcs2(text) }
}

/**
 * Cuts octets (8-bit data: a WAP push, a SIM toolkit command) into segments of 140 octets, headers included.
 * Throws as `segmentText` does; `index` of `too_many_segments` is that of an octet.
 */
export function segmentOctets(
  octets: Uint8Array,
  options: FrameOptions = {},
): { segments: readonly OctetSegment[]; perSegment: number; left: number } {
  const frame = frameOf('binary', options)
  const { whole, part, wholeHeader, partHeader } = frame
  if (octets.length <= whole) {
    const segments = [{ index: 1, header: wholeHeader(), body: octets }]
    return { segments, perSegment: whole, left: whole - octets.length }
  }
  requireRoom(frame)
  const total = Math.ceil(octets.length / part)
  if (total > MAX_SEGMENTS) throw new GsmError('too_many_segments', MAX_SEGMENTS * part)
  const segments = Array.from({ length: total }, (_, at) => ({
    index: at + 1,
    header: partHeader(at + 1, total),
    body: octets.subarray(at * part, (at + 1) * part),
  }))
  return { segments, perSegment: part, left: total * part - octets.length }
}

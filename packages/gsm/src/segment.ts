import { encodeGsm7IfAble, firstOffender, septetCost, septetLength } from './alphabet.ts'
import { clusterStart } from './cluster.ts'
import { GsmError } from './errors.ts'
import { concatElement, encodeHeader } from './header.ts'
import { encodeUcs2, insidePair } from './ucs2.ts'

export type Encoding = 'gsm7' | 'ucs2'

export interface SegmentOptions {
  /** `auto`, the default: GSM-7 if all characters are in it, else UCS-2. */
  readonly encoding?: 'auto' | Encoding
  /**
   * Ties the segments of one message together; taken modulo 2^referenceBits, so a running number may be given.
   * Default 0, good for previews only: phones join what comes from one sender with one reference.
   */
  readonly reference?: number
  /** Default 8. 16 costs a septet of every segment and makes collisions 256 times rarer. */
  readonly referenceBits?: 8 | 16
}

export interface Segment {
  /** From 1. */
  readonly index: number
  readonly text: string
  /** The user data header with its length octet; empty if the text is one segment. */
  readonly header: Uint8Array
  /** Septets, one an octet, or UTF-16BE. */
  readonly body: Uint8Array
  /** Septets or UTF-16 code units of the body. */
  readonly units: number
}

export interface Segmentation {
  readonly encoding: Encoding
  /** At least one: an empty text is one empty segment. */
  readonly segments: readonly Segment[]
  /** Septets or UTF-16 code units in total. */
  readonly units: number
  /** Units that each segment can hold. */
  readonly perSegment: number
  /** Units left in the last segment. */
  readonly left: number
}

/** [3GPP 23.040 §9.2.3.24]: octets of user data in one segment, header included. */
const USER_DATA_OCTETS = 140
/** The total of a concatenation element is one octet. */
const MAX_SEGMENTS = 255
/** Octets of the header that ties segments together, UDHL included. */
const concatOctets = { 8: 6, 16: 7 } as const
const noHeader = new Uint8Array(0)

interface Coding {
  readonly bitsPerUnit: 7 | 16
  /** Octets that a unit takes in a body. */
  readonly octetsPerUnit: 1 | 2
  /** The index after the last character that fits when `capacity` units start at `from`. */
  readonly cut: (text: string, from: number, capacity: number) => number
  /** Units of an encodable text. */
  readonly measure: (text: string) => number
}

const codings: { readonly [encoding in Encoding]: Coding } = {
  gsm7: { bitsPerUnit: 7, octetsPerUnit: 1, cut: cutGsm7, measure: septetLength },
  ucs2: { bitsPerUnit: 16, octetsPerUnit: 2, cut: cutUcs2, measure: (text) => text.length },
}

/** Units that a segment holds beside a header of so many octets: 160, 153, 152 … septets, 70, 67, 66 … code units. */
export function segmentCapacity(encoding: Encoding, headerOctets: number): number {
  return Math.floor(((USER_DATA_OCTETS - headerOctets) * 8) / codings[encoding].bitsPerUnit)
}

/**
 * Cuts a text into the segments that go on the air. Found by filling segment after segment: an escape pair or a
 * surrogate pair on a border moves to the next one, so the number may be above units / perSegment. A cut that would
 * part an emoji sequence or a base from its accents is moved if that costs no segment.
 *
 * Throws `GsmError('not_encodable')` if GSM-7 is asked for and cannot be, and `GsmError('too_many_segments')`
 * beyond 255 of them.
 */
export function segmentText(text: string, options: SegmentOptions = {}): Segmentation {
  const wish = options.encoding ?? 'auto'
  const septets = wish === 'ucs2' ? undefined : encodeGsm7IfAble(text)
  if (septets === undefined && wish === 'gsm7') throw new GsmError('not_encodable', firstOffender(text))
  const encoding = septets === undefined ? 'ucs2' : 'gsm7'
  const octets = septets ?? encodeUcs2(text)
  const coding = codings[encoding]
  const units = octets.length / coding.octetsPerUnit

  const whole = segmentCapacity(encoding, 0)
  if (units <= whole) {
    const segments = [{ index: 1, text, header: noHeader, body: octets, units }]
    return { encoding, segments, units, perSegment: whole, left: whole - units }
  }

  const bits = options.referenceBits ?? 8
  const perSegment = segmentCapacity(encoding, concatOctets[bits])
  const ends = borders(text, coding, perSegment)
  const reference = options.reference ?? 0
  const segments: Segment[] = []
  let from = 0
  let bodyFrom = 0
  for (const end of ends) {
    const part = text.slice(from, end)
    const partUnits = coding.measure(part)
    const bodyTo = bodyFrom + partUnits * coding.octetsPerUnit
    const index = segments.length + 1
    const header = encodeHeader([concatElement({ reference, total: ends.length, part: index, bits })])
    segments.push({ index, text: part, header, body: octets.subarray(bodyFrom, bodyTo), units: partUnits })
    from = end
    bodyFrom = bodyTo
  }
  return { encoding, segments, units, perSegment, left: perSegment - segments.at(-1)!.units }
}

function borders(text: string, coding: Coding, capacity: number): number[] {
  const ends: number[] = []
  for (let from = 0; from < text.length; ) {
    if (ends.length === MAX_SEGMENTS) throw new GsmError('too_many_segments', from)
    const end = coding.cut(text, from, capacity)
    from = end < text.length ? kindCut(text, coding, capacity, from, end) : end
    ends.push(from)
  }
  return ends
}

/** The cut moved before the cluster that it parts, unless the cluster fills the segment or that costs a segment more. */
function kindCut(text: string, coding: Coding, capacity: number, from: number, end: number): number {
  const start = clusterStart(text, from, end)
  if (start === end || start <= from) return end
  return countFrom(text, coding, capacity, start) === countFrom(text, coding, capacity, end) ? start : end
}

function countFrom(text: string, coding: Coding, capacity: number, from: number): number {
  let count = 0
  for (let at = from; at < text.length && count <= MAX_SEGMENTS; count++) at = coding.cut(text, at, capacity)
  return count
}

function cutGsm7(text: string, from: number, capacity: number): number {
  let room = capacity
  let index = from
  for (; index < text.length; index++) {
    room -= septetCost(text.charCodeAt(index))
    if (room < 0) break
  }
  return index
}

function cutUcs2(text: string, from: number, capacity: number): number {
  const end = Math.min(from + capacity, text.length)
  return end < text.length && insidePair(text, end) ? end - 1 : end
}

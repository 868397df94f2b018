import { concatElement, type HeaderElement, type Ports, portsElement, shiftElements } from './elements.ts'
import { GsmError } from './errors.ts'
import { encodeHeader } from './header.ts'
import type { Shifts } from './languages/language.ts'

/** What the header of every segment holds, and how the segments are tied together. */
export interface FrameOptions {
  /**
   * Ties the segments of one message together; taken modulo 2^referenceBits, so a running number may be given.
   * Default 0, good for previews only: phones join what comes from one sender with one reference.
   */
  readonly reference?: number
  /** Default 8. 16 costs a septet of every segment and makes collisions 256 times rarer. */
  readonly referenceBits?: 8 | 16
  /** Addresses an application on the handset; a single segment has a header then too. `bits` defaults to 16. */
  readonly ports?: Omit<Ports, 'bits'> & Partial<Pick<Ports, 'bits'>>
  /** Further elements that every segment carries, in this order, after those above. */
  readonly headerElements?: readonly HeaderElement[]
}

/** [3GPP 23.040 §9.2.3.24]: octets of user data in one segment, header included. */
const USER_DATA_OCTETS = 140
const bitsPerUnit = { gsm7: 7, ucs2: 16, binary: 8 } as const
/** Octets of the element that ties segments together. */
const concatOctets = { 8: 5, 16: 6 } as const
/** An escape and its septet, or a surrogate pair: less room than that and a text could not go on. */
const LEAST_UNITS = 2
const nothing = new Uint8Array(0)

/**
 * Units that a segment holds beside a header of so many octets (UDHL included): septets, UTF-16 code units, or, as
 * `binary`, octets. 160, 70 or 140 without a header; 153, 67 or 134 beside the usual one of 6 octets.
 */
export function segmentCapacity(encoding: 'gsm7' | 'ucs2' | 'binary', headerOctets: number): number {
  return Math.max(0, Math.floor(((USER_DATA_OCTETS - headerOctets) * 8) / bitsPerUnit[encoding]))
}

/** The headers of a message: that of a single segment, and those of the parts. */
export interface Frame {
  /** Units that a single segment holds; below zero if it does not even hold the header. */
  readonly whole: number
  /** Units that each of several segments holds. */
  readonly part: number
  readonly wholeHeader: () => Uint8Array
  readonly partHeader: (part: number, total: number) => Uint8Array
}

/** Throws `element_out_of_range` for ports that are none. */
export function frameOf(encoding: 'gsm7' | 'ucs2' | 'binary', options: FrameOptions, shifts?: Shifts): Frame {
  const elements = fixedElements(options, shifts)
  const bits = options.referenceBits ?? 8
  const fixed = elements.reduce((octets, { data }) => octets + 2 + data.length, 0)
  const wholeOctets = fixed === 0 ? 0 : fixed + 1
  const partOctets = fixed + 1 + concatOctets[bits]
  const reference = options.reference ?? 0
  return {
    whole: wholeOctets > USER_DATA_OCTETS ? -1 : segmentCapacity(encoding, wholeOctets),
    part: segmentCapacity(encoding, partOctets),
    wholeHeader: () => (fixed === 0 ? nothing : encodeHeader(elements)),
    partHeader: (index, total) =>
      encodeHeader([concatElement({ reference, total, part: index, bits }), ...elements]),
  }
}

/** Whether each of several segments has room for a character beside the header. */
export function hasRoom({ part }: Frame): boolean {
  return part >= LEAST_UNITS
}

/** Throws `header_too_long` if there is none. */
export function requireRoom(frame: Frame): void {
  if (!hasRoom(frame)) throw new GsmError('header_too_long')
}

const none: readonly HeaderElement[] = []

function fixedElements(
  { ports, headerElements }: FrameOptions,
  shifts: Shifts | undefined,
): readonly HeaderElement[] {
  const isShifted = shifts?.locking !== undefined || shifts?.single !== undefined
  // Most messages: no array is made for what is not there.
  if (ports === undefined && headerElements === undefined && !isShifted) return none
  return [
    ...(ports === undefined ? [] : [portsElement({ bits: 16, ...ports })]),
    ...shiftElements(shifts ?? {}),
    ...(headerElements ?? []),
  ]
}

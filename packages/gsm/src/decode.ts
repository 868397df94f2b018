import { decodeGsm7 } from './alphabet.ts'
import { type DataCoding, readDataCoding } from './dcs.ts'
import type { UserDataHeader } from './header.ts'
import { fillBitsAfter, unpackAllSeptets } from './septets.ts'
import { decodeUcs2WithMark } from './ucs2.ts'
import { textOf, unitsFor } from './units.ts'
import { parsePackedUserData, parseUserData, type UserData } from './userdata.ts'

export interface DecodeOptions {
  /** What 0x00 means on this link (default `gsm7`); links differ, and so do the directions of one. */
  readonly zero?: 'gsm7' | 'latin1'
  /** The header that was taken off the front: it names the national tables, and tells the fill bits of packed septets. */
  readonly header?: UserDataHeader | undefined
  /** Whether septets come packed, eight in seven octets. */
  readonly packed?: boolean
}

/**
 * The text of an inbound message from its octets (header taken off) and its data coding. Total; `undefined` if the
 * data coding says that they are no text. GSM-7 that is not packed but has an octet above 0x7F cannot be GSM-7, and
 * is read as Latin-1. A surrogate pair cut between two segments is whole again once their texts are joined.
 */
export function decodeText(
  octets: Uint8Array,
  dataCoding: number,
  options: DecodeOptions = {},
): string | undefined {
  const { charset } = readDataCoding(dataCoding)
  const shifts = options.header?.shifts
  switch (charset) {
    case 'binary':
      return undefined
    case 'ucs2':
      return decodeUcs2WithMark(octets)
    case 'latin1':
      return decodeLatin1(octets)
    case 'gsm7':
      if (options.packed) {
        return decodeGsm7(unpackAllSeptets(octets, fillBitsAfter(options.header?.octets ?? 0)), shifts)
      }
      // National tables are those of GSM-7, whatever the link is said to do.
      return shifts === undefined && isLatin1(octets, dataCoding, options)
        ? decodeLatin1(octets)
        : decodeGsm7(octets, shifts)
    default:
      return new TextDecoder(charset).decode(octets)
  }
}

function isLatin1(octets: Uint8Array, dataCoding: number, { zero }: DecodeOptions): boolean {
  return ((dataCoding & 0xff) === 0 && zero === 'latin1') || octets.some((octet) => octet > 0x7f)
}

export interface DecodeUserDataOptions {
  /** data_coding of SMPP, TP-DCS of a TPDU. */
  readonly dataCoding: number
  /** Bit 0x40 of esm_class, or of the first octet of a TPDU. */
  readonly udhi: boolean
  /** What 0x00 means on this link (default `gsm7`). */
  readonly zero?: 'gsm7' | 'latin1'
  /** Whether septets come packed, eight in seven octets, as in a TPDU and on a few SMPP links. */
  readonly packed?: boolean
  /** With `packed`: TP-UDL, the number of septets, those of the header included. Without it all that fit are read. */
  readonly length?: number
}

export interface DecodedUserData extends UserData {
  readonly dataCoding: DataCoding
  /** Absent if the data coding says that the body is no text. */
  readonly text: string | undefined
}

/**
 * Everything that a received segment says, from its user data: header and body taken apart, the text decoded with
 * the national tables that the header names. Never throws: what is wrong with the octets is in `problems`.
 */
export function decodeUserData(octets: Uint8Array, options: DecodeUserDataOptions): DecodedUserData {
  const { udhi, packed = false, length, zero = 'gsm7' } = options
  const dataCoding = readDataCoding(options.dataCoding)
  // Only septets are packed; octets and code units look the same everywhere.
  const septets = packed && dataCoding.charset === 'gsm7'
  const data = septets
    ? parsePackedUserData(octets, { udhi, ...(length === undefined ? {} : { length }) })
    : parseUserData(octets, { udhi })
  const text = septets
    ? decodeGsm7(data.body, data.header?.shifts)
    : decodeText(data.body, options.dataCoding, { zero, header: data.header })
  return { ...data, dataCoding, text }
}

/**
 * What data coding 0 means on a link, from what came of the characters `@_$£` that were sent over it as a probe:
 * these four differ in GSM-7 (00 11 02 01), Latin-1 (40 5F 24 A3) and ASCII, which has no pound sign (40 5F 24, then
 * anything). `undefined` if it is none of them. [facts group 42]
 */
export function alphabetOfProbe(octets: Uint8Array): 'gsm7' | 'latin1' | 'ascii' | undefined {
  const starts = (...expected: number[]) => expected.every((octet, at) => octets[at] === octet)
  if (starts(0x00, 0x11, 0x02, 0x01)) return 'gsm7'
  if (starts(0x40, 0x5f, 0x24, 0xa3)) return 'latin1'
  return starts(0x40, 0x5f, 0x24) ? 'ascii' : undefined
}

/** By hand, since the label `latin1` of a TextDecoder means windows-1252. */
function decodeLatin1(octets: Uint8Array): string {
  const units = unitsFor(octets.length)
  units.set(octets)
  return textOf(units, octets.length)
}

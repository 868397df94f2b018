import { decodeGsm7 } from './alphabet.ts'
import { fillBitsAfter, unpackAllSeptets } from './septets.ts'
import { decodeUcs2WithMark } from './ucs2.ts'
import { textOf, unitsFor } from './units.ts'

/** What the octets of a message are. `binary` is no text; the names with a dash or underscore are WHATWG labels. */
export type Charset =
  | 'gsm7'
  | 'ucs2'
  | 'latin1'
  | 'binary'
  | 'iso-8859-5'
  | 'iso-8859-8'
  | 'shift_jis'
  | 'iso-2022-jp'
  | 'euc-jp'
  | 'euc-kr'

/** 0 flash (shown, not stored), 1 the handset, 2 the SIM, 3 the terminal equipment. */
export type MessageClass = 0 | 1 | 2 | 3

export interface DataCoding {
  readonly charset: Charset
  readonly messageClass?: MessageClass
}

/** [SMPP 3.4 §5.2.19], which takes precedence for the values that SMPP and 23.038 give different meanings. */
const smppCharsets: readonly Charset[] = [
  'gsm7', // 0x00: the SMSC's default; which one is a matter of the link, see DecodeOptions
  'latin1', // 0x01: IA5; ASCII is within Latin-1
  'binary',
  'latin1',
  'binary',
  'shift_jis',
  'iso-8859-5',
  'iso-8859-8',
  'ucs2',
  'ucs2', // 0x09: pictograms in SMPP that nobody sends; UCS-2 by the bits of 23.038
  'iso-2022-jp',
  'ucs2', // 0x0B: reserved in SMPP; UCS-2 by the bits of 23.038
  'gsm7', // 0x0C: reserved in both; 23.038 §4 has reserved values read as GSM-7
  'euc-jp', // 0x0D: JIS X 0212
  'euc-kr', // 0x0E: KS C 5601
  'gsm7',
]

/** Bits 3 and 2 of the general group [3GPP 23.038 §4]; the fourth is reserved. */
const generalCharsets: readonly Charset[] = ['gsm7', 'binary', 'ucs2', 'gsm7']

/** One row for each upper half octet of 0x10 and above [3GPP 23.038 §4]. */
const groups: ReadonlyArray<{ readonly upTo: number; read(value: number): DataCoding }> = [
  { upTo: 0x7, read: readGeneral }, // 0x40 to 0x7F: as 0x00 to 0x3F, the message deletes itself
  { upTo: 0xb, read: () => ({ charset: 'gsm7' }) }, // reserved
  { upTo: 0xd, read: () => ({ charset: 'gsm7' }) }, // message waiting, text discarded (0xC) or stored (0xD)
  { upTo: 0xe, read: () => ({ charset: 'ucs2' }) }, // message waiting, stored
  { upTo: 0xf, read: readClassGroup },
]

/** What an SMPP data_coding or a GSM DCS octet says. Total: every value from 0 to 255 has an answer. */
export function readDataCoding(value: number): DataCoding {
  const octet = value & 0xff
  if (octet < 0x10) return { charset: smppCharsets[octet]! }
  return groups.find(({ upTo }) => octet >> 4 <= upTo)!.read(octet)
}

/** The value to send: 0 or 8, and 0x10 or 0x18 plus the class, the form that SMPP peers and phones both read. */
export function dataCodingFor(encoding: 'gsm7' | 'ucs2', messageClass?: MessageClass): number {
  const alphabet = encoding === 'gsm7' ? 0x00 : 0x08
  return messageClass === undefined ? alphabet : alphabet | 0x10 | messageClass
}

export interface DecodeOptions {
  /** What 0x00 means on this link (default `gsm7`); links differ, and so do the directions of one. */
  readonly zero?: 'gsm7' | 'latin1'
  /** Whether septets come packed, eight in seven octets. */
  readonly packed?: boolean
  /** With `packed`: octets of the header, UDHL included, that was taken off the front. It tells the fill bits. */
  readonly headerOctets?: number
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
  switch (charset) {
    case 'binary':
      return undefined
    case 'ucs2':
      return decodeUcs2WithMark(octets)
    case 'latin1':
      return decodeLatin1(octets)
    case 'gsm7':
      if ((dataCoding & 0xff) === 0 && options.zero === 'latin1') return decodeLatin1(octets)
      if (options.packed) {
        return decodeGsm7(unpackAllSeptets(octets, fillBitsAfter(options.headerOctets ?? 0)))
      }
      return octets.some((octet) => octet > 0x7f) ? decodeLatin1(octets) : decodeGsm7(octets)
    default:
      return new TextDecoder(charset).decode(octets)
  }
}

/** By hand, since the label `latin1` of a TextDecoder means windows-1252. */
function decodeLatin1(octets: Uint8Array): string {
  const units = unitsFor(octets.length)
  units.set(octets)
  return textOf(units, octets.length)
}

function readGeneral(octet: number): DataCoding {
  const compressed = (octet & 0x20) !== 0
  const charset = compressed ? 'binary' : generalCharsets[(octet >> 2) & 3]!
  return (octet & 0x10) === 0 ? { charset } : { charset, messageClass: (octet & 3) as MessageClass }
}

function readClassGroup(octet: number): DataCoding {
  return { charset: octet & 0x04 ? 'binary' : 'gsm7', messageClass: (octet & 3) as MessageClass }
}

import { decodeGsm7, encodeGsm7IfAble } from './alphabet.ts'
import { waitingTypes } from './dcs.ts'
import { GsmError } from './errors.ts'
import { type Language, languageIds, type Shifts } from './languages/language.ts'
import { packSeptets, unpackSeptets } from './septets.ts'

export interface HeaderElement {
  readonly id: number
  readonly data: Uint8Array
}
export interface Concat {
  readonly reference: number
  readonly total: number
  /** From 1. */
  readonly part: number
  readonly bits: 8 | 16
}
export interface Ports {
  readonly destination: number
  readonly source: number
  readonly bits: 8 | 16
}
/** Messages that wait in a mailbox [3GPP 23.040 §9.2.3.24.2]. */
export interface Indication {
  readonly type: (typeof waitingTypes)[number]
  /** 0 puts the symbol out, 255 stands for 255 or more. */
  readonly count: number
  /** Whether the message itself is kept once the symbol is set. */
  readonly store: boolean
  /** Extended type, 1 with `other`: video messages. Absent: none. */
  readonly extended?: number
  /** Subscriber profile, from 0. Absent: the first. */
  readonly profile?: number
}
/** Status reports that the SMSC shall make [3GPP 23.040 §9.2.3.24.5]. */
export interface SmscControl {
  readonly reportDelivered: boolean
  readonly reportPermanentError: boolean
  /** Temporary error, and the SMSC tries no more. */
  readonly reportTemporaryErrorFinal: boolean
  /** Temporary error, and the SMSC goes on trying. */
  readonly reportTemporaryErrorTrying: boolean
  /** No more reports for the segments that follow. */
  readonly cancelReports: boolean
  /** The report repeats the header. */
  readonly includeHeader: boolean
}
export interface ReplyAddress {
  /** Type of number: 1 international, 5 alphanumeric … */
  readonly ton: number
  readonly npi: number
  /** Digits and `*#abc`, without a plus; or text, if `ton` is 5. */
  readonly address: string
}

/** Information element identifiers that this package reads and writes [3GPP 23.040 §9.2.3.24]. */
export const elementIds = {
  concat8: 0x00,
  indication: 0x01,
  ports8: 0x04,
  ports16: 0x05,
  smscControl: 0x06,
  source: 0x07,
  concat16: 0x08,
  replyAddress: 0x22,
  singleShift: 0x24,
  lockingShift: 0x25,
} as const

/** Every range of identifiers, by the first one, and what the standard calls it [3GPP 23.040 §9.2.3.24]. */
const names: ReadonlyArray<readonly [from: number, name: string]> = [
  [0x00, 'concatenated short messages, 8-bit reference number'],
  [0x01, 'special SMS message indication'],
  [0x02, 'reserved'],
  [0x03, 'not used, since it could be taken for a line feed'],
  [0x04, 'application port addressing scheme, 8-bit address'],
  [0x05, 'application port addressing scheme, 16-bit address'],
  [0x06, 'SMSC control parameters'],
  [0x07, 'UDH source indicator'],
  [0x08, 'concatenated short messages, 16-bit reference number'],
  [0x09, 'wireless control message protocol'],
  [0x0a, 'text formatting'],
  [0x0b, 'predefined sound'],
  [0x0c, 'user defined sound'],
  [0x0d, 'predefined animation'],
  [0x0e, 'large animation'],
  [0x0f, 'small animation'],
  [0x10, 'large picture'],
  [0x11, 'small picture'],
  [0x12, 'variable picture'],
  [0x13, 'user prompt indicator'],
  [0x14, 'extended object'],
  [0x15, 'reused extended object'],
  [0x16, 'compression control'],
  [0x17, 'object distribution indicator'],
  [0x18, 'standard WVG object'],
  [0x19, 'character size WVG object'],
  [0x1a, 'extended object data request command'],
  [0x1b, 'reserved for EMS features'],
  [0x20, 'RFC 822 e-mail header'],
  [0x21, 'hyperlink format'],
  [0x22, 'reply address'],
  [0x23, 'enhanced voice mail information'],
  [0x24, 'national language single shift'],
  [0x25, 'national language locking shift'],
  [0x26, 'reserved'],
  [0x70, '(U)SIM toolkit security header'],
  [0x80, 'SME to SME specific use'],
  [0xa0, 'reserved'],
  [0xc0, 'SC specific use'],
  [0xe0, 'reserved'],
]

/** What TS 23.040 calls an element, for people to read. Total: every identifier from 0 to 255 has a name. */
export function elementName(id: number): string {
  return names.findLast(([from]) => from <= (id & 0xff))![1]
}

const whole = (value: number, from: number, to: number): number => {
  if (!Number.isInteger(value) || value < from || value > to) throw new GsmError('element_out_of_range')
  return value
}

/**
 * The element that ties a segment to its message; the reference is taken modulo 2^bits. Throws
 * `GsmError('element_out_of_range')`, as all functions here do, if `part` or `total` is not between 1 and 255.
 */
export function concatElement({ reference, total, part, bits }: Concat): HeaderElement {
  const low = reference & 0xff
  whole(total, 1, 255)
  whole(part, 1, total)
  return bits === 8
    ? { id: elementIds.concat8, data: Uint8Array.of(low, total, part) }
    : { id: elementIds.concat16, data: Uint8Array.of((reference >> 8) & 0xff, low, total, part) }
}

/** The element that addresses an application on the handset by its ports: 0 to 65535, or to 255 with 8 bits. */
export function portsElement({ destination, source, bits }: Ports): HeaderElement {
  const most = bits === 8 ? 0xff : 0xffff
  whole(destination, 0, most)
  whole(source, 0, most)
  return bits === 8
    ? { id: elementIds.ports8, data: Uint8Array.of(destination, source) }
    : {
        id: elementIds.ports16,
        data: Uint8Array.of(destination >> 8, destination & 0xff, source >> 8, source & 0xff),
      }
}

/** The elements that announce national tables: none, one or two. Octets: 3 each, UDHL not counted. */
export function shiftElements({ locking, single }: Shifts): HeaderElement[] {
  return [
    ...(single === undefined ? [] : [shiftElement(elementIds.singleShift, single)]),
    ...(locking === undefined ? [] : [shiftElement(elementIds.lockingShift, locking)]),
  ]
}

function shiftElement(id: number, language: Language): HeaderElement {
  return { id, data: Uint8Array.of(languageIds[language]) }
}

/** The element that lights or puts out a symbol on the handset [3GPP 23.040 §9.2.3.24.2]. One for each type. */
export function indicationElement({
  type,
  count,
  store,
  extended = 0,
  profile = 0,
}: Indication): HeaderElement {
  const bits = (store ? 0x80 : 0) | (whole(profile, 0, 3) << 5) | (whole(extended, 0, 7) << 2)
  return {
    id: elementIds.indication,
    data: Uint8Array.of(bits | waitingTypes.indexOf(type), whole(count, 0, 255)),
  }
}

/** Bits of the SMSC control parameters [3GPP 23.040 §9.2.3.24.5]. */
export const smscControlBits: { readonly [flag in keyof SmscControl]: number } = {
  reportDelivered: 0x01,
  reportPermanentError: 0x02,
  reportTemporaryErrorFinal: 0x04,
  reportTemporaryErrorTrying: 0x08,
  cancelReports: 0x40,
  includeHeader: 0x80,
}

/** The element that asks the SMSC for status reports of one segment among many. */
export function smscControlElement(control: Partial<SmscControl>): HeaderElement {
  let bits = 0
  for (const flag of Object.keys(control) as (keyof SmscControl)[])
    if (control[flag]) bits |= smscControlBits[flag]
  return { id: elementIds.smscControl, data: Uint8Array.of(bits) }
}

/** Who wrote the elements that follow; the position is the value [3GPP 23.040 §9.2.3.24.6]. */
export const sources = [undefined, 'sender', 'receiver', 'smsc'] as const
export type ElementSource = Exclude<(typeof sources)[number], undefined>

/** The element that says who wrote those behind it, up to the next of its kind. */
export function sourceElement(source: ElementSource): HeaderElement {
  return { id: elementIds.source, data: Uint8Array.of(sources.indexOf(source)) }
}

/** Semi-octets of an address; 0xF fills up [3GPP 23.040 §9.1.2.3]. */
const digits = '0123456789*#abc'
const ALPHANUMERIC = 5

/** The element that names the address to answer to, of up to 20 digits or 11 letters [3GPP 23.040 §9.2.3.24.23]. */
export function replyAddressElement({ ton, npi, address }: ReplyAddress): HeaderElement {
  const type = 0x80 | (whole(ton, 0, 7) << 4) | whole(npi, 0, 15)
  if (ton === ALPHANUMERIC) {
    const septets = encodeGsm7IfAble(address)
    if (septets === undefined || septets.length > 11) throw new GsmError('element_out_of_range')
    const packed = packSeptets(septets)
    return {
      id: elementIds.replyAddress,
      data: Uint8Array.of(Math.ceil((septets.length * 7) / 4), type, ...packed),
    }
  }
  if (address.length > 20) throw new GsmError('element_out_of_range')
  const nibbles = Array.from(address, (digit) => whole(digits.indexOf(digit), 0, 14))
  const octets = Array.from(
    { length: Math.ceil(nibbles.length / 2) },
    (_, at) => nibbles[2 * at]! | ((nibbles[2 * at + 1] ?? 0xf) << 4),
  )
  return { id: elementIds.replyAddress, data: Uint8Array.of(nibbles.length, type, ...octets) }
}

/** As the element above, read; undefined if its lengths contradict each other or a digit is none. */
export function readReplyAddress(data: Uint8Array): ReplyAddress | undefined {
  const [length, type, ...octets] = data
  if (length === undefined || type === undefined || octets.length !== Math.ceil(length / 2)) return undefined
  const ton = (type >> 4) & 7
  const npi = type & 15
  if (ton === ALPHANUMERIC) {
    const septets = unpackSeptets(data.subarray(2), Math.floor((length * 4) / 7))
    return { ton, npi, address: decodeGsm7(septets) }
  }
  const nibbles = octets.flatMap((octet) => [octet & 15, octet >> 4]).slice(0, length)
  if (nibbles.includes(15)) return undefined
  return { ton, npi, address: nibbles.map((nibble) => digits[nibble]).join('') }
}

import { GsmError } from './errors.ts'

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

/** A symbol on the handset that says that something waits in a mailbox [3GPP 23.038 §4]. */
export interface Waiting {
  readonly type: (typeof waitingTypes)[number]
  /** Whether the symbol is lit or put out. */
  readonly active: boolean
  /** Whether the handset keeps the text or may throw it away. */
  readonly store: boolean
}

/** Where a value stands in the tables: `smpp` 0x00 to 0x0F, then the groups of 3GPP 23.038 §4. */
export type DataCodingGroup = 'smpp' | 'general' | 'auto_delete' | 'reserved' | 'waiting' | 'class'

/** All that a data coding value says. */
export interface DataCoding {
  readonly group: DataCodingGroup
  /** What the octets are. */
  readonly charset: Charset
  readonly messageClass?: MessageClass
  /** The octets are compressed [3GPP 23.042], so `charset` is `binary`; this is what is within. Nobody sends it. */
  readonly compressed?: 'gsm7' | 'ucs2' | 'binary'
  readonly waiting?: Waiting
}

/** What waits in a mailbox; the position is the value of the two lowest bits. */
export const waitingTypes = ['voicemail', 'fax', 'email', 'other'] as const

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

/** The value to send for a charset alone, where SMPP and phones agree on it, or SMPP alone has it. */
const plainValues: { readonly [charset in Charset]: number } = {
  gsm7: 0x00,
  latin1: 0x03,
  binary: 0x04,
  shift_jis: 0x05,
  'iso-8859-5': 0x06,
  'iso-8859-8': 0x07,
  ucs2: 0x08,
  'iso-2022-jp': 0x0a,
  'euc-jp': 0x0d,
  'euc-kr': 0x0e,
}

/** Bits 3 and 2 of the general groups [3GPP 23.038 §4]; the fourth is reserved. */
const generalCharsets = ['gsm7', 'binary', 'ucs2', 'gsm7'] as const

/** One row for each upper half octet of 0x10 and above [3GPP 23.038 §4]. */
const groups: ReadonlyArray<{ readonly upTo: number; read(octet: number): DataCoding }> = [
  { upTo: 0x3, read: (octet) => readGeneral('general', octet) },
  { upTo: 0x7, read: (octet) => readGeneral('auto_delete', octet) }, // the message deletes itself once it is read
  { upTo: 0xb, read: () => ({ group: 'reserved', charset: 'gsm7' }) },
  { upTo: 0xc, read: (octet) => readWaiting('gsm7', false, octet) },
  { upTo: 0xd, read: (octet) => readWaiting('gsm7', true, octet) },
  { upTo: 0xe, read: (octet) => readWaiting('ucs2', true, octet) },
  { upTo: 0xf, read: readClassGroup },
]

/** What an SMPP data_coding or a GSM DCS octet says. Total: every value from 0 to 255 has an answer. */
export function readDataCoding(value: number): DataCoding {
  const octet = value & 0xff
  if (octet < 0x10) return { group: 'smpp', charset: smppCharsets[octet]! }
  return groups.find(({ upTo }) => octet >> 4 <= upTo)!.read(octet)
}

/**
 * The value to send. A charset alone is 0x00 to 0x0E; with a class 0x10 to 0x1F, the form that SMPP peers and phones
 * both read (`group: 'class'` asks for 0xF0 to 0xF7). What `readDataCoding` says of a value that is not reserved
 * gives the same value, or the plainest one that means the same. Throws `GsmError('no_data_coding')` for what no
 * value says: a class with Latin-1, UCS-2 that waits and is not stored.
 */
export function dataCodingFor(coding: Partial<DataCoding> & Pick<DataCoding, 'charset'>): number {
  const { charset, group, messageClass, compressed, waiting } = coding
  if (waiting !== undefined) return waitingValue(charset, waiting)
  if (group === 'class') return classValue(charset, messageClass)
  const autoDelete = group === 'auto_delete'
  if (messageClass === undefined && compressed === undefined && !autoDelete) return plainValues[charset]
  const bits = generalBits(compressed ?? charset)
  return (
    (autoDelete ? 0x40 : 0) |
    (compressed === undefined ? 0 : 0x20) |
    (messageClass === undefined ? 0 : 0x10 | messageClass) |
    bits
  )
}

function generalBits(charset: Charset): number {
  const bits = (generalCharsets as readonly Charset[]).indexOf(charset)
  if (bits < 0) throw new GsmError('no_data_coding')
  return bits << 2
}

function waitingValue(charset: Charset, { type, active, store }: Waiting): number {
  const group = charset === 'gsm7' ? (store ? 0xd0 : 0xc0) : charset === 'ucs2' && store ? 0xe0 : undefined
  if (group === undefined) throw new GsmError('no_data_coding')
  return group | (active ? 0x08 : 0) | waitingTypes.indexOf(type)
}

function classValue(charset: Charset, messageClass: MessageClass = 1): number {
  if (charset !== 'gsm7' && charset !== 'binary') throw new GsmError('no_data_coding')
  return 0xf0 | (charset === 'binary' ? 0x04 : 0) | messageClass
}

function readGeneral(group: DataCodingGroup, octet: number): DataCoding {
  const within = generalCharsets[(octet >> 2) & 3]!
  return {
    group,
    ...((octet & 0x20) === 0 ? { charset: within } : { charset: 'binary', compressed: within }),
    ...((octet & 0x10) === 0 ? {} : { messageClass: (octet & 3) as MessageClass }),
  }
}

function readWaiting(charset: Charset, store: boolean, octet: number): DataCoding {
  return {
    group: 'waiting',
    charset,
    waiting: { type: waitingTypes[octet & 3]!, active: (octet & 0x08) !== 0, store },
  }
}

function readClassGroup(octet: number): DataCoding {
  return {
    group: 'class',
    charset: octet & 0x04 ? 'binary' : 'gsm7',
    messageClass: (octet & 3) as MessageClass,
  }
}

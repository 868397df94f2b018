import { SmppError } from '../errors.ts'

/** One way to write a value into the octets of a TLV. Readers never throw: undefined is what they cannot read. */
interface Kind<T> {
  read(octets: Uint8Array): T | undefined
  /** Throws SmppError `invalid_pdu` for what does not fit. */
  write(value: T, name: string): Uint8Array
}

/** Where an error came from and which. `type` is 3 for GSM; 0 where the peer sent three digits instead. */
export interface NetworkErrorCode {
  type: number
  code: number
}
/** A number to call back, or its screen name. `digit_mode` 0 is TBCD (DTMF), 1 is ASCII. */
export interface CallbackNumber {
  digit_mode: number
  ton: number
  npi: number
  number: string
}
export interface CallbackTag {
  data_coding: number
  text: Uint8Array
}
/** `type` 0x80 and 0x88 are NSAP (even, odd), 0xa0 is "user specified". */
export interface Subaddress {
  type: number
  address: Uint8Array
}
/** `session` is what stands in front of the end bit: session number (8 bits) and number of the dialogue unit (7 bits). */
export interface ItsSessionInfo {
  session: number
  end: boolean
}
/** `behaviour` 0 to 4; 4 is a relative time, of `count` units (0 seconds, 1 minutes, 2 hours, … 6 years). */
export interface MsValidity {
  behaviour: number
  unit?: number
  count?: number
}
export interface BroadcastContentType {
  network: number
  type: number
}
/** `unit` 0 is as often as possible; 8 seconds, 9 minutes, 10 hours, 11 days, 12 weeks, 13 months, 14 years. */
export interface BroadcastFrequencyInterval {
  unit: number
  value: number
}
/** `format` 0 is a name, 1 an ellipsoid arc, 2 a polygon; or of a `billing_identification`. */
export interface Formatted {
  format: number
  details: Uint8Array
}

/** Kinds of values, for the standard TLVs and for dictionaries of one carrier. */
export const kinds = {
  u8: integer(1),
  u16: integer(2),
  u32: integer(4),
  /** Text with a NUL behind it, read also without (facts group 7). */
  cstring: {
    read: text,
    write: (value, name) => latin1Octets(`${value}\0`, name, 1),
  } satisfies Kind<string>,
  /** Text without a NUL. */
  string: { read: text, write: (value, name) => latin1Octets(value, name, 0) } satisfies Kind<string>,
  octets: { read: (octets) => octets, write: (value) => value } satisfies Kind<Uint8Array>,
  /** An octet that may be left out, which is 0. [SMPP 3.4 §5.3.2.41 has none, 5.0 §4.8.4.2 one] */
  optional_u8: {
    read: (octets) => octets[0] ?? 0,
    write: (value, name) => (value === 0 ? new Uint8Array(0) : fixed(name, [value, 1])),
  } satisfies Kind<number>,
  // [SMPP 3.4 §5.3.2.31] Three octets, or three digits as text at some SMSCs (facts group 38).
  network_error_code: {
    read(octets) {
      if (octets.length !== 3) return undefined
      const digits = octets.every((octet) => octet >= 0x30 && octet <= 0x39)
      if (digits) return { type: 0, code: Number(text(octets)) }
      return { type: octets[0]!, code: number(octets, 1, 3) }
    },
    write: ({ type, code }, name) => fixed(name, [type, 1], [code, 2]),
  } satisfies Kind<NetworkErrorCode>,
  // [SMPP 3.4 §5.3.2.36]
  callback_num: {
    read(octets) {
      if (octets.length < 3) return undefined
      return { digit_mode: octets[0]!, ton: octets[1]!, npi: octets[2]!, number: text(octets.subarray(3)) }
    },
    write: ({ digit_mode, ton, npi, number: digits }, name) =>
      joined(fixed(name, [digit_mode, 1], [ton, 1], [npi, 1]), latin1Octets(digits, name, 0)),
  } satisfies Kind<CallbackNumber>,
  // [SMPP 3.4 §5.3.2.38]
  callback_num_atag: {
    read: (octets) => (octets.length < 1 ? undefined : { data_coding: octets[0]!, text: octets.subarray(1) }),
    write: ({ data_coding, text: octets }, name) => joined(fixed(name, [data_coding, 1]), octets),
  } satisfies Kind<CallbackTag>,
  // [SMPP 3.4 §5.3.2.15]
  subaddress: {
    read: (octets) => (octets.length < 1 ? undefined : { type: octets[0]!, address: octets.subarray(1) }),
    write: ({ type, address }, name) => joined(fixed(name, [type, 1]), address),
  } satisfies Kind<Subaddress>,
  // [SMPP 3.4 §5.3.2.43; facts group 54]
  its_session_info: {
    read(octets) {
      if (octets.length !== 2) return undefined
      const all = number(octets, 0, 2)
      return { session: all >> 1, end: (all & 1) === 1 }
    },
    write: ({ session, end }, name) => fixed(name, [session * 2 + (end ? 1 : 0), 2]),
  } satisfies Kind<ItsSessionInfo>,
  // [SMPP 3.4 §5.3.2.27 one octet, 5.0 §4.8.4.41 one or four]
  ms_validity: {
    read(octets) {
      if (octets.length === 4) return { behaviour: octets[0]!, unit: octets[1]!, count: number(octets, 2, 4) }
      return octets.length === 1 ? { behaviour: octets[0]! } : undefined
    },
    write({ behaviour, unit, count }, name) {
      if (unit === undefined && count === undefined) return fixed(name, [behaviour, 1])
      return fixed(name, [behaviour, 1], [unit ?? 0, 1], [count ?? 0, 2])
    },
  } satisfies Kind<MsValidity>,
  // [SMPP 5.0 §4.8.4.8]
  broadcast_content_type: {
    read: (octets) => (octets.length === 3 ? { network: octets[0]!, type: number(octets, 1, 3) } : undefined),
    write: ({ network, type }, name) => fixed(name, [network, 1], [type, 2]),
  } satisfies Kind<BroadcastContentType>,
  // [SMPP 5.0 §4.8.4.11]
  broadcast_frequency_interval: {
    read: (octets) => (octets.length === 3 ? { unit: octets[0]!, value: number(octets, 1, 3) } : undefined),
    write: ({ unit, value }, name) => fixed(name, [unit, 1], [value, 2]),
  } satisfies Kind<BroadcastFrequencyInterval>,
  // broadcast_area_identifier [SMPP 5.0 §4.8.4.4] and billing_identification [§4.8.4.3]
  formatted: {
    read: (octets) => (octets.length < 1 ? undefined : { format: octets[0]!, details: octets.subarray(1) }),
    write: ({ format, details }, name) => joined(fixed(name, [format, 1]), details),
  } satisfies Kind<Formatted>,
}

export type TlvKind = keyof typeof kinds
export type KindValue<K extends TlvKind> = NonNullable<ReturnType<(typeof kinds)[K]['read']>>

/** Reads `octets` as a value of that kind; undefined for what it is not. */
export const readKind = (kind: TlvKind, octets: Uint8Array): unknown => kinds[kind].read(octets)

/** The octets of a value of that kind. Octets are taken as they are, whatever the kind. */
export const writeKind = (kind: TlvKind, value: unknown, name: string): Uint8Array =>
  value instanceof Uint8Array ? value : (kinds[kind] as Kind<unknown>).write(value, name)

// Read at whatever width the peer sent, up to four octets: a message_state of two is seen (facts group 7).
function integer(width: number): Kind<number> {
  return {
    read: (octets) =>
      octets.length === 0 || octets.length > 4 ? undefined : number(octets, 0, octets.length),
    write: (value, name) => fixed(name, [value, width]),
  }
}

function number(octets: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) value = value * 256 + octets[i]!
  return value
}

function text(octets: Uint8Array): string {
  const nul = octets.indexOf(0)
  return Buffer.from(nul < 0 ? octets : octets.subarray(0, nul)).toString('latin1')
}

function fixed(name: string, ...parts: (readonly [value: number, width: number])[]): Buffer {
  const octets = Buffer.alloc(parts.reduce((sum, [, width]) => sum + width, 0))
  let at = 0
  for (const [value, width] of parts) {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** width)
      throw invalid(`${name}: ${value} does not fit ${width} octets`)
    at = octets.writeUIntBE(value, at, width)
  }
  return octets
}

function latin1Octets(value: string, name: string, nuls: number): Buffer {
  for (let i = 0; i < value.length - nuls; i++) {
    const code = value.charCodeAt(i)
    if (code === 0 || code > 0xff) throw invalid(`${name} has a character that an octet cannot hold`)
  }
  return Buffer.from(value, 'latin1')
}

const joined = (head: Uint8Array, rest: Uint8Array): Uint8Array => Buffer.concat([head, rest])

const invalid = (detail: string): SmppError => new SmppError('invalid_pdu', { detail })

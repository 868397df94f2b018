import type { Pdu } from './commands.ts'
import { findTlv, readTlv } from './tlv.ts'

export type ReceiptState =
  | 'delivered'
  | 'undelivered'
  | 'expired'
  | 'rejected'
  | 'enroute'
  | 'accepted'
  | 'deleted'
  | 'unknown'

/** A delivery report, whatever the dialect. */
export interface Receipt {
  /** The carrier's id of the message, as it stands there; compare by `messageIdKeys`. Empty if there is none. */
  readonly id: string
  readonly keysource: 'tlv' | 'text' | 'none'
  readonly state: ReceiptState
  /** Every id that the PDU names, if TLV and text differ (facts group 32); `id` is the first. */
  readonly ids: readonly string[]
  /** The carrier's error code as it stands there; undefined for none or only zeros. */
  readonly error?: string
  /** `done date` as digits (YYMMDDhhmm, with ss or a century); in the SMSC's own time zone, so no Date is made of it. */
  readonly doneAt?: string
  readonly submittedAt?: string
  /** The first characters of the message that some SMSCs repeat. Personal data: not for logs. */
  readonly text?: string
}

/** message_state. [SMPP 3.4 §5.2.28; 0 and 9 are of 5.0] */
const statesByNumber: readonly ReceiptState[] = [
  'enroute',
  'enroute',
  'delivered',
  'expired',
  'deleted',
  'undelivered',
  'accepted',
  'unknown',
  'rejected',
  'rejected',
]

/** Words after `stat:`, by their first five letters: 5 to 11 letters are in use (facts group 37). */
const statesByWord: Readonly<Record<string, ReceiptState>> = {
  deliv: 'delivered',
  dlvrd: 'delivered',
  undel: 'undelivered',
  undlv: 'undelivered',
  faile: 'undelivered',
  expir: 'expired',
  delet: 'deleted',
  accep: 'accepted',
  acked: 'accepted',
  enrou: 'enroute',
  buffe: 'enroute',
  sched: 'enroute',
  unkno: 'unknown',
  rejec: 'rejected',
  rejct: 'rejected',
  skipp: 'rejected',
}

const keys = /(?:^|[\s,;])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)\s*:[ \t]*/gi
const receiptClass = 0x3c // bits 5 to 2 of esm_class: the message type [SMPP 3.4 §5.2.12]
const looksLikeReceipt = /(?:^|\s)id:[^\s]+[\s\S]*\bstat:\s*[a-z0-9]/i

/**
 * Reads a delivery report out of a deliver_sm or data_sm: text dialects and TLV-only ones. Undefined if it is an
 * ordinary message. Without the receipt bits in esm_class (0x04, 0x08, 0x20; UDHI may be set too) it is only
 * a receipt if TLVs say so: a person can type "id:1 stat:DELIVRD". For the carriers that send every receipt as
 * esm_class 0 there is `options.anyClass`, which trusts the text.
 */
export function parseReceipt(pdu: Pdu, options: { anyClass?: boolean } = {}): Receipt | undefined {
  if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm') return undefined
  const tlvId = trimmed(readTlv(pdu, 'receipted_message_id'))
  const tlvState = readTlv(pdu, 'message_state')
  const text = receiptText(pdu)
  const type = pdu.esm_class & receiptClass
  const marked = type === 0x04 || type === 0x08 || type === 0x20
  if (!marked && tlvId === undefined && !(options.anyClass === true && looksLikeReceipt.test(text)))
    return undefined
  const fields = readFields(text)
  if (marked && fields.size === 0 && tlvId === undefined && tlvState === undefined && type === 0x08)
    return undefined
  const ids = [...new Set([tlvId, trimmed(fields.get('id'))])].filter((id) => id !== undefined)
  const error = errorOf(fields.get('err')) ?? networkError(pdu)
  const doneAt = dateDigits(fields.get('donedate'))
  const submittedAt = dateDigits(fields.get('submitdate'))
  const repeated = fields.get('text')
  return {
    id: ids[0] ?? '',
    ids,
    keysource: tlvId !== undefined ? 'tlv' : ids.length > 0 ? 'text' : 'none',
    state: stateOf(fields.get('stat'), tlvState, type),
    ...(error === undefined ? {} : { error }),
    ...(doneAt === undefined ? {} : { doneAt }),
    ...(submittedAt === undefined ? {} : { submittedAt }),
    ...(repeated === undefined ? {} : { text: repeated }),
  }
}

// The state TLV wins where it says something final: it is one octet with one meaning, the word is a dialect.
function stateOf(word: string | undefined, tlv: number | undefined, type: number): ReceiptState {
  const byTlv = tlv === undefined ? undefined : (statesByNumber[tlv] ?? 'unknown')
  if (byTlv !== undefined && byTlv !== 'unknown') return byTlv
  const letters = word?.trim().toLowerCase() ?? ''
  const byWord = /^\d+$/.test(letters) ? numeric(letters) : statesByWord[letters.slice(0, 5)]
  return byWord ?? byTlv ?? (type === 0x20 ? 'enroute' : 'unknown')
}

// `stat:0` means delivered where it is used at all (Yo!, facts group 37); other digits are message_state numbers.
const numeric = (digits: string): ReceiptState =>
  Number(digits) === 0 ? 'delivered' : (statesByNumber[Number(digits)] ?? 'unknown')

function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  const found = [...text.matchAll(keys)]
  for (let i = 0; i < found.length; i++) {
    const match = found[i]!
    const key = match[1]!.toLowerCase().replace(/[ _]/g, '')
    const from = match.index + match[0].length
    if (fields.has(key)) continue
    if (key === 'text') {
      fields.set(key, text.slice(from))
      break
    }
    // A vendor key of its own may follow: a value ends at the first blank.
    const value = text.slice(from, found[i + 1]?.index ?? text.length)
    fields.set(key, /^\S*/.exec(value)![0].replace(/[,;]$/, ''))
  }
  return fields
}

function receiptText(pdu: { short_message?: Uint8Array; data_coding: number; tlvs: Pdu['tlvs'] }): string {
  const octets = pdu.short_message?.length ? pdu.short_message : findTlv(pdu.tlvs, 'message_payload')?.value
  if (octets === undefined || octets.length === 0) return ''
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  // UCS-2 shows itself by a zero in front of the first letter, whatever data_coding says.
  if (buffer.length > 3 && buffer[0] === 0 && buffer[1] !== 0) return swapped(buffer).toString('utf16le')
  if (pdu.data_coding === 8 && buffer.length % 2 === 0 && buffer[1] === 0) return buffer.toString('utf16le')
  // The keys, ids and dates are ASCII in every single-octet coding. '_' and '@' differ in GSM; ids do not hold them.
  return buffer.toString('latin1')
}

const swapped = (buffer: Buffer): Buffer => Buffer.from(buffer.subarray(0, buffer.length & ~1)).swap16()

const trimmed = (id: string | undefined): string | undefined => id?.trim() || undefined

const errorOf = (value: string | undefined): string | undefined =>
  value === undefined || /^0*$/.test(value) ? undefined : value

// Three octets (network type, 16-bit code), or the digits as text at some SMSCs (facts group 38).
function networkError(pdu: Pdu): string | undefined {
  const value = findTlv(pdu.tlvs, 'network_error_code')?.value
  if (value === undefined || value.length !== 3) return undefined
  if (value.every((octet) => octet >= 0x30 && octet <= 0x39))
    return errorOf(Buffer.from(value).toString('latin1'))
  return errorOf(String(value[1]! * 256 + value[2]!))
}

const dateDigits = (value: string | undefined): string | undefined =>
  value !== undefined && /^\d{10,14}$/.test(value) && !/^0+$/.test(value) ? value : undefined

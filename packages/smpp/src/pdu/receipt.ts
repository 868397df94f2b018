import type { Pdu } from './commands.ts'
import { dateDigits } from './receipt-date.ts'
import { receiptTexts } from './receipt-octets.ts'
import { type ReceiptState, stateOfNumber, stateOfWord } from './receipt-state.ts'
import { type ReceiptFields, readReceiptText } from './receipt-text.ts'
import { findTlv, readTlv } from './tlv.ts'

/** A delivery report, whatever the dialect. */
export interface Receipt {
  /** The carrier's id of the message, as it stands there; compare by `messageIdKeys`. Empty if there is none. */
  readonly id: string
  readonly keysource: 'tlv' | 'text' | 'none'
  readonly state: ReceiptState
  /** Every id that the PDU names, if TLV and text differ (facts group 32); `id` is the first. */
  readonly ids: readonly string[]
  /** user_message_reference of the submit_sm, where the SMSC echoes it: all there is at some that give no id. */
  readonly reference?: number
  /** The carrier's error code as it stands there; undefined for none or only zeros. */
  readonly error?: string
  /** `done date` as digits (YYMMDDhhmm, with ss or a century), in the SMSC's own time zone: `dateOf` makes a Date of it. */
  readonly doneAt?: string
  readonly submittedAt?: string
  /** `sub` and `dlvrd`: parts handed in and delivered, at SMSCs that send one receipt for all (facts group 34). */
  readonly submitted?: number
  readonly delivered?: number
  /** The first characters of the message that some SMSCs repeat. Personal data: not for logs. */
  readonly text?: string
  /** Keys of the carrier's own (`mccmnc`, `imsi`, …), in lower case. May hold personal data. */
  readonly fields?: Readonly<Record<string, string>>
}

/** How one carrier differs. Everything else is recognised by itself. */
export interface ReceiptDialect {
  /** The carrier marks receipts in no way at all (esm_class 0): text that has an id and a state is believed. */
  anyClass?: boolean
  /** The carrier marks receipts by something else: a service_type, a vendor TLV, a source address. */
  marks?: (pdu: Pdu) => boolean
  /** Octets of the text to a string, for a coding that cannot be recognised. Undefined: as without it. */
  decode?: (octets: Uint8Array, dataCoding: number) => string | undefined
}

const receiptClass = 0x3c // bits 5 to 2 of esm_class: the message type [SMPP 3.4 §5.2.12]
const classes: readonly number[] = [0x04, 0x08, 0x20]

/**
 * Reads a delivery report out of a deliver_sm or data_sm: text dialects and TLV-only ones. Undefined if it is an
 * ordinary message. Without the receipt bits in esm_class (0x04, 0x08, 0x20; UDHI may be set too) it is only
 * a receipt if TLVs say so: a person can type "id:1 stat:DELIVRD". `dialect` is for carriers that mark theirs otherwise.
 * Never throws (but what `dialect` throws), and takes time in proportion to the length.
 */
export function parseReceipt(pdu: Pdu, dialect: ReceiptDialect = {}): Receipt | undefined {
  if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm') return undefined
  const tlvId = trimmed(readTlv(pdu, 'receipted_message_id'))
  const tlvState = readTlv(pdu, 'message_state')
  const type = pdu.esm_class & receiptClass
  const marked = classes.includes(type) || dialect.marks?.(pdu) === true
  if (!marked && tlvId === undefined && dialect.anyClass !== true) return undefined
  const { known, vendor, stray } = bestFields(receiptTexts(pdu, dialect.decode))
  const textId = trimmed(known.get('id'))
  const stat = known.get('stat') ?? (stateOfWord(stray) === undefined ? undefined : stray)
  if (!marked && tlvId === undefined && (textId === undefined || !stat)) return undefined
  if (type === 0x08 && known.size === 0 && tlvId === undefined && tlvState === undefined) return undefined
  const receipt: Growing = {
    id: tlvId ?? textId ?? '',
    ids: idsOf(tlvId, textId),
    keysource: tlvId !== undefined ? 'tlv' : textId !== undefined ? 'text' : 'none',
    state: stateOf(stat, tlvState, type),
  }
  put(receipt, 'reference', readTlv(pdu, 'user_message_reference'))
  put(receipt, 'error', errorOf(known.get('err')) ?? networkError(pdu))
  put(receipt, 'doneAt', dateDigits(known.get('donedate')))
  put(receipt, 'submittedAt', dateDigits(known.get('submitdate')))
  put(receipt, 'submitted', count(known.get('sub')))
  put(receipt, 'delivered', count(known.get('dlvrd')))
  put(receipt, 'text', withoutNuls(known.get('text')))
  put(receipt, 'fields', vendor.size === 0 ? undefined : Object.fromEntries(vendor))
  return receipt
}

function idsOf(tlvId: string | undefined, textId: string | undefined): readonly string[] {
  if (tlvId === undefined) return textId === undefined ? [] : [textId]
  return textId === undefined || textId === tlvId ? [tlvId] : [tlvId, textId]
}

/** The first of the readings that holds fields of a receipt; otherwise the first. */
function bestFields(texts: Iterable<string>): ReceiptFields {
  let first: ReceiptFields | undefined
  for (const text of texts) {
    const fields = readReceiptText(text)
    if (fields.known.has('id') || fields.known.has('stat')) return fields
    first ??= fields
  }
  return first ?? readReceiptText('')
}

// The state TLV wins where it says something: it is one octet with one meaning, the word is a dialect.
function stateOf(word: string | undefined, tlv: number | undefined, type: number): ReceiptState {
  const byTlv = tlv === undefined ? undefined : stateOfNumber(tlv)
  if (byTlv !== undefined && byTlv !== 'unknown') return byTlv
  return stateOfWord(word ?? '') ?? byTlv ?? (type === 0x20 ? 'enroute' : 'unknown')
}

const trimmed = (id: string | undefined): string | undefined => id?.split('\0', 1)[0]?.trim() || undefined

// No /\0+$/: on a text of NULs before something else it takes quadratic time.
function withoutNuls(text: string | undefined): string | undefined {
  let end = text?.length ?? 0
  while (end > 0 && text!.charCodeAt(end - 1) === 0) end--
  return text?.slice(0, end)
}

const errorOf = (value: string | undefined): string | undefined =>
  value === undefined || /^(0x)?0*$/i.test(value) ? undefined : value

const count = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : undefined

// Three octets (network type, 16-bit code), or the digits as text at some SMSCs (facts group 38).
function networkError(pdu: Pdu): string | undefined {
  const value = findTlv(pdu.tlvs, 'network_error_code')?.value
  if (value === undefined || value.length < 3) return undefined
  const digits = withoutNuls(Buffer.from(value).toString('latin1'))!
  if (/^\d+$/.test(digits)) return errorOf(digits)
  return value.length === 3 ? errorOf(String(value[1]! * 256 + value[2]!)) : undefined
}

type Growing = { -readonly [K in keyof Receipt]: Receipt[K] }

function put<K extends keyof Receipt>(receipt: Growing, key: K, value: Receipt[K] | undefined): void {
  if (value !== undefined) receipt[key] = value
}

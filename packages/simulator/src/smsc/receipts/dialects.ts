import type { ReceiptState } from './receipt-state.ts'

/**
 * How an SMSC writes a receipt. Text: `{id}`, `{submit}`, `{done}`, `{stat}`, `{err}` and `{dlvrd}` are filled in.
 * The numbers are groups of the facts about interoperability; where a carrier is named, its documentation or an issue
 * of a project that met it shows the form.
 */
export interface DialectEntry {
  /** What is peculiar, for README and help. */
  readonly what: string
  /** Undefined: no text at all. */
  readonly text?: string
  /** Digits of dates: YYMMDDhhmm, with ss, or with a century. Default 10. */
  readonly dates?: 10 | 12 | 14
  /** Dates of what was not delivered are zeros. */
  readonly zeroDates?: true
  /** Words that differ from appendix B. */
  readonly words?: Partial<Record<ReceiptState, string>>
  /** How `{err}` is written. Default: three digits. */
  readonly err?: ErrorForm
  /** TLVs, in this order. Default: id and state. */
  readonly tlvs?: readonly ReceiptTlv[]
  /** Default: 0x04 for a final receipt, 0x20 for an intermediate one. [SMPP 3.4 §5.2.12] */
  readonly esmClass?: number
  readonly coding?: 'ucs2' | 'packed'
  /** Where the text lies. Default: short_message of a deliver_sm. */
  readonly carry?: 'payload' | 'data_sm'
}

export type ErrorForm = 'three' | 'short' | 'four' | 'hex'

export type ReceiptTlv =
  | 'id'
  | 'bare-id'
  | 'state'
  | 'error'
  | 'error-digits'
  | 'reference'
  | 'operator'
  | 'carrier'
  | 'sent-status'

const appendixB =
  'id:{id} sub:001 dlvrd:00{dlvrd} submit date:{submit} done date:{done} stat:{stat} err:{err} text:'
const failed = { undelivered: 'FAILED', rejected: 'FAILED' } as const
const lower = {
  delivered: 'delivrd',
  undelivered: 'undeliv',
  expired: 'expired',
  rejected: 'rejectd',
} as const

export const dialects = {
  classic: { what: 'SMPP 3.4, appendix B, with id and state as TLVs', text: appendixB },
  'text-only': { what: 'appendix B and no TLVs, as SMPP 3.3 has it', text: appendixB, tlvs: [] },
  'tlv-only': { what: '32: no text, only TLVs' },
  'data-sm': { what: '15: a data_sm with TLVs and no text', carry: 'data_sm' },
  payload: { what: '37: the text in message_payload', text: appendixB, carry: 'payload' },
  'data-sm-text': {
    what: '37: a data_sm with the text in message_payload',
    text: appendixB,
    carry: 'data_sm',
  },
  bare: {
    what: '37: neither sub nor dlvrd',
    text: 'id:{id} submit date:{submit} done date:{done} stat:{stat} err:{err} text:',
    tlvs: [],
  },
  'no-submit-date': {
    what: '37: no submit date',
    text: 'id:{id} done date:{done} stat:{stat} err:{err}',
    tlvs: [],
  },
  reordered: {
    what: '37: other order',
    text: 'stat:{stat} err:{err} id:{id} done date:{done} submit date:{submit}',
    tlvs: [],
  },
  'upper-text': {
    what: '37: "Text:" with a capital, blanks behind it',
    text: appendixB.replace('text:', 'Text:   '),
    tlvs: [],
  },
  'lower-case': { what: '37: states in small letters', text: appendixB, words: lower, tlvs: [] },
  'short-numbers': {
    what: '37: sub:1 dlvrd:1 err:0 (node-smpp issue 77 shows sub:0 err:21)',
    text: 'id:{id} sub:1 dlvrd:{dlvrd} submit date:{submit} done date:{done} stat:{stat} err:{err} Text:',
    err: 'short',
    tlvs: [],
  },
  'err-four': { what: '37: err:0000', text: appendixB, err: 'four', tlvs: [] },
  'err-hex': { what: '37: err in hex, such as 21b', text: appendixB, err: 'hex', tlvs: [] },
  'err-blank': {
    what: '37: a blank before the error',
    text: appendixB.replace('err:', 'err: '),
    err: 'short',
    tlvs: [],
  },
  seconds: { what: '37: dates of 12 digits', text: appendixB, dates: 12, tlvs: [] },
  century: { what: '37: dates of 14 digits', text: appendixB, dates: 14, tlvs: [] },
  'zero-dates': {
    what: '37: done date:0000000000 and FAILED for what was not delivered (jasmin issue 447)',
    text: appendixB,
    zeroDates: true,
    words: failed,
    tlvs: [],
  },
  'long-words': {
    what: '37: states in longer words',
    text: appendixB,
    words: { delivered: 'DELIVERED', undelivered: 'UNDELIVERED', rejected: 'REJECTED', accepted: 'ACCEPTED' },
    tlvs: [],
  },
  'stat-digit': {
    what: '37: stat:0 for delivered (Yo!)',
    text: appendixB,
    words: { delivered: '0' },
    tlvs: [],
  },
  'joined-keys': {
    what: 'submitdate and donedate in one word, 12 digits (OpenMarket)',
    text: 'id:{id} sub:000 dlvrd:000 submitdate:{submit} donedate:{done} stat:{stat} err:{err} text:',
    dates: 12,
    zeroDates: true,
    tlvs: [],
  },
  'vendor-keys': {
    what: '37: keys of the vendor between and behind',
    text: 'id:{id} mccmnc:26201 sub:001 dlvrd:00{dlvrd} submit date:{submit} done date:{done} stat:{stat} err:{err} price:0.01 text:',
    tlvs: [],
  },
  'id-in-tlv': {
    what: '32: the id of the text is empty',
    text: appendixB.replace('{id}', ''),
    tlvs: ['id', 'state'],
  },
  'no-state': { what: '32: the TLV of the id, but none of the state', text: appendixB, tlvs: ['id'] },
  'bare-id': { what: '7: receipted_message_id without its NUL', text: appendixB, tlvs: ['state', 'bare-id'] },
  'error-tlv': { what: '38: network_error_code in binary', text: appendixB, tlvs: ['id', 'state', 'error'] },
  'error-digits': {
    what: '38: network_error_code as digits (Kannel)',
    text: appendixB,
    tlvs: ['id', 'state', 'error-digits'],
  },
  'vendor-tlvs': {
    what: '41: operator 0x1411, carrier_id 0x1401, sent_status 0x1403',
    text: appendixB,
    tlvs: ['operator', 'carrier', 'id', 'sent-status', 'state'],
  },
  reference: {
    what: '32: no id but the user_message_reference of the submission',
    text: appendixB.replace('id:{id} ', ''),
    tlvs: ['reference', 'state'],
  },
  ucs2: { what: '37: the text in UCS-2', text: appendixB, coding: 'ucs2', tlvs: [] },
  packed: { what: '37: the text in packed 7-bit', text: appendixB, coding: 'packed', tlvs: ['id', 'state'] },
  'class-0': { what: '36: esm_class says ordinary message', text: appendixB, esmClass: 0, tlvs: [] },
  'class-0-tlvs': { what: '36: the same, with TLVs', text: appendixB, esmClass: 0 },
  'class-08': { what: '36: esm_class 0x08', text: appendixB, esmClass: 0x08 },
  'class-44': {
    what: '36: esm_class with the bit of a header, and no header',
    text: appendixB,
    esmClass: 0x44,
    tlvs: [],
  },
} as const satisfies Record<string, DialectEntry>

export type Dialect = keyof typeof dialects
export const dialectEntry = (name: Dialect): DialectEntry => dialects[name]

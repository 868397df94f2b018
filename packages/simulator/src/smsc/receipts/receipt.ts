import { encodeGsm7, packSeptets } from '@kurzpost/gsm'
import type { DeliverFields } from '../outbox.ts'
import {
  type Dialect,
  type DialectEntry,
  dialectEntry,
  dialects,
  type ErrorForm,
  type ReceiptTlv,
} from './dialects.ts'
import { type ReceiptState, type StateEntry, states } from './receipt-state.ts'

/** What a receipt tells. Times are milliseconds since the epoch, shown in UTC. */
export interface Told {
  /** As the text writes it, and as receipted_message_id does. */
  readonly id: string
  readonly tlvId: string
  readonly state: ReceiptState
  readonly submittedAt: number
  readonly doneAt: number
  /** user_message_reference of the submission, where it had one. */
  readonly reference?: number | undefined
}

type Content = Pick<DeliverFields, 'esm_class' | 'data_coding' | 'short_message' | 'tlvs' | 'command'>
type Tlv = DeliverFields['tlvs'][number]
type Writer = (told: Told) => Content

/** esm_class of a deliver_sm: a delivery receipt, or an intermediate notification (SMPP 3.4, 5.2.12). */
const RECEIPT = 0x04
const NOTIFICATION = 0x20
const MESSAGE_PAYLOAD = 0x0424
const NOTHING = new Uint8Array(0)
const noTlvs: readonly Tlv[] = []

/** The part of a receipt that makes it one: fields of the deliver_sm beside its addresses. */
export const receiptFields = (told: Told, dialect: Dialect): Content => writers[dialect](told)

function writerOf(entry: DialectEntry): Writer {
  const write = entry.text === undefined ? undefined : textWriter(entry.text, entry)
  const encode = encoders[entry.coding ?? 'plain']
  const dataCoding = entry.coding === 'ucs2' ? 8 : 0
  const kinds = entry.tlvs ?? (['id', 'state'] as const)
  const { carry, esmClass } = entry
  return (told) => {
    const octets = write ? encode(write(told)) : NOTHING
    const tlvs: Tlv[] = kinds.length === 0 ? (noTlvs as Tlv[]) : []
    for (const kind of kinds) {
      const tlv = tlvWriters[kind](told)
      if (tlv) tlvs.push(tlv)
    }
    const payload = carry !== undefined && octets.length > 0
    return {
      esm_class: esmClass ?? (isIntermediate(told.state) ? NOTIFICATION : RECEIPT),
      data_coding: dataCoding,
      short_message: payload ? NOTHING : octets,
      tlvs: payload ? [...tlvs, { tag: MESSAGE_PAYLOAD, value: octets }] : tlvs,
      ...(carry === 'data_sm' && { command: 'data_sm' as const }),
    }
  }
}

const isIntermediate = (state: ReceiptState): boolean => state === 'enroute'

const encoders: Readonly<Record<'plain' | 'ucs2' | 'packed', (text: string) => Uint8Array>> = {
  plain: (text) => Buffer.from(text, 'latin1'),
  ucs2: (text) => Buffer.from(text, 'utf16le').swap16(),
  packed: (text) => packSeptets(encodeGsm7(text)),
}

const tlvWriters: Readonly<Record<ReceiptTlv, (told: Told) => Tlv | undefined>> = {
  id: ({ tlvId }) => ({ tag: 0x001e, value: Buffer.from(`${tlvId}\0`, 'latin1') }),
  'bare-id': ({ tlvId }) => ({ tag: 0x001e, value: Buffer.from(tlvId, 'latin1') }),
  state: ({ state }) => ({ tag: 0x0427, value: Uint8Array.of(states[state].value) }),
  // Network type 3 is GSM [SMPP 3.4 §5.3.2.31].
  error: ({ state }) => ({ tag: 0x0423, value: Uint8Array.of(3, 0, states[state].err) }),
  'error-digits': ({ state }) => ({
    tag: 0x0423,
    value: Buffer.from(digits(states[state].err, 3), 'latin1'),
  }),
  reference: ({ reference }) =>
    reference === undefined ? undefined : { tag: 0x0204, value: Uint8Array.of(reference >> 8, reference) },
  operator: () => ({ tag: 0x1411, value: Buffer.from('26201\0', 'latin1') }),
  carrier: () => ({ tag: 0x1401, value: Uint8Array.of(0, 7) }),
  'sent-status': ({ state }) => ({ tag: 0x1403, value: Uint8Array.of(0, states[state].delivered) }),
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')
const errors: Readonly<Record<ErrorForm, (err: number) => string>> = {
  three: (err) => digits(err, 3),
  short: (err) => String(err),
  four: (err) => digits(err, 4),
  // 0x21b: the form that was seen; 0x200 puts a letter or three digits into every error.
  hex: (err) => (err === 0 ? '000' : (0x200 + err).toString(16)),
}

/** A text cut at its holes once, so that writing one is only joining. */
function textWriter(template: string, entry: DialectEntry): (told: Told) => string {
  const [head = '', ...rest] = template.split('{')
  const holes = rest.map((piece) => {
    const [name = '', tail = ''] = piece.split('}')
    return { fill: fillers(entry)[name]!, tail }
  })
  return (told) => {
    const state = states[told.state]
    let text = head
    for (const { fill, tail } of holes) text += fill(told, state) + tail
    return text
  }
}

type Filler = (told: Told, state: StateEntry) => string

function fillers({
  dates = 10,
  zeroDates,
  words,
  err: errorForm = 'three',
}: DialectEntry): Readonly<Record<string, Filler>> {
  const nothing = '0'.repeat(dates)
  const error = errors[errorForm]
  return {
    id: ({ id }) => id,
    dlvrd: (_told, { delivered }) => String(delivered),
    submit: ({ submittedAt }) => dateOf(submittedAt, dates),
    done: ({ doneAt }, { delivered }) => (zeroDates && delivered === 0 ? nothing : dateOf(doneAt, dates)),
    stat: ({ state }, { stat }) => words?.[state] ?? stat,
    err: (_told, { err }) => error(err),
  }
}

const SECOND_MS = 1000
let spelledSecond = -1
let spelled = ''

/** The digits of a date. All receipts of a second have the same, and at 20,000 a second spelling it shows in a profile. */
function dateOf(atMs: number, length: 10 | 12 | 14): string {
  const second = Math.floor(atMs / SECOND_MS)
  if (second !== spelledSecond) {
    spelledSecond = second
    spelled = new Date(second * SECOND_MS).toISOString().replace(/\D/g, '')
  }
  return length === 14 ? spelled.slice(0, 14) : spelled.slice(2, 2 + length)
}

const writers = Object.fromEntries(
  (Object.keys(dialects) as Dialect[]).map((name) => [name, writerOf(dialectEntry(name))]),
) as Readonly<Record<Dialect, Writer>>

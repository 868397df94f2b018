import type { Settings } from '../settings.ts'

type ReceiptState = Settings['receiptState']

interface StateEntry {
  /** Spelling in the text of the receipt (SMPP 3.4, appendix B). */
  readonly stat: string
  /** Value of the TLV message_state (SMPP 3.4, 5.2.28). */
  readonly value: number
  readonly err: string
  readonly delivered: 0 | 1
  /** registered_delivery, bits 0 and 1, that ask for this one (SMPP 5.0, 4.7.21): 1 any final state, 2 failures, 3 success. */
  readonly askedBy: readonly number[]
}

const SUCCESS = [1, 3] as const
const FAILURE = [1, 2] as const
/** Bit 4 asks for intermediate ones. */
const INTERMEDIATE = [0x10, 0x11, 0x12, 0x13] as const

const states: Record<ReceiptState, StateEntry> = {
  delivered: { stat: 'DELIVRD', value: 2, err: '000', delivered: 1, askedBy: SUCCESS },
  expired: { stat: 'EXPIRED', value: 3, err: '027', delivered: 0, askedBy: FAILURE },
  deleted: { stat: 'DELETED', value: 4, err: '000', delivered: 0, askedBy: FAILURE },
  undelivered: { stat: 'UNDELIV', value: 5, err: '001', delivered: 0, askedBy: FAILURE },
  accepted: { stat: 'ACCEPTD', value: 6, err: '000', delivered: 0, askedBy: FAILURE },
  unknown: { stat: 'UNKNOWN', value: 7, err: '000', delivered: 0, askedBy: FAILURE },
  rejected: { stat: 'REJECTD', value: 8, err: '008', delivered: 0, askedBy: FAILURE },
  enroute: { stat: 'ENROUTE', value: 1, err: '000', delivered: 0, askedBy: INTERMEDIATE },
}

/** esm_class of a deliver_sm: a delivery receipt, or an intermediate notification (SMPP 3.4, 5.2.12). */
const RECEIPT = 0x04
const NOTIFICATION = 0x20
const RECEIPTED_MESSAGE_ID = 0x001e
const MESSAGE_STATE = 0x0427

/** Whether the sender asked to hear of this state. */
export function wantsReceipt(registeredDelivery: number, state: ReceiptState): boolean {
  return states[state].askedBy.includes(registeredDelivery & (state === 'enroute' ? 0x13 : 0x03))
}

/** The part of a receipt that makes it one: fields of the deliver_sm beside its addresses. Times are UTC. */
export function receiptFields(id: string, state: ReceiptState, submittedAtMs: number, doneAtMs: number) {
  const { stat, value, err, delivered } = states[state]
  const text =
    `id:${id} sub:001 dlvrd:00${delivered} submit date:${receiptDate(submittedAtMs)} ` +
    `done date:${receiptDate(doneAtMs)} stat:${stat} err:${err} text:`
  return {
    esm_class: state === 'enroute' ? NOTIFICATION : RECEIPT,
    data_coding: 0,
    short_message: Buffer.from(text, 'latin1'),
    tlvs: [
      { tag: RECEIPTED_MESSAGE_ID, value: Buffer.from(`${id}\0`, 'latin1') },
      { tag: MESSAGE_STATE, value: Uint8Array.of(value) },
    ],
  }
}

const MINUTE_MS = 60_000
let spelledMinute = -1
let spelled = ''

/** YYMMDDhhmm. All receipts of a minute have the same date, and at 20,000 a second spelling it shows in a profile. */
function receiptDate(atMs: number): string {
  const minute = Math.floor(atMs / MINUTE_MS)
  if (minute !== spelledMinute) {
    spelledMinute = minute
    spelled = new Date(minute * MINUTE_MS).toISOString().replace(/\D/g, '').slice(2, 12)
  }
  return spelled
}

/** What can become of a message, as receipts and query_sm tell it. */
export const receiptStates = [
  'delivered',
  'undelivered',
  'expired',
  'rejected',
  'deleted',
  'unknown',
  'accepted',
  'enroute',
] as const
export type ReceiptState = (typeof receiptStates)[number]

export interface StateEntry {
  /** Spelling in the text of the receipt (SMPP 3.4, appendix B). */
  readonly stat: string
  /** Value of the TLV message_state (SMPP 3.4, 5.2.28). */
  readonly value: number
  readonly err: number
  readonly delivered: 0 | 1
  /** registered_delivery, bits 0 and 1, that ask for this one (SMPP 5.0, 4.7.21): 1 any final state, 2 failures, 3 success. */
  readonly askedBy: readonly number[]
}

const SUCCESS = [1, 3] as const
const FAILURE = [1, 2] as const
/** Bit 4 asks for intermediate ones. */
const INTERMEDIATE = [0x10, 0x11, 0x12, 0x13] as const

export const states: Readonly<Record<ReceiptState, StateEntry>> = {
  delivered: { stat: 'DELIVRD', value: 2, err: 0, delivered: 1, askedBy: SUCCESS },
  expired: { stat: 'EXPIRED', value: 3, err: 27, delivered: 0, askedBy: FAILURE },
  deleted: { stat: 'DELETED', value: 4, err: 0, delivered: 0, askedBy: FAILURE },
  undelivered: { stat: 'UNDELIV', value: 5, err: 1, delivered: 0, askedBy: FAILURE },
  accepted: { stat: 'ACCEPTD', value: 6, err: 0, delivered: 0, askedBy: FAILURE },
  unknown: { stat: 'UNKNOWN', value: 7, err: 0, delivered: 0, askedBy: FAILURE },
  rejected: { stat: 'REJECTD', value: 8, err: 8, delivered: 0, askedBy: FAILURE },
  enroute: { stat: 'ENROUTE', value: 1, err: 0, delivered: 0, askedBy: INTERMEDIATE },
}

/** Whether the sender asked to hear of this state. */
export function wantsReceipt(registeredDelivery: number, state: ReceiptState): boolean {
  return states[state].askedBy.includes(registeredDelivery & (state === 'enroute' ? 0x13 : 0x03))
}

import { statusName } from '@kurzpost/smpp'
import { CarrierError } from '../carrier.ts'

/** Pause after an answer that asks for one, in milliseconds. */
const pause = { throttled: 1_000, busy: 2_000 }

/**
 * What a refusal means for the message. Whatever is not listed is final: the carrier has understood the message
 * and does not want it. (smpp-interop group 26)
 */
const temporary: Readonly<Record<number, number>> = {
  4: pause.busy, // ESME_RINVBNDSTS: the SMSC has given up this bind; says nothing about the message
  8: pause.busy, // ESME_RSYSERR
  20: pause.throttled, // ESME_RMSGQFUL
  88: pause.throttled, // ESME_RTHROTTLED
  100: pause.busy, // ESME_RX_T_APPN
}

/** The error for a submit_sm_resp with a status other than 0: answered, so nothing is on its way. */
export function refusal(status: number): CarrierError {
  const afterMs = temporary[status]
  const code = statusName(status)
  return afterMs === undefined
    ? new CarrierError(code, { retry: 'never', sent: 'no' })
    : new CarrierError(code, { retry: 'later', sent: 'no', afterMs })
}

import { type StatusName, statusCode } from '@kurzpost/smpp'
import { type ErrorCode, KurzpostError } from '../errors.ts'

/** An answer that takes nothing: the command_status, and why in words for the log and the page. */
export interface Refusal {
  status: number
  why: string
}

/**
 * What an ESME hears for each reason for which a message is not taken. docs/smpp-server.md has it as a table; the first
 * three are temporary, and everything else would be refused again.
 */
export const refusals = {
  overloaded: 'ESME_RMSGQFUL',
  database_unavailable: 'ESME_RMSGQFUL',
  shutting_down: 'ESME_RMSGQFUL',
  rate_limited: 'ESME_RTHROTTLED',
  internal: 'ESME_RSYSERR',
  invalid_number: 'ESME_RINVDSTADR',
  invalid_sender: 'ESME_RINVSRCADR',
  text_empty: 'ESME_RINVMSGLEN',
  text_too_long: 'ESME_RINVMSGLEN',
  text_not_encodable: 'ESME_RINVDCS',
  text_malformed: 'ESME_RINVDCS',
  send_at_out_of_range: 'ESME_RINVSCHED',
  expires_at_out_of_range: 'ESME_RINVEXPIRY',
  expires_before_send: 'ESME_RINVEXPIRY',
  not_cancellable: 'ESME_RCANCELFAIL',
  not_found: 'ESME_RINVMSGID',
} as const satisfies Partial<Record<ErrorCode, StatusName>>

/** A gate's own code (`<capability>_…`) stands in no table of ours. */
const otherwise: StatusName = 'ESME_RSUBMITFAIL'

export const statusOfCode = (code: string): number =>
  statusCode((refusals as Partial<Record<string, StatusName>>)[code] ?? otherwise)

/** What a throw of the core means to the ESME: what has no code of ours is a defect, and may go better next time. */
export const statusOfError = (error: unknown): number =>
  error instanceof KurzpostError ? statusOfCode(error.code) : statusCode('ESME_RSYSERR')

export const refusal = (name: StatusName, why: string): Refusal => ({ status: statusCode(name), why })

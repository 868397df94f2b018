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
  sender_not_yours: 'ESME_RINVSRCADR',
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

/** What the door itself refuses, before the core is asked: status and sentence. */
export const objections = {
  over_rate: ['ESME_RTHROTTLED', 'More segments a second than the login may send.'],
  stuck: ['ESME_RMSGQFUL', 'The database has not answered for two seconds.'],
  acknowledgement: ['ESME_RINVESMCLASS', 'esm_class says that it is an acknowledgement and no message.'],
  header_unreadable: [
    'ESME_RINVESMCLASS',
    'esm_class promises a user data header, and there is none that can be read.',
  ],
  numbered_twice: ['ESME_RINVESMCLASS', 'The part has its number in a user data header and in TLVs (sar_*).'],
  too_long_on_air: ['ESME_RINVMSGLEN', 'User data header and text are longer than 140 octets on the air.'],
  binary: ['ESME_RINVDCS', 'data_coding says that it is no text.'],
  message_class: [
    'ESME_RINVDCS',
    'data_coding asks for a message class other than 1 (a flash, say) or a waiting symbol.',
  ],
  not_in_gsm7: ['ESME_RINVDCS', 'A part with a user data header in Latin-1 has characters that GSM-7 lacks.'],
  silent: ['ESME_RSUBMITFAIL', 'protocol_id 0x40 asks for a message that shows nothing.'],
  priority: ['ESME_RINVPRTFLG', 'priority_flag is not 0 to 3.'],
  two_texts: ['ESME_RTLVNOTALLWD', 'Both short_message and message_payload have a text.'],
  other_service: [
    'ESME_RTLVNOTALLWD',
    'destination_port, ussd_service_op or its_session_info make something else of it than a text.',
  ],
  parts_to_many: ['ESME_RTLVNOTALLWD', 'submit_multi with a part of a message (sar_*).'],
  place: [
    'ESME_RINVTLVVAL',
    'sar_msg_ref_num, sar_total_segments and sar_segment_seqnum do not fit together.',
  ],
  schedule: ['ESME_RINVSCHED', 'schedule_delivery_time is no time.'],
  validity: ['ESME_RINVEXPIRY', 'validity_period is no time, or over already.'],
  destinations: ['ESME_RINVNUMDESTS', 'submit_multi has no destination, or more than 254.'],
  list: ['ESME_RINVDLNAME', 'submit_multi names a distribution list: there are none.'],
  unknown_message: [
    'ESME_RINVMSGID',
    'cancel_sm or replace_sm of a message that is not of this login, or has another source_addr.',
  ],
  not_queried: [
    'ESME_RQUERYFAIL',
    'query_sm of a message that is not of this login, or has another source_addr.',
  ],
  not_cancelled: ['ESME_RCANCELFAIL', 'The message is on its way or done.'],
  not_replaced: [
    'ESME_RREPLACEFAIL',
    'The message is on its way or done, the new text may not be sent, or it is queued and was to be scheduled.',
  ],
} as const satisfies Record<string, readonly [StatusName, string]>

export const statusOf = (objection: keyof typeof objections): number => statusCode(objections[objection][0])

export const refusal = (objection: keyof typeof objections): Refusal => ({
  status: statusOf(objection),
  why: objections[objection][1],
})

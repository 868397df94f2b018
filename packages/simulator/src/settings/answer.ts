import { choices } from './choices.ts'
import { count, oneOf, share, someOf } from './kinds.ts'
import { status, statusOf } from './status.ts'
import { time } from './times.ts'

/** Everything that may be asked beside submit_sm. */
export const operations = [
  'query_sm',
  'cancel_sm',
  'replace_sm',
  'submit_multi',
  'data_sm',
  'broadcast_sm',
] as const

export const idSpellings = [
  'decimal',
  'hex',
  'hex-upper',
  'hex-mixed',
  'hex-padded',
  'decimal-padded',
  'uuid',
  'dashed',
] as const

/** How submissions are answered. Facts groups 9, 26, 27, 30 and 31. */
export const answerSettings = {
  answerDelayMs: time(0, 'Time from a submit_sm to its answer.'),
  answerNever: share('Take so many submit_sm, deliver them, and never answer them.'),
  refusals: choices(
    '',
    'a command_status (RMSGQFUL, 0x14 or 20)',
    statusOf,
    'Refuse submit_sm with these statuses and deliver nothing.',
  ),
  limitPerSecond: count(0, 0, 1_000_000, 'The hidden limit of submit_sm a second. 0: none.'),
  limitPer: oneOf(['system', 'bind'], 'What the limit counts.'),
  limitCounts: oneOf(
    ['as-time-passes', 'whole-seconds'],
    'A token bucket, or so many in each second of its clock.',
  ),
  limitBurst: count(0, 0, 1_000_000, 'How many pass at once before the limit holds. 0: one second’s worth.'),
  limitStyle: oneOf(
    ['refuse', 'delay', 'disconnect'],
    'Above the limit: answer with limitStatus, answer as late as the limit asks, or cut the link.',
  ),
  limitStatus: status(0x58, 'The status that refuses what is above the limit.'),
  idInAnswer: oneOf(idSpellings, 'How message ids are written in answers.'),
  idInReceipt: oneOf(['same', ...idSpellings], 'How they are written in the text of receipts.'),
  idInTlv: oneOf(
    ['same', ...idSpellings],
    'How they are written in receipted_message_id; same: as in the text.',
  ),
  idBits: oneOf(['53', '64', '32'], 'How large ids are. 64: beyond 2^63.'),
  idReuse: count(0, 0, 1_000_000_000, 'Give ids again after so many. 0: never.'),
  unsupported: someOf(operations, 'Operations that it does not know.'),
  unsupportedStatus: status(3, 'The status that refuses them.'),
  operationsMatch: oneOf(['id-and-source', 'id'], 'What query_sm, cancel_sm and replace_sm must name.'),
}

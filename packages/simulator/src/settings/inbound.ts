import { flag, oneOf, share } from './kinds.ts'
import { time } from './times.ts'

/** How texts from handsets come. Facts groups 47, 48 and 50. */
export const inboundSettings = {
  longText: oneOf(['udh', 'udh16', 'sar', 'payload'], 'How a handset sends a text of several segments.'),
  partOrder: oneOf(['forward', 'reverse', 'shuffled'], 'The order of its parts.'),
  partTwice: share('Send so many parts twice.'),
  partMissing: share('Never send so many parts.'),
  partDelayMs: time(0, 'Time that each part takes for itself.'),
  sharedReference: flag(false, 'All handsets give all long texts the same reference.'),
  inboundDataSm: share('Send so many texts as data_sm.'),
  submitLog: flag(true, 'Keep the log that GET /submits reads.'),
}

import { type Dialect, dialects } from '../smsc/receipts/dialects.ts'
import { receiptStates } from '../smsc/receipts/receipt-state.ts'
import { choices, wordsOf } from './choices.ts'
import { count, flag, oneOf, share } from './kinds.ts'
import { time } from './times.ts'

const dialectNames = Object.keys(dialects) as Dialect[]

/** What receipts say, when they come and where. Facts groups 22 and 31 to 41. */
export const receiptSettings = {
  receiptDelayMs: time(1000, 'Time from a submit_sm to its receipt.'),
  receiptNever: share('Send so many receipts never.'),
  receiptUnsolicited: flag(false, 'Send receipts also to those who did not ask for any.'),
  receiptsFirst: share('Send so many receipts at once, before the answer to their submit_sm.'),
  duplicateReceipts: share('Send so many receipts twice.'),
  heldReceipts: share('Hold so many receipts back until the next one of the system has gone: out of order.'),
  revisedReceipts: share('Send a receipt that says expired before so many receipts.'),
  receiptSteps: oneOf(
    ['none', 'enroute', 'accepted', 'enroute-after', 'accepted-after'],
    'An intermediate notification, before the final receipt or after it.',
  ),
  receiptState: choices(
    'delivered',
    `one of ${receiptStates.join(', ')}`,
    wordsOf(receiptStates),
    'What receipts say.',
  ),
  receiptDialect: choices(
    'classic',
    `one of ${dialectNames.join(', ')}`,
    wordsOf(dialectNames),
    'How receipts are written.',
  ),
  receiptOver: oneOf(
    ['any', 'same', 'other', 'receiver'],
    'Which bind of the system takes receipts: any in turn, the one that submitted, another, or one that only receives. Where there is none such, any.',
  ),
  receiptParts: oneOf(
    ['each', 'last', 'first', 'whole'],
    'Receipts for a text in parts: for each part, for the last or first alone, or one for all when they are there, with the id of the first.',
  ),
  receiptAddresses: oneOf(
    ['reversed', 'as-submitted'],
    'From the recipient to the sender, or as in the submit_sm.',
  ),
  receiptNumbers: oneOf(
    ['as-submitted', 'plus', 'zeros', 'national'],
    'How receipts write the recipient: as the submit_sm did, or with +, 00 or a leading 0 and another type of number.',
  ),
  redeliverMs: count(
    1000,
    1,
    3_600_000,
    'Wait before a deliver_sm that was refused goes out again; doubles up to 10 s.',
  ),
}

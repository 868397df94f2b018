import { accessErrors } from './access-errors.ts'
import { consentErrors } from './consent-errors.ts'

/**
 * Every error that Kurzpost shows to a person or a program: stable code, HTTP status, whether the same
 * request may succeed later, the sentence (what happened) and the advice (what to do).
 * docs/errors.md is generated from this table. A code is never reused for another meaning.
 */
interface ErrorEntry {
  readonly status: number
  readonly retryable: boolean
  readonly sentence: string
  readonly advice: string
}

export const errors = {
  invalid_json: {
    status: 400,
    retryable: false,
    sentence: 'The request body is not valid JSON.',
    advice: 'Check the body for a missing quote or comma, and send it as UTF-8.',
  },
  invalid_request: {
    status: 422,
    retryable: false,
    sentence: 'A field is missing, unknown, or of the wrong type or length.',
    advice: 'Look at `details`: it names each field and what it should be.',
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    sentence: 'The request body is not JSON.',
    advice: 'Send the header `Content-Type: application/json`.',
  },
  body_too_large: {
    status: 413,
    retryable: false,
    sentence: 'The request body is larger than the server takes.',
    advice: 'Send fewer messages a request.',
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    sentence: 'Nobody is signed in, and there is no live API key with the request.',
    advice:
      'Sign in, or send `Authorization: Bearer <key>` with a live key; `npx kurzpost key create` makes one.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    sentence: 'This API key, or the role of this user, may not do that.',
    advice: 'Use a key that has the scope named in `details`, or ask an owner for another role.',
  },
  ...accessErrors,
  not_found: {
    status: 404,
    retryable: false,
    sentence: 'There is nothing at this address.',
    advice: 'Check the path and the id; ids belong to one account.',
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    sentence: 'This address exists, but not for this method.',
    advice: 'See /docs for the methods of each address.',
  },
  malformed_http: {
    status: 400,
    retryable: false,
    sentence: 'The request is not valid HTTP/1.1, or its headers are too long.',
    advice: 'Check the client or the proxy in between.',
  },
  host_not_allowed: {
    status: 421,
    retryable: false,
    sentence: 'This server does not answer for the host name in the request.',
    advice: 'Use the address that the server printed at start, or name the other one in KURZPOST_PUBLIC_URL.',
  },
  rate_limited: {
    status: 429,
    retryable: true,
    sentence: 'Too many requests in too short a time.',
    advice: 'Wait for the seconds named in the header `Retry-After`, then send again.',
  },
  invalid_number: {
    status: 422,
    retryable: false,
    sentence: 'The recipient is not a phone number that can be dialled.',
    advice: 'Write it in international format, with + and country code, such as +4930123456.',
  },
  invalid_sender: {
    status: 422,
    retryable: false,
    sentence:
      'The sender is neither a phone number, a short code nor a name of at most 11 letters and digits.',
    advice: 'Use +49…, a short code of 3 to 8 digits, or a name with at least one letter.',
  },
  text_empty: {
    status: 422,
    retryable: false,
    sentence: 'The message has no text.',
    advice: 'Put at least one character into `text`.',
  },
  text_too_long: {
    status: 422,
    retryable: false,
    sentence: 'The text needs more segments than one message may have.',
    advice: 'Shorten the text; `POST /v1/text/preview` shows how many segments it needs.',
  },
  text_not_encodable: {
    status: 422,
    retryable: false,
    sentence: 'The text has characters that the GSM alphabet lacks, and the request asks for that alphabet.',
    advice: 'Leave `encoding` at `auto`, or replace the characters named in `details`.',
  },
  text_malformed: {
    status: 422,
    retryable: false,
    sentence: 'The text holds half a character (a lone surrogate) or a NUL.',
    advice: 'Send the text as it was typed, as UTF-8; cut long texts between characters.',
  },
  send_at_out_of_range: {
    status: 422,
    retryable: false,
    sentence: '`send_at` is more than a year away.',
    advice: 'Choose a moment within the next 365 days.',
  },
  expires_at_out_of_range: {
    status: 422,
    retryable: false,
    sentence: '`expires_at` is more than a year after the moment of sending.',
    advice: 'Choose an earlier `expires_at`, or leave it out.',
  },
  expires_before_send: {
    status: 422,
    retryable: false,
    sentence: '`expires_at` is not after the moment of sending.',
    advice: 'Choose a later `expires_at`, or leave it out.',
  },
  idempotency_conflict: {
    status: 409,
    retryable: false,
    sentence: 'This idempotency key was used for another request within the last 24 hours.',
    advice: 'Use a new key for a new request; repeat a request unchanged to get its first answer again.',
  },
  not_cancellable: {
    status: 409,
    retryable: false,
    sentence: 'The message is already on its way or finished.',
    advice:
      'Only scheduled and queued messages can be cancelled, and only while nothing of them has gone out.',
  },
  url_not_allowed: {
    status: 422,
    retryable: false,
    sentence: 'The URL does not lead to a public address over https.',
    advice: 'Use an https URL of a public host; sandbox mode also takes http to this machine.',
  },
  unreadable_callback: {
    status: 400,
    retryable: false,
    sentence: 'The body of the callback is neither JSON nor a form, or not what its content type says.',
    advice: 'Have the provider report as JSON, as a form, or by GET with a query.',
  },
  too_many_webhooks: {
    status: 422,
    retryable: false,
    sentence: 'The account has reached its number of webhook endpoints.',
    advice: 'Delete one that is no longer used.',
  },
  invalid_cursor: {
    status: 422,
    retryable: false,
    sentence: 'The cursor is not one that this server gave out.',
    advice: 'Leave it out to start anew, or use the last one that you received.',
  },
  name_taken: {
    status: 409,
    retryable: false,
    sentence: 'There is another one of this name.',
    advice: 'Choose another name, or change the one that there is.',
  },
  stale_revision: {
    status: 409,
    retryable: false,
    sentence: 'It was changed since you read it.',
    advice: 'Read it again, look whether your change still makes sense, and send it with the new `revision`.',
  },
  unknown_profile: {
    status: 422,
    retryable: false,
    sentence: 'There is no profile of this name for this kind of carrier.',
    advice: '`GET /v1/carrier-profiles` lists them; leave `profile` out for none.',
  },
  keyword_taken: {
    status: 409,
    retryable: false,
    sentence: 'Another service has this word at the same number.',
    advice: 'Choose another word, give one of the two services other numbers, or switch the other one off.',
  },
  keyword_reserved: {
    status: 422,
    retryable: false,
    sentence: 'This word means STOP, START or HELP to networks and to people.',
    advice: 'Choose another word: nobody could use this one without being signed off, signed on or helped.',
  },
  keyword_table_unreadable: {
    status: 422,
    retryable: false,
    sentence: 'The file is not a table.',
    advice: 'Send CSV in UTF-8 with the names of the columns in its first line, each of them once.',
  },
  too_many_keyword_services: {
    status: 422,
    retryable: false,
    sentence: 'The account has reached its number of keyword services.',
    advice: 'Delete one that is no longer used.',
  },
  inbox_state: {
    status: 409,
    retryable: false,
    sentence: 'The conversation stands where this makes no sense.',
    advice: 'Read it again: somebody else may have closed or opened it.',
  },
  inbox_refused: {
    status: 422,
    retryable: false,
    sentence: 'The answer may not be sent to this person.',
    advice: '`details.code` says why; nothing was sent.',
  },
  inbox_full: {
    status: 422,
    retryable: false,
    sentence: 'The account has reached its number of teams or canned answers.',
    advice: 'Delete one that is no longer used.',
  },
  set_by_environment: {
    status: 409,
    retryable: false,
    sentence: 'Address and credentials of this carrier come from KURZPOST_CARRIER_URL.',
    advice: 'Change them there and start the server again; everything else can be changed here.',
  },
  carrier_in_use: {
    status: 409,
    retryable: true,
    sentence: 'The carrier cannot be deleted yet: messages depend on it.',
    advice:
      'Look at `details`. Drain it and wait, give its messages another route, or ask with `force=true`.',
  },
  overloaded: {
    status: 503,
    retryable: true,
    sentence: 'The server has more waiting requests than it can take.',
    advice: 'Send again after the seconds named in `Retry-After`, with the same idempotency key.',
  },
  database_unavailable: {
    status: 503,
    retryable: true,
    sentence: 'The database did not confirm the request.',
    advice: 'Send again shortly, with the same idempotency key.',
  },
  shutting_down: {
    status: 503,
    retryable: true,
    sentence: 'The server is stopping.',
    advice: 'Send again in a few seconds.',
  },
  sandbox_only: {
    status: 404,
    retryable: false,
    sentence: 'The virtual handsets exist in sandbox mode only.',
    advice: 'Start the server with `npm start` or `kurzpost serve --sandbox`.',
  },
  handset_unavailable: {
    status: 503,
    retryable: true,
    sentence: 'The simulator does not answer.',
    advice: 'Look at its log with `npx kurzpost doctor`; it is started again by itself.',
  },
  internal: {
    status: 500,
    retryable: true,
    sentence: 'Something went wrong on our side.',
    advice: 'Send again with the same idempotency key; if it stays, look for the request id in the log.',
  },
  invalid_email: {
    status: 422,
    retryable: false,
    sentence: 'The text is not an e-mail address.',
    advice: 'Write it as name@example.org.',
  },
  limit_reached: {
    status: 422,
    retryable: false,
    sentence: 'There are as many of these as there may be.',
    advice: 'Look at `details` for the number, and delete some that are no longer used.',
  },
  contact_without_address: {
    status: 422,
    retryable: false,
    sentence: 'A person needs an address or an external id, or nobody could find them again.',
    advice: 'Give at least one entry in `addresses`, or an `external_id`.',
  },
  contact_address_taken: {
    status: 409,
    retryable: false,
    sentence: 'The address belongs to another person already.',
    advice: 'Look at `details`: change that person, merge the two, or take the address from the other first.',
  },
  contact_ambiguous: {
    status: 409,
    retryable: false,
    sentence: 'The addresses belong to different people.',
    advice: 'Look at `details`: merge those people if they are one, or send fewer addresses.',
  },
  contact_external_id_taken: {
    status: 409,
    retryable: false,
    sentence: 'Another person has this external id.',
    advice: 'Look at `details` for who it is, and merge the two if they are one.',
  },
  contact_erased: {
    status: 409,
    retryable: false,
    sentence: 'Somebody with this address was erased at their own wish.',
    advice: 'Send `"returned": true` only if the person has come back by themselves.',
  },
  topic_key_taken: {
    status: 409,
    retryable: false,
    sentence: 'Another topic of this account has that key: a STOP with it would be about either.',
    advice: 'Take another key, or archive the other topic.',
  },
  topic_key_reserved: {
    status: 422,
    retryable: false,
    sentence: 'People could not tell this key from a word such as STOP, ALL or HELP.',
    advice: 'Take another key, such as the name of the topic.',
  },
  not_opted_out: {
    status: 409,
    retryable: false,
    sentence: 'There is no opt-out of this number that could be taken back.',
    advice: 'Look at what holds with `GET /v1/consent?number=…`.',
  },
  import_closed: {
    status: 409,
    retryable: false,
    sentence: 'The import is not at the step at which this can be done.',
    advice: 'Look at its `state`: upload, inspect, start, in this order; then it runs by itself.',
  },
  import_incomplete: {
    status: 422,
    retryable: false,
    sentence: 'The file is empty, or a piece of it is missing.',
    advice: 'Upload the pieces 0, 1, 2 and so on without a gap, then inspect again.',
  },
  import_unreadable: {
    status: 422,
    retryable: false,
    sentence: 'The file is no table that can be read: mostly a quotation mark that never ends.',
    advice: 'Open it in a spreadsheet, look at the line that is named, and save it as CSV in UTF-8.',
  },
  import_failed: {
    status: 422,
    retryable: false,
    sentence: 'The database did not take a row of the file.',
    advice: 'Look into the log for the import, and tell us: this should have been found earlier.',
  },
  audience_over: {
    status: 409,
    retryable: false,
    sentence: 'Sending to this audience has ended already.',
    advice: 'What it has sent can be seen in the list of messages, by its id as `client_ref`.',
  },
  ...consentErrors,
  merge_not_last: {
    status: 409,
    retryable: false,
    sentence: 'The person has taken in somebody else since.',
    advice: 'Undo the merges of a person from the last to the first; `details` names the next one.',
  },
  // Why a message failed: `error.code` of a message, never an HTTP answer.
  carrier_rejected: {
    status: 0,
    retryable: false,
    sentence: 'The carrier refused the message.',
    advice:
      'Look at the carrier code in the timeline: mostly the number, the sender or the account at the carrier.',
  },
  not_sendable: {
    status: 0,
    retryable: false,
    sentence: 'The message could not be put into the form in which a carrier takes it.',
    advice: 'Nothing was sent. Look for the message id in the log, and send the text another way.',
  },
  audience_stopped: {
    status: 0,
    retryable: false,
    sentence: 'Somebody stopped the sending that this message was part of, before it went out.',
    advice: 'Nothing was sent to this person. Send again if it should have been.',
  },
  person_erased: {
    status: 0,
    retryable: false,
    sentence: 'The person was erased before the message went out.',
    advice: 'Nothing was sent, and nothing more will be.',
  },
  undelivered: {
    status: 0,
    retryable: true,
    sentence: 'The network could not deliver the message.',
    advice: 'Check the number, try another channel, or send again later.',
  },
  validity_expired: {
    status: 0,
    retryable: true,
    sentence: 'The message was not delivered before it expired.',
    advice: 'Send again, with a later `expires_at` if the text is still true.',
  },
  outcome_unknown: {
    status: 0,
    retryable: true,
    sentence: 'The link broke before the carrier answered, and no receipt came.',
    advice: 'The message may have arrived. Ask the recipient before you send again.',
  },
  no_receipt: {
    status: 0,
    retryable: true,
    sentence: 'The carrier took the message, and no receipt came for as long as it was worth delivering.',
    advice:
      'The message may have arrived. Ask the recipient before you send again; ask the carrier about its receipts.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errors

/** An error with a public code. `message` adds to the table's sentence where a name or number helps. */
export class KurzpostError extends Error {
  readonly code: ErrorCode
  readonly details: unknown
  constructor(code: ErrorCode, options: { message?: string; details?: unknown; cause?: unknown } = {}) {
    super(options.message ?? errors[code].sentence, { cause: options.cause })
    this.name = 'KurzpostError'
    this.code = code
    this.details = options.details
  }
}

/** The one shape of every error that leaves the server: `{error: {code, message, details?, docs}}`. */
export function errorBody(code: ErrorCode, options: { message?: string; details?: unknown } = {}) {
  const { sentence, advice } = errors[code]
  return {
    error: {
      code,
      message: `${options.message ?? sentence} ${advice}`,
      ...(options.details === undefined ? {} : { details: options.details }),
      docs: `/docs/errors#${code}`,
    },
  }
}

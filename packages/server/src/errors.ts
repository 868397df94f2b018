import { accessErrors } from './errors/access.ts'
import { consentErrors } from './errors/consent.ts'
import { fates } from './errors/fates.ts'
import { peopleErrors } from './errors/people.ts'
import { serviceErrors } from './errors/services.ts'

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
  sender_not_yours: {
    status: 403,
    retryable: false,
    sentence: 'The sender is a number, short code or name that was not given to your account.',
    advice:
      'Send from a number of your own. Is it yours? Whoever runs the installation gives it to you: `POST /v1/numbers`.',
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
  limit_reached: {
    status: 422,
    retryable: false,
    sentence: 'There are as many of these as there may be.',
    advice: 'Look at `details` for the number, and delete some that are no longer used.',
  },
  ...accessErrors,
  ...consentErrors,
  ...peopleErrors,
  ...serviceErrors,
  ...fates,
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

import { type ErrorCode, errorBody, errors, KurzpostError } from '../errors.ts'
import type { Refused } from '../message/draft.ts'

export interface Failure {
  status: number
  body: unknown
  headers?: Record<string, string>
  /** Not foreseen: belongs in the log, with the request id. */
  unforeseen?: unknown
}

/** What the web framework throws before a handler is reached, in our words. */
const foreign: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_json',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH_EXCEEDED: 'not_found',
}

/** Seconds after which a retryable answer may be different. */
const retryAfter: Partial<Record<ErrorCode, number>> = {
  overloaded: 1,
  rate_limited: 1,
  database_unavailable: 2,
  handset_unavailable: 2,
  shutting_down: 5,
}

/** Whatever was thrown, as the answer that the caller gets. */
export function toFailure(error: unknown): Failure {
  if (error instanceof KurzpostError) return failure(error.code, error)
  const code = foreign[(error as { code?: string })?.code ?? '']
  if (code) return failure(code)
  return { ...failure('internal'), unforeseen: error }
}

export function failure(code: ErrorCode, options: { message?: string; details?: unknown } = {}): Failure {
  const { retry_after } = (options.details ?? {}) as { retry_after?: number }
  const seconds = retry_after ?? retryAfter[code]
  return {
    status: errors[code].status,
    body: errorBody(code, options),
    ...(seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } }),
  }
}

/** Why one draft was refused, in the shape of every error; a capability's gate may bring a code of its own. */
export function refusal({ code, message, details }: Refused): Failure {
  if (code in errors) return failure(code as ErrorCode, { message, details })
  const error = { code, message, ...(details === undefined ? {} : { details }), docs: `/docs/errors#${code}` }
  return { status: 422, body: { error } }
}

import { analyzeText, countSegments } from '@kurzpost/gsm'
import type { ErrorCode } from '../errors.ts'
import { errors } from '../errors.ts'
import { normalizeRecipient, normalizeSender } from './address.ts'
import type { Draft, Hold, Refused } from './draft.ts'
import { type Lane, lanes } from './lane.ts'

/** A draft that may be stored: addresses normalised, text measured, times filled in. */
export interface Prepared {
  ok: true
  recipient: string
  sender: string | null
  body: string
  lane: Lane
  encoding: 'gsm7' | 'ucs2'
  segments: number
  userData: Uint8Array | null
  clientRef: string | null
  sendAt: Date | null
  expiresAt: Date
  /** Bare UUID. */
  topic: string | null
  hold: Hold | null
}

export interface PrepareRules {
  country: string
  /** Sandbox: take numbers of the fictitious ranges. */
  lenient: boolean
  defaultSender: string | null
  maxSegments: number
}

const year = 365 * 86_400_000

/** Why a draft is not taken, in the words of errors.ts. */
export const refuse = (code: ErrorCode, details?: unknown): Refused => ({
  ok: false,
  code,
  message: errors[code].sentence,
  ...(details === undefined ? {} : { details }),
})

/** Checks and completes one draft. Pure: what it decides depends on the draft, the rules and the time alone. */
export function prepare(draft: Draft, rules: PrepareRules, now: Date): Prepared | Refused {
  const recipient = normalizeRecipient(draft.to, rules)
  if (!recipient) return refuse('invalid_number', { field: 'to' })

  const wanted = draft.from ?? rules.defaultSender
  const sender = wanted === null ? null : normalizeSender(wanted, rules.country)
  if (sender === undefined) return refuse('invalid_sender', { field: 'from' })

  const { userData = null } = draft
  if (draft.text === '' && userData === null) return refuse('text_empty', { field: 'text' })
  // PostgreSQL's text holds neither, and a phone shows neither.
  if (!draft.text.isWellFormed() || draft.text.includes('\0'))
    return refuse('text_malformed', { field: 'text' })

  if (draft.encoding === 'gsm7' && userData === null) {
    const { offenders } = analyzeText(draft.text)
    if (offenders.length > 0)
      return refuse('text_not_encodable', { field: 'text', offenders: offenders.slice(0, 20) })
  }
  const { encoding, segments } =
    userData === null
      ? countSegments(draft.text, { encoding: draft.encoding ?? 'auto' })
      : { encoding: draft.encoding === 'ucs2' ? ('ucs2' as const) : ('gsm7' as const), segments: 1 }
  if (segments > rules.maxSegments) {
    return refuse('text_too_long', {
      field: 'text',
      segments,
      most: rules.maxSegments,
    })
  }

  const lane = draft.lane ?? 'transactional'
  const start = draft.sendAt && draft.sendAt > now ? draft.sendAt : now
  if (start.getTime() - now.getTime() > year) return refuse('send_at_out_of_range', { field: 'send_at' })
  const expiresAt = draft.expiresAt ?? new Date(start.getTime() + lanes[lane].validityMs)
  if (expiresAt <= start) return refuse('expires_before_send', { field: 'expires_at' })
  // A year of tries is more than anybody wants, and PostgreSQL's calendar ends before JavaScript's.
  if (expiresAt.getTime() - start.getTime() > year)
    return refuse('expires_at_out_of_range', { field: 'expires_at' })

  return {
    ok: true,
    recipient,
    sender,
    body: draft.text,
    lane,
    encoding,
    segments,
    userData,
    clientRef: draft.clientRef ?? null,
    sendAt: start === now ? null : start,
    expiresAt,
    topic: draft.topic ?? null,
    hold: draft.hold ?? null,
  }
}

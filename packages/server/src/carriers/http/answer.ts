import { at, parseJson, textAt } from '../../json-pointer.ts'
import { CarrierError } from '../carrier.ts'
import { compilePattern, type Pattern } from '../pattern.ts'
import type { ErrorClass, HttpSettings } from './settings.ts'

/** An answer as it came, its body cut at `mostBody`. */
export interface HttpAnswer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

/** Who answers a submission with more than this is not read on. */
export const mostBody = 64 * 1024

/**
 * What a status means where the provider's own code says nothing else. A 500 has been seen before and after the message
 * was taken, and so have a gateway's 502 and 504: nobody knows, and the lane decides.
 */
const byStatus: Readonly<Record<number, ErrorClass>> = {
  401: 'elsewhere', // our keys, our money, our settings: not the message's fault
  402: 'elsewhere',
  403: 'elsewhere',
  404: 'elsewhere',
  405: 'elsewhere',
  408: 'same',
  425: 'same',
  429: 'throttle',
  500: 'unknown',
  502: 'unknown',
  503: 'same',
  504: 'unknown',
}
const otherwise = (status: number): ErrorClass =>
  status < 300 ? 'unknown' : status < 400 ? 'elsewhere' : status < 500 ? 'permanent' : 'unknown'

const meanings: Readonly<Record<ErrorClass, { retry: CarrierError['retry']; sent: CarrierError['sent'] }>> = {
  same: { retry: 'later', sent: 'no' },
  throttle: { retry: 'later', sent: 'no' },
  elsewhere: { retry: 'elsewhere', sent: 'no' },
  permanent: { retry: 'never', sent: 'no' },
  unknown: { retry: 'later', sent: 'maybe' },
}

/** Pause where the answer names none, in milliseconds. */
const pauseMs = { throttle: 1_000, same: 2_000 }
/** A provider that asks for more is asked again after this. */
const mostPauseMs = 15 * 60_000

type Place = NonNullable<NonNullable<HttpSettings['answer']>['id']>

/**
 * The provider's id of the message in an answer that says it was taken; null where the settings name no place for it.
 * Throws the CarrierError that the answer stands for.
 */
export function readAnswer(settings: HttpSettings, answer: HttpAnswer, now: Date): string | null {
  const { answer: rules } = settings
  const json = jsonOf(answer.body)
  const good = rules?.statuses
    ? rules.statuses.includes(answer.status)
    : answer.status >= 200 && answer.status < 300
  if (good && (!rules?.success || holds(rules.success, json))) {
    const id = rules?.id && find(rules.id, answer, json)
    if (id !== undefined && id.length <= 255) return id
    if (!rules?.id) return null
    // Taken, as it seems, under an id that we cannot read: neither a success nor a refusal.
    throw errorOf('unreadable_answer', 'unknown', answer, now)
  }
  const word = rules?.error && find(rules.error, answer, json)
  const fallback = `http_${answer.status}`
  const code = word?.slice(0, 100) ?? (good && json === undefined ? 'unreadable_answer' : fallback)
  const own = [code, fallback].map((key) => settings.errors?.[key]).find((found) => found !== undefined)
  // A status of success with a code is a refusal by a provider that answers 200 to everything.
  const usual =
    good && word !== undefined ? 'permanent' : (byStatus[answer.status] ?? otherwise(answer.status))
  throw errorOf(code, own ?? usual, answer, now)
}

function errorOf(code: string, kind: ErrorClass, answer: HttpAnswer, now: Date): CarrierError {
  const { retry, sent } = meanings[kind]
  const afterMs = retryAfter(answer, now) ?? (kind === 'throttle' ? pauseMs.throttle : pauseMs.same)
  return new CarrierError(code, { retry, sent, afterMs, throttled: kind === 'throttle' })
}

/** Seconds or a date. [RFC 9110 §10.2.3] */
function retryAfter({ headers }: HttpAnswer, now: Date): number | undefined {
  const given = headers['retry-after']
  if (typeof given !== 'string') return undefined
  const ms = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.min(mostPauseMs, Math.max(1, ms))
}

export function jsonOf(body: string): unknown {
  try {
    return parseJson(body)
  } catch {
    return undefined
  }
}

export function holds(when: { pointer: string; equals?: string[] }, json: unknown): boolean {
  if (!when.equals) return at(json, when.pointer) !== undefined
  const found = textAt(json, when.pointer)
  return found !== undefined && when.equals.includes(found)
}

function find(place: Place, answer: HttpAnswer, json: unknown): string | undefined {
  if (place.pointer !== undefined) return textAt(json, place.pointer)
  if (place.header !== undefined) {
    const value = answer.headers[place.header.toLowerCase()]
    return (Array.isArray(value) ? value[0] : value)?.trim() || undefined
  }
  const pattern = compiled.get(place) ?? compilePattern(place.regex!)
  compiled.set(place, pattern)
  return pattern.find(answer.body)?.trim() || undefined
}

/** Compiling takes milliseconds, and the settings of a carrier are one object for all of its answers. */
const compiled = new WeakMap<Place, Pattern>()

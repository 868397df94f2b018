import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { countSegments } from '@kurzpost/gsm'
import { at, textAt } from '../../json-pointer.ts'
import type { CarrierReceipt, IncomingPart } from '../carrier.ts'
import { holds, jsonOf } from './answer.ts'
import type { HttpSecrets, HttpSettings } from './settings.ts'

export interface CallbackRequest {
  method: string
  headers: Readonly<Record<string, string | undefined>>
  query: Readonly<Record<string, string | string[] | undefined>>
  /** The bytes as they came: what a signature is over. */
  body: Uint8Array
}

export interface CallbackEvents {
  receipts: CarrierReceipt[]
  incoming: IncomingPart[]
  /** Entries that are neither by the settings. */
  ignored: number
}

type Callbacks = NonNullable<HttpSettings['callbacks']>

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
/** In a time that says nothing of how much of it is right. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/** Whether the token in the URL, and the signature where one is asked for, are the carrier's. */
export function isGenuine(
  settings: HttpSettings,
  secrets: HttpSecrets,
  token: string,
  request: CallbackRequest,
): boolean {
  const expected = secrets.callback_token
  const rule = settings.callbacks?.signature
  if (!settings.callbacks || expected === undefined || !same(token, expected)) return false
  if (!rule) return true
  const signature = createHmac(rule.algorithm, secrets[rule.secret] ?? '')
    .update(request.body)
    .digest(rule.encoding)
  const given = request.headers[rule.header.toLowerCase()] ?? ''
  return secrets[rule.secret] !== undefined && same(given, (rule.prefix ?? '') + signature)
}

/** What a callback tells, by the pointers of the settings. Undefined: its body is not what its content type says. */
export function readCallback(settings: HttpSettings, request: CallbackRequest): CallbackEvents | undefined {
  const rules = settings.callbacks
  const content = contentOf(request)
  const events: CallbackEvents = { receipts: [], incoming: [], ignored: 0 }
  if (!rules || content === undefined) return undefined
  const items = rules.items === undefined ? [content] : at(content, rules.items)
  for (const item of Array.isArray(items) ? items : []) {
    const receipt = rules.receipt && receiptOf(rules.receipt, item)
    const part = receipt ? undefined : rules.incoming && partOf(rules.incoming, item)
    if (receipt) events.receipts.push(receipt)
    else if (part) events.incoming.push(part)
    else events.ignored++
  }
  return events
}

function contentOf({ method, headers, query, body }: CallbackRequest): unknown {
  const type = headers['content-type'] ?? ''
  if (method === 'GET' || body.length === 0) return single(Object.entries(query))
  if (/^application\/(\S+\+)?json\b/i.test(type)) return jsonOf(Buffer.from(body).toString('utf8'))
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return single([...Object.entries(query), ...new URLSearchParams(Buffer.from(body).toString('utf8'))])
  return undefined
}

/** Fields as the members of one object; of a name that comes twice the last one counts. */
const single = (fields: readonly (readonly [string, string | string[] | undefined])[]): object =>
  Object.fromEntries(fields.map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]))

function receiptOf(rule: NonNullable<Callbacks['receipt']>, item: unknown): CarrierReceipt | undefined {
  if (rule.when && !holds(rule.when, item)) return undefined
  const id = textAt(item, rule.id)
  const word = textAt(item, rule.state)
  if (id === undefined || word === undefined) return undefined
  const state = Object.hasOwn(rule.states, word) ? rule.states[word]! : 'pending'
  return {
    remoteId: id.slice(0, 255),
    readings: [{ name: 'id', key: id.slice(0, 255) }],
    state: state === 'pending' ? null : state,
    // The provider has cut the message, and speaks of all of it.
    covers: 'message',
    parties: [],
    error: (rule.error && textAt(item, rule.error)?.slice(0, 100)) ?? null,
    text: word.slice(0, 100),
    doneAt: null,
  }
}

function partOf(rule: NonNullable<Callbacks['incoming']>, item: unknown): IncomingPart | undefined {
  if (rule.when && !holds(rule.when, item)) return undefined
  const from = textAt(item, rule.from)
  const to = textAt(item, rule.to)
  const body = at(item, rule.text)
  if (from === undefined || to === undefined || typeof body !== 'string') return undefined
  const text = body.replaceAll('\0', '')
  const id = rule.id && textAt(item, rule.id)
  const answered = rule.answered && textAt(item, rule.answered)?.toLowerCase()
  return {
    from: spelling(from),
    to: spelling(to),
    text,
    encoding: countSegments(text).encoding,
    concat: null,
    ...(id === undefined ? {} : { remoteId: id.slice(0, 255) }),
    ...((answered === 'stop' || answered === 'start' || answered === 'help') && { answered }),
  }
}

/** Providers leave the plus out, or write 00: more than eight digits are an international number. */
function spelling(address: string): string {
  const text = address.trim()
  if (/^00\d{7,}$/.test(text)) return `+${text.slice(2)}`
  return /^\d{9,15}$/.test(text) ? `+${text}` : text.slice(0, 64)
}

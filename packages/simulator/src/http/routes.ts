import type { IncomingMessage, ServerResponse } from 'node:http'
import { GsmError } from '@kurzpost/gsm'
import { isAddress } from '../handset/number.ts'
import type { HandsetMessage, Shelf } from '../handset/shelf.ts'
import { checkSettings, type Settings, visibleSettings } from '../settings.ts'
import type { SubmitLog } from '../smsc/submit-log.ts'
import { HttpProblem } from './problem.ts'
import { readJson } from './request.ts'
import type { Streams } from './stream.ts'

/** What the interface shows and moves; the simulator hands it in. */
export interface Interior {
  readonly shelf: Shelf
  readonly submits: SubmitLog
  readonly settings: Settings
  /** Binds and counters, for people and tests. */
  health(): object
  /** Sends a text from a handset. Nothing if too much waits for a bind already. */
  write(from: string, to: string, text: string): HandsetMessage | undefined
  /** Settings have changed: what waited may go on. */
  settingsChanged(): void
  /** Cuts every TCP link of the SMSC, answers nothing first. Returns how many there were. */
  dropBinds(): number
  /** Empties handsets, log, counters and everything that waits. Settings stay. */
  clear(): void
}

interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  /** The handset of the path, where it names one. */
  readonly number: string
  readonly interior: Interior
  readonly streams: Streams
}

/** An answer in JSON, or nothing if the handler has taken the response over. */
type Answer = { readonly status: number; readonly body: unknown } | undefined
type Handler = (call: Call) => Answer | Promise<Answer>

const ok = (body: unknown): Answer => ({ status: 200, body })

/** Every address of the interface, by path and method. `:number` stands for a handset. */
export const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/health': { GET: ({ interior }) => ok(interior.health()) },
  '/handsets': { GET: ({ interior }) => ok(interior.shelf.list()) },
  '/handsets/:number/messages': { GET: readMessages, POST: writeMessage },
  '/handsets/:number/events': { GET: streamMessages },
  '/settings': { GET: ({ interior }) => ok(visibleSettings(interior.settings)), PATCH: changeSettings },
  '/binds/drop': { POST: ({ interior }) => ok({ dropped: interior.dropBinds() }) },
  '/submits': { GET: readSubmits },
  '/state': { DELETE: clearState },
}

function readMessages({ interior, number, url }: Call): Answer {
  return ok(interior.shelf.messages(number, { peek: url.searchParams.has('peek') }))
}

/** Longer than 255 segments can carry in any encoding. */
const MAX_TEXT = 39_015

async function writeMessage({ interior, number, request }: Call): Promise<Answer> {
  const { to, text, ...unknown } = await readJson(request)
  const details = Object.keys(unknown).map((field) => ({ field, message: 'There is no such field.' }))
  if (!isAddress(to)) {
    details.push({ field: 'to', message: 'It takes a number, a short code or a name, up to 20 characters.' })
  }
  if (typeof text !== 'string' || text.length > MAX_TEXT) {
    details.push({ field: 'text', message: `It takes a text of up to ${MAX_TEXT} characters.` })
  }
  if (details.length > 0) throw new HttpProblem('invalid_request', details)
  try {
    const message = interior.write(number, to as string, text as string)
    if (message) return { status: 202, body: message }
  } catch (error) {
    if (!(error instanceof GsmError)) throw error
    throw new HttpProblem('invalid_request', [{ field: 'text', message: error.message }])
  }
  throw new HttpProblem('outbox_full')
}

function streamMessages({ streams, request, response, number }: Call): Answer {
  const last = request.headers['last-event-id']
  streams.open(response, number, typeof last === 'string' ? last : undefined)
  return undefined
}

async function changeSettings({ interior, request }: Call): Promise<Answer> {
  const checked = checkSettings(await readJson(request))
  if (!checked.ok) throw new HttpProblem('invalid_request', checked.problems)
  Object.assign(interior.settings, checked.settings)
  interior.settingsChanged()
  return ok(visibleSettings(interior.settings))
}

const MAX_SUBMITS = 10_000

function readSubmits({ interior, url }: Call): Answer {
  const since = wholeNumber(url, 'since', 0, Number.MAX_SAFE_INTEGER)
  const limit = wholeNumber(url, 'limit', MAX_SUBMITS, MAX_SUBMITS)
  return ok(interior.submits.read(since, limit))
}

function wholeNumber({ searchParams }: URL, field: string, fallback: number, most: number): number {
  const given = searchParams.get(field)
  if (given === null) return fallback
  const value = Number(given)
  if (/^\d+$/.test(given) && value <= most) return value
  throw new HttpProblem('invalid_request', [{ field, message: `It takes a whole number from 0 to ${most}.` }])
}

function clearState({ interior }: Call): Answer {
  interior.clear()
  return ok({})
}

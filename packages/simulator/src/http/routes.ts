import type { IncomingMessage, ServerResponse } from 'node:http'
import { GsmError } from '@kurzpost/gsm'
import type { Flood } from '../flood.ts'
import { isAddress } from '../handset/number.ts'
import type { HandsetMessage, Shelf } from '../handset/shelf.ts'
import { isProfileName, profileNames, profileSettings, profiles } from '../profiles.ts'
import { checkSettings, type Settings, visibleSettings } from '../settings/settings.ts'
import { type FaultName, faultGroups, faultNames, faultsOf } from '../smsc/faults/groups.ts'
import type { SubmitLog } from '../smsc/submit-log.ts'
import type { Trace } from '../trace.ts'
import { HttpProblem } from './problem.ts'
import { readJson } from './request.ts'
import type { Streams } from './stream.ts'

/** What the interface shows and moves; the simulator hands it in. */
export interface Interior {
  readonly shelf: Shelf
  readonly submits: SubmitLog
  readonly settings: Settings
  readonly trace: Trace
  readonly flood: Flood
  /** Binds and counters, for people and tests. */
  health(): object
  /** Sends a text from a handset. Nothing if too much waits for a bind already. */
  write(from: string, to: string, text: string): HandsetMessage | undefined
  /** Takes settings that were checked; what waited may go on. */
  change(change: Partial<Settings>): void
  /** Spoils the next PDUs that this group of faults can spoil. */
  spoil(group: FaultName, count: number): void
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
  '/profiles': { GET: () => ok(listProfiles()) },
  '/faults': { GET: () => ok(listFaults()), POST: orderFaults },
  '/flood': { POST: startFlood, DELETE: stopFlood },
  '/trace': { GET: readTrace },
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
  const details = unknownFields(unknown)
  if (!isAddress(to)) details.push(addressProblem)
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

/** A profile comes first, so that what stands beside it counts. */
async function changeSettings({ interior, request }: Call): Promise<Answer> {
  const { profile, ...given } = await readJson(request)
  if (profile !== undefined && !isProfileName(profile)) {
    throw new HttpProblem('invalid_request', [
      { field: 'profile', message: `It takes one of ${profileNames.join(', ')}.` },
    ])
  }
  const checked = checkSettings(given)
  if (!checked.ok) throw new HttpProblem('invalid_request', checked.problems)
  interior.change({ ...(profile && profileSettings(profile)), ...checked.settings })
  return ok(visibleSettings(interior.settings))
}

const listProfiles = () => Object.entries(profiles).map(([name, profile]) => ({ name, ...profile }))
const listFaults = () =>
  faultGroups.map((group) => ({ group: Number(group), faults: faultsOf(group).map(({ what }) => what) }))

const MAX_FAULTS = 100_000

async function orderFaults({ interior, request }: Call): Promise<Answer> {
  const { group, count = 1, ...unknown } = await readJson(request)
  const details = unknownFields(unknown)
  const known = faultNames.find((one) => one === String(group))
  if (!known)
    details.push({
      field: 'group',
      message: `It takes one of ${faultGroups.join(', ')}, or one fault of a group such as 5.1.`,
    })
  if (!isCount(count, MAX_FAULTS)) details.push(countProblem('count', MAX_FAULTS))
  if (details.length > 0) throw new HttpProblem('invalid_request', details)
  interior.spoil(known!, count as number)
  return { status: 202, body: { group: Number(known), count } }
}

const MAX_FLOOD = 10_000_000
const MAX_FLOOD_PER_SECOND = 100_000

async function startFlood({ interior, request }: Call): Promise<Answer> {
  const { per_second = 1000, count = 1000, to = '12345', ...unknown } = await readJson(request)
  const details = unknownFields(unknown)
  if (!isCount(per_second, MAX_FLOOD_PER_SECOND))
    details.push(countProblem('per_second', MAX_FLOOD_PER_SECOND))
  if (!isCount(count, MAX_FLOOD)) details.push(countProblem('count', MAX_FLOOD))
  if (!isAddress(to)) details.push(addressProblem)
  if (details.length > 0) throw new HttpProblem('invalid_request', details)
  interior.flood.start({ perSecond: per_second as number, count: count as number, to: to as string })
  return { status: 202, body: { per_second, count, to } }
}

function stopFlood({ interior }: Call): Answer {
  const { left } = interior.flood
  interior.flood.stop()
  return ok({ left })
}

const unknownFields = (unknown: object) =>
  Object.keys(unknown).map((field) => ({ field, message: 'There is no such field.' }))
const isCount = (value: unknown, most: number): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most
const countProblem = (field: string, most: number) => ({
  field,
  message: `It takes a whole number from 1 to ${most}.`,
})
const addressProblem = {
  field: 'to',
  message: 'It takes a number, a short code or a name, up to 20 characters.',
}

const MAX_SUBMITS = 10_000

function readSubmits({ interior, url }: Call): Answer {
  const since = wholeNumber(url, 'since', 0, Number.MAX_SAFE_INTEGER)
  const limit = wholeNumber(url, 'limit', MAX_SUBMITS, MAX_SUBMITS)
  return ok(interior.submits.read(since, limit))
}

function readTrace({ interior, url }: Call): Answer {
  const since = wholeNumber(url, 'since', 0, Number.MAX_SAFE_INTEGER)
  return ok(interior.trace.read(since, wholeNumber(url, 'limit', MAX_SUBMITS, MAX_SUBMITS)))
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

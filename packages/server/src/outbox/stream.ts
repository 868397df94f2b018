import type { ServerResponse } from 'node:http'
import { Type } from 'typebox'
import { KurzpostError } from '../errors.ts'
import { type EventName, eventNames } from '../events.ts'
import { publicId } from '../ids.ts'
import { maskDeep } from '../mask.ts'
import type { Route } from '../route.ts'
import type { Db } from '../store/db.ts'
import { cursorOf, isAfter, type OutboxRow, type Place, placeOf } from './chunk.ts'
import { endOfEvents, readEvents } from './store.ts'
import type { Outbox } from './tail.ts'

/** Proxies and phones close silent connections after half a minute or so. */
const heartbeatMs = 15_000
/** What may wait for a slow reader. One that is further behind is cut, and resumes by its Last-Event-ID. */
const bufferBytes = 1024 * 1024
const earlyEvents = 10_000
const page = 500

const query = Type.Object(
  {
    after: Type.Optional(
      Type.String({ description: 'Cursor to go on after; `0-0` is the oldest event kept.' }),
    ),
    types: Type.Optional(
      Type.String({ description: 'Event types, separated by commas: `message.delivered,message.received`.' }),
    ),
  },
  { additionalProperties: false },
)

/** Events that say what somebody wrote, whoever took it; the notes of the other stand in the inbox. */
const wordsOfPeople: ReadonlySet<EventName> = new Set(['message.received', 'inbox.wanted'])
const nothing: ReadonlySet<EventName> = new Set()

/** `GET /v1/events`: everything that happens to the account, live and resumable. */
export function eventRoutes({ db, outbox }: { db: Db; outbox: Outbox }): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/events',
      summary: 'Follow events as they happen',
      description:
        'Server-sent events. `id` is a cursor: after a break send the last one as `Last-Event-ID` (browsers do so ' +
        'by themselves) and nothing is missed. Without a cursor the stream starts now.',
      tag: 'Events',
      scope: 'events',
      masks: true,
      query,
      headers: Type.Object({ 'last-event-id': Type.Optional(Type.String()) }),
      responses: { 200: { description: 'An endless `text/event-stream`.' } },
      async handler({ accountId, query, headers, signal, masked, session, scopes }) {
        const types = typesOf(query.types)
        // Whoever answers conversations reads what stands there, and not the codes and orders that others take.
        const untold = session !== undefined && !scopes.has('messages:read') ? wordsOfPeople : nothing
        const after = await placeAfter(db, headers['last-event-id'] || query.after)
        return {
          stream: (response) =>
            stream({ db, outbox, accountId, types, untold, after, signal, masked, response }),
        }
      },
    },
  ]
}

function typesOf(text: string | undefined): EventName[] | null {
  if (!text) return null
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !eventNames.includes(name as EventName))
  if (unknown.length > 0) {
    throw new KurzpostError('invalid_request', {
      message: `There is no event type ${unknown.join(', ')}.`,
      details: { types: eventNames },
    })
  }
  return names as EventName[]
}

async function placeAfter(db: Db, cursor: string | undefined): Promise<Place> {
  const end = await endOfEvents(db)
  if (cursor === undefined) return end
  const place = placeOf(cursor)
  // A cursor from the future is one of another database, or from before a restore: to wait for it would be silence.
  if (!place || isAfter(place, end)) throw new KurzpostError('invalid_cursor')
  return place
}

interface Streaming {
  db: Db
  outbox: Outbox
  accountId: string
  types: EventName[] | null
  /** Events that this reader does not get. */
  untold: ReadonlySet<EventName>
  after: Place
  signal: AbortSignal
  masked: boolean
  response: ServerResponse
}

async function stream({
  db,
  outbox,
  accountId,
  types,
  untold,
  after,
  signal,
  masked,
  response,
}: Streaming): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would hold events back until its buffer is full.
    'x-accel-buffering': 'no',
  })
  response.write('retry: 2000\n\n')

  let stopFollowing = (): void => {}
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs)
  const ended = new Promise<void>((resolve) => {
    response.once('close', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted || response.destroyed) resolve()
  })
  let open = true
  ended.then(() => {
    open = false
    clearInterval(heartbeat)
    stopFollowing()
    response.end()
  })

  let place = after
  const write = (rows: readonly OutboxRow[]): boolean => {
    let text = ''
    for (const row of rows) {
      if (!isAfter(row, place)) continue
      place = row
      if ((!types || types.includes(row.name)) && !untold.has(row.name)) text += frame(row, masked)
    }
    return text === '' || response.write(text)
  }
  const catchUp = async (until?: Place): Promise<void> => {
    while (open) {
      const { rows, next, full } = await readEvents(db, place, [accountId], page, types)
      const fits = write(until ? rows.filter((row) => !isAfter(row, until)) : rows)
      if (!full || (until && isAfter(next, until))) return
      if (!fits) await Promise.race([new Promise<void>((resolve) => response.once('drain', resolve)), ended])
    }
  }

  try {
    await catchUp()
    // What becomes readable between the last page and the first live event waits here, so that order holds.
    let early: OutboxRow[] | undefined = []
    const follower = await outbox.follow(accountId, (rows) => {
      if (early) {
        early.push(...rows)
        if (early.length > earlyEvents) response.destroy()
      } else if (open) {
        write(rows)
        if (response.writableLength > bufferBytes) response.destroy()
      }
    })
    stopFollowing = follower.stop
    if (!open) return follower.stop()
    await catchUp(follower.from)
    write(early)
    early = undefined
  } catch {
    // The database is away: the reader comes back by its Last-Event-ID and asks again.
    response.destroy()
  }
  await ended
}

/** One event of the stream. JSON has no raw line breaks, so a frame is always three lines. */
function frame(row: OutboxRow, masked: boolean): string {
  const id = publicId('event', row.id)
  const payload = masked ? JSON.stringify(maskDeep(JSON.parse(row.payload))) : row.payload
  return (
    `id: ${cursorOf(row)}\nevent: ${row.name}\n` +
    `data: {"id":"${id}","type":"${row.name}","at":"${row.at}","data":${payload}}\n\n`
  )
}

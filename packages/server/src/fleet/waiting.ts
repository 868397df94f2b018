import { readStandings } from '../carriers/health.ts'
import { type CarrierRow, listBinds, listCarriers } from '../carriers/store.ts'
import type { MessageDetail, Waiting } from '../message/core.ts'
import { lanes } from '../message/lane.ts'
import { isFinal } from '../message/state.ts'
import type { Db } from '../store/db.ts'
import { findPlace, type Place } from './queue.store.ts'

/** Why a message is not sent yet, for people; null once it is with a carrier or at its end. */
export type WhyWaiting = (accountId: string, message: MessageDetail) => Promise<Waiting | null>

type Step = MessageDetail['timeline'][number] & {
  carrier?: string
  error?: string
  hold?: { code: string; sentence: string }
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
const messages = (count: number): string =>
  count === 1 ? '1 message' : `${count >= 1_000 ? '1,000 or more' : count} messages`

export function createWaiting(db: Db): WhyWaiting {
  return async (accountId, message) => {
    const { id, direction, state } = message
    if (direction === 'inbound' || state === 'submitted' || isFinal(state)) return null
    const timeline = message.timeline as Step[]
    const carrier = timeline.findLast((step) => step.carrier)?.carrier
    const place = await findPlace(db, accountId, id)
    if (!place) return onWire
    if (place.status === 'uncertain') return uncertain(place, carrier)
    if (place.status === 'scheduled') return scheduled(place, state, timeline, carrier)
    return ready(db, place)
  }
}

const onWire: Waiting = {
  code: 'on_wire',
  sentence: 'It is with a carrier, whose answer is waited for.',
}

function scheduled(
  place: Place,
  state: string,
  timeline: readonly Step[],
  carrier: string | undefined,
): Waiting {
  const until = place.due_at.toISOString()
  const { hold } = timeline.at(-1) ?? {}
  if (hold) return { ...hold, until }
  if (state === 'scheduled')
    return { code: 'scheduled', sentence: 'It is to be sent at a later time.', until }
  const error = timeline.findLast((step) => step.error)?.error
  const who = carrier ?? 'The carrier'
  return {
    code: 'retry',
    sentence: `${who} did not take it${error ? ` (${error})` : ''}; it is offered again after a pause.`,
    until,
    ...(carrier && { carrier }),
    ...(error && { facts: { error } }),
  }
}

function uncertain(place: Place, carrier: string | undefined): Waiting {
  const resent = lanes[place.lane].onUncertain !== 'expire' && place.due_at < place.expires_at
  const who = carrier ?? 'The carrier'
  return {
    code: resent ? 'uncertain_resend' : 'uncertain_wait',
    sentence: resent
      ? `It went out to ${who}, and no answer came back. Without news it is sent again, and marked as a possible duplicate.`
      : `It went out to ${who}, and no answer came back. A late answer or a receipt decides; it is not sent twice.`,
    until: place.due_at.toISOString(),
    ...(carrier && { carrier }),
  }
}

async function ready(db: Db, place: Place): Promise<Waiting> {
  const { path, carriers, limited, ahead, ahead_of_lane } = place
  if (path === 0) return { code: 'routing', sentence: 'Its route is being looked for.' }
  if (carriers.length === 0)
    return {
      code: 'no_route',
      sentence: 'No route takes it. Add one that does, or look at POST /v1/routes/explain for why.',
    }
  const standing = await readStandings(db)
  const way = carriers.find(({ id }) => standing(id).takes)
  if (!way) {
    const first = carriers[0]!
    const each = carriers.map(({ id, name }) => `${name} is ${standing(id).sentence}`)
    return {
      code: `carrier_${standing(first.id).code}`,
      sentence: `${carriers.length === 1 ? 'Its only carrier cannot take it' : 'None of its carriers can take it'}: ${list(each)}.`,
      carrier: first.name,
      facts: {
        carriers: carriers.map(({ id, name }) => {
          const { code, links } = standing(id)
          return { name, code, links }
        }),
      },
    }
  }
  if (limited && limited.tokens < 1) {
    const whose = limited.sender === null ? 'this account' : `the sender ${limited.sender}`
    return {
      code: limited.sender === null ? 'account_rate' : 'sender_rate',
      sentence: `It waits for its turn: ${whose} may send ${limited.segments_per_second} segments a second.`,
      facts: {
        segments_per_second: limited.segments_per_second,
        ...(limited.sender !== null && { sender: limited.sender }),
      },
    }
  }
  return queued(db, way, ahead, ahead_of_lane)
}

async function queued(
  db: Db,
  { id, name }: { id: string; name: string },
  higher: number,
  before: number,
): Promise<Waiting> {
  const binds = (await listBinds(db, id)).filter(({ state }) => state === 'bound')
  const rate = rateOf(
    (await listCarriers(db)).find((row) => row.id === id),
    binds,
  )
  const first = higher + before
  const facts = { ahead_in_lane: before, ahead_in_higher_lanes: higher }
  const line =
    first === 0
      ? 'It is the next'
      : `Before it go ${list([...(before > 0 ? [`${messages(before)} of its lane`] : []), ...(higher > 0 ? [`${messages(higher)} of higher lanes`] : [])])}`
  if (rate !== undefined)
    return {
      code: 'carrier_rate',
      sentence: `${line}; ${name} takes ${rate} segments a second.`,
      carrier: name,
      facts: { ...facts, segments_per_second: rate },
    }
  const full =
    binds.length > 0 && binds.every(({ report }) => (report.in_flight ?? 0) >= (report.window ?? 1))
  if (full)
    return {
      code: 'window_full',
      sentence: `${line}; ${name} answers slowly, and its window is full.`,
      carrier: name,
      facts,
    }
  return { code: first > 0 ? 'behind' : 'next', sentence: `${line}, by ${name}.`, carrier: name, facts }
}

/** Segments a second of a carrier by contract, or as they were found; undefined when nothing holds it back. */
function rateOf(
  carrier: CarrierRow | undefined,
  binds: readonly { report: { pace?: number | null } }[],
): number | undefined {
  const contract = carrier?.settings.segments_per_second
  if (typeof contract === 'number') return contract
  const found = binds.flatMap(({ report }) => report.pace ?? [])
  return found.length > 0 ? Math.round(found.reduce((sum, rate) => sum + rate, 0)) : undefined
}

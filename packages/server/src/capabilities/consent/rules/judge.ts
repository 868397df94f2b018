import type { Standing } from '../scope.ts'
import type { Topic } from '../topics.store.ts'
import type { Almanac } from './almanac.ts'
import { brokenCap, type Caps, nextWithin } from './caps.ts'
import type { Holding, OverCap } from './settings.ts'

/** What stands against a message, or puts it off. Each is an error's code with the sentence for this case. */
export type Objection = { code: ObjectionCode; sentence: string; until?: Date }
export type ObjectionCode =
  | 'consent_topic_unknown'
  | 'consent_missing'
  | 'consent_opted_out'
  | 'consent_quiet_hours'
  | 'consent_frequency_cap'

export type Kind = 'marketing' | 'service' | 'alert'

/** Whether a person may be sent this at all. Undefined: yes. */
export function objectionTo(
  { kind, topic, keptElsewhere }: { kind: Kind; topic: Topic | undefined; keptElsewhere: string | null },
  standing: Standing,
): Objection | undefined {
  const about = topic ? `“${topic.name}”` : 'marketing'
  if (standing.standing === 'withdrawn') {
    // A STOP to its sender leaves what an employer must be able to say; a STOP to the topic itself ends that, too.
    if (topic?.mandatory && standing.by.topic !== topic.id) return undefined
    const day = standing.by.at.toISOString().slice(0, 10)
    return {
      code: 'consent_opted_out',
      sentence: `The recipient has opted out of ${scopeOf(standing.by, about)} on ${day}.`,
    }
  }
  if (standing.standing === 'none' && kind === 'marketing' && keptElsewhere === null)
    return { code: 'consent_missing', sentence: `The recipient has not agreed to ${about}.` }
  return undefined
}

const scopeOf = (
  { topic, sender }: { topic: string | null; sender: string | null },
  about: string,
): string => (topic !== null ? about : sender !== null ? `all that comes from ${sender}` : 'all messages')

/** What is counted for one message: a limit, and when the person was sent something that counts. */
export interface Count {
  caps: Caps
  /** Milliseconds, in order. */
  sent: readonly number[]
  /** In words: “Angebote”, or all marketing. */
  of: string
}

/** When a message may go, given when it would: at that moment, later and why, or never and why. */
export type Timing = { at: Date; objection?: Objection } | { at: null; objection: Objection }

/** Caps and hours take turns: room may come at night, and the morning may be too soon. */
const mostTurns = 20

export function timingOf(
  start: Date,
  {
    holding,
    counts,
    overCap,
    almanac,
  }: { holding: Holding; counts: readonly Count[]; overCap: OverCap; almanac: Almanac },
): Timing {
  let at = start
  let objection: Objection | undefined
  for (let turn = 0; turn < mostTurns; turn++) {
    const open = almanac.nextOpen(at, holding.hours)
    if (!open) return { at: null, objection: { code: 'consent_quiet_hours', sentence: neverOpen(holding) } }
    if (open > at) objection = { code: 'consent_quiet_hours', sentence: quiet(holding), until: open }
    const full = counts.find(({ caps, sent }) => brokenCap(caps, sent, open.getTime()) !== undefined)
    if (!full) return { at: open, ...(objection && { objection: { ...objection, until: open } }) }
    const capped = cappedBy(full, open.getTime())
    if (overCap === 'refuse') return { at: null, objection: capped }
    const room = nextWithin(full.caps, full.sent, open.getTime())
    if (room === null) return { at: null, objection: capped }
    objection = { ...capped, until: new Date(room) }
    at = new Date(room)
  }
  return {
    at: null,
    objection: objection ?? { code: 'consent_quiet_hours', sentence: neverOpen(holding) },
  }
}

const spanWords = { day: '24 hours', week: '7 days', month: '30 days' } as const

function cappedBy({ caps, sent, of }: Count, at: number): Objection {
  const span = brokenCap(caps, sent, at)!
  const most = caps[span]!
  return {
    code: 'consent_frequency_cap',
    sentence: `The recipient may get ${most} ${most === 1 ? 'message' : 'messages'} of ${of} in ${spanWords[span]}, and has had that.`,
  }
}

const ruleWords = ({ packs, overrides }: Holding): string =>
  [
    ...overrides.map(
      ({ hours, holidays, holiday_states = [] }) =>
        `${hours}${holidays === 'no' ? ', not on holidays' : ''}${holiday_states.length > 0 ? `, those of ${holiday_states.join(', ')} too` : ''} (your setting)`,
    ),
    ...packs.map(
      ({ hours, holidays, id }) => `${hours}${holidays === 'no' ? ', not on holidays' : ''} (rule ${id})`,
    ),
  ].join('; ')

/** Why an advert waits, in a sentence. */
export const quiet = (holding: Holding): string =>
  `Quiet hours: where the recipient may be, marketing goes out ${ruleWords(holding)}.`

const neverOpen = (holding: Holding): string =>
  `No hour of the next two months is allowed everywhere the recipient may be: ${ruleWords(holding)}, in ${holding.hours.zones.length} time zones. Give the person a time zone, or set hours for the country.`

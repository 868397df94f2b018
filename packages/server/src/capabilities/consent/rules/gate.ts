import type { Draft } from '../../../message/draft.ts'
import type { Asked, Gate, Verdict } from '../../../message/gate.ts'
import { type Lane, lanes } from '../../../message/lane.ts'
import type { Tx } from '../../../store/db.ts'
import type { Consent } from '../ledger.ts'
import { type Topic, topicsByIds } from '../topics.store.ts'
import type { Almanac } from './almanac.ts'
import { type CapList, type Caps, capsOf, longestSpanMs, strictest } from './caps.ts'
import {
  type Counted,
  countedKey,
  lockCounts,
  noteClosings,
  readCounts,
  readRules,
  writeCounts,
} from './gate.store.ts'
import { holdingsOf } from './holdings.ts'
import { type Count, type Kind, type Objection, objectionTo, timingOf } from './judge.ts'
import { type ConsentRules, defaultRules, type Holding } from './settings.ts'

const laneOf = { marketing: 'marketing', service: 'transactional', alert: 'alert' } as const

/** One message before the gate: what it is, and what has been found out about it. */
export interface Case {
  asked: Asked
  rules: ConsentRules
  topic: Topic | undefined
  kind: Kind
  /** As it will go out. */
  sender: string | null
  lane: Lane
  objection: Objection | undefined
  holding: Holding | undefined
  counts: (Count & { counted: Counted; sent: number[] })[]
  /** When it may go, once that is known. */
  at: Date
}

/** What a case may change outside of itself: an explanation changes nothing. */
export type Weight = 'counts' | 'explains'

export interface ConsentGate extends Gate {
  /** The cases as they are decided, in the order of what is asked. */
  weigh(asked: readonly Asked[], tx: Tx, weight: Weight): Promise<Case[]>
}

/**
 * Judges marketing and whatever is on a topic: may this person be sent this, and when. Eight statements for any number of
 * drafts: topics, settings, consent (two), time zones, counts (two), ends of hours.
 */
export function createConsentGate(house: {
  consent: Consent
  almanac: Almanac
  now: () => Date
}): ConsentGate {
  const { consent, almanac, now } = house

  async function weigh(asked: readonly Asked[], tx: Tx, weight: Weight): Promise<Case[]> {
    const at = now()
    const topics = await topicsByIds(
      tx,
      asked.flatMap(({ accountId, draft }) => (draft.topic ? [{ accountId, id: draft.topic }] : [])),
    )
    const rules = await readRules(
      tx,
      asked.map(({ accountId }) => accountId),
    )
    const cases = asked.map((one) => opened(one, topics, rules.get(one.accountId) ?? defaultRules, at))
    await askConsent(cases.filter(isOpen), tx)
    const open = cases.filter(isOpen)
    await findHours(open, tx)
    await count(open, tx, weight)
    return cases
  }

  async function askConsent(cases: readonly Case[], tx: Tx): Promise<void> {
    const standings = await consent.readStates(
      tx,
      cases.map(({ asked: { accountId, draft }, topic, sender }) => ({
        accountId,
        number: draft.to,
        topic: topic?.id ?? null,
        sender,
      })),
    )
    for (const [n, one] of cases.entries()) {
      const { kind, topic, rules } = one
      one.objection = objectionTo({ kind, topic, keptElsewhere: rules.keptElsewhere }, standings[n]!)
    }
  }

  async function findHours(cases: readonly Case[], tx: Tx): Promise<void> {
    const recipients = cases.map(({ asked: { accountId, draft }, kind, rules }) => {
      return { accountId, number: draft.to, kind, rules, timeZone: draft.timeZone }
    })
    const holdings = await holdingsOf(tx, recipients, almanac)
    for (const [n, one] of cases.entries()) one.holding = holdings[n]
  }

  /** Decides when each may go, one after the other: what the first one takes up of a cap, the next one finds gone. */
  async function count(cases: readonly Case[], tx: Tx, weight: Weight): Promise<void> {
    const counting = countingOf()
    const limits = cases.map((one) => limitsOn(one, counting(one), consent.keyOf))
    const wanted = limits.flat()
    const read = weight === 'counts' ? lockCounts : readCounts
    const sent = await read(
      tx,
      wanted.map(({ counted }) => counted),
      now(),
    )
    const oldest = now().getTime() - longestSpanMs
    for (const [key, all] of sent)
      sent.set(
        key,
        all.filter((each) => each > oldest).sort((a, b) => a - b),
      )
    const changed = new Map<string, Counted>()
    const closings: { accountId: string; at: Date }[] = []
    for (const [n, one] of cases.entries()) {
      one.counts = limits[n]!.map(({ caps, of, counted }) => ({
        caps,
        of,
        counted,
        sent: sent.get(countedKey(counted)) ?? [],
      }))
      decide(one)
      if (weight === 'explains' || (one.objection && !one.objection.until)) continue
      for (const { counted, sent: own } of one.counts) {
        own.push(one.at.getTime())
        own.sort((a, b) => a - b)
        sent.set(countedKey(counted), own)
        changed.set(countedKey(counted), counted)
      }
      const { until } = almanac.stretchAt(one.at, one.holding!.hours)
      const expires = one.asked.draft.expiresAt?.getTime() ?? one.at.getTime() + lanes[one.lane].validityMs
      const { accountId } = one.asked
      const last = closings.at(-1)
      // Most end with the one before.
      if (until && until.getTime() < expires && (last?.at !== until || last.accountId !== accountId))
        closings.push({ accountId, at: until })
    }
    if (weight === 'explains') return
    await writeCounts(
      tx,
      [...changed].map(([key, counted]) => {
        const all = sent.get(key)!
        return { ...counted, sent: all, until: new Date(all.at(-1)! + longestSpanMs + dayMs) }
      }),
    )
    await noteClosings(tx, closings)
  }

  function decide(one: Case): void {
    const { holding, counts, rules, asked } = one
    const { at, objection } = timingOf(one.at, { holding: holding!, counts, overCap: rules.overCap, almanac })
    one.objection = objection
    if (at === null) return
    one.at = at
    const { expiresAt } = asked.draft
    if (!objection || !expiresAt || at < expiresAt) return
    const { code, sentence } = objection
    one.objection = { code, sentence: `${sentence} By then it would have expired.` }
  }

  return {
    concerns: ({ lane, topic }) => lane === 'marketing' || topic !== undefined,
    weigh,
    judge: async (asked, tx) => (await weigh(asked, tx, 'counts')).map(verdictOf),
  }
}

const dayMs = 86_400_000

const isOpen = ({ objection }: Case): boolean => objection === undefined

function opened(asked: Asked, topics: ReadonlyMap<string, Topic>, rules: ConsentRules, now: Date): Case {
  const { accountId, draft } = asked
  const topic = draft.topic === undefined ? undefined : topics.get(accountId + draft.topic)
  const unknown = draft.topic !== undefined && (topic === undefined || topic.archived_at !== null)
  const kind =
    topic === undefined || (asked.lane === 'marketing' && topic.kind === 'service') ? 'marketing' : topic.kind
  return {
    asked,
    rules,
    topic,
    kind,
    sender: draft.from ?? topic?.sender ?? asked.sender,
    // An advert is one in whatever lane it is asked for: what waits for its hours is looked for there.
    lane: kind === 'marketing' ? 'marketing' : (draft.lane ?? laneOf[kind]),
    objection: unknown ? { code: 'consent_topic_unknown', sentence: unknownTopic(topic) } : undefined,
    holding: undefined,
    counts: [],
    at: draft.sendAt && draft.sendAt > now ? draft.sendAt : now,
  }
}

const unknownTopic = (topic: Topic | undefined): string =>
  topic ? `The topic “${topic.name}” has been archived.` : 'There is no topic with this id.'

interface Limit {
  caps: Caps
  of: string
  counted: Counted
}
type Counting = Pick<Limit, 'caps' | 'of'> & { scope: string | null }

/**
 * By which counts a case goes: that of all marketing (its scope null: the account), and that of its topic, where limits of
 * the country count too. All with one holding, which one account's rules have made, and one topic go by the same.
 */
function countingOf(): (one: Case) => readonly Counting[] {
  const known = new Map<Holding, Map<Topic | undefined, readonly Counting[]>>()
  return ({ rules, topic, kind, holding }) => {
    const ofHolding = known.get(holding!) ?? new Map<Topic | undefined, readonly Counting[]>()
    known.set(holding!, ofHolding)
    const found = ofHolding.get(topic)
    if (found) return found
    const overall = kind === 'marketing' ? rules.caps : {}
    const own = strictest([holding!.caps, topic ? capsOf(topic.frequency_caps as CapList) : {}])
    const all = topic
      ? [
          { caps: overall, of: 'all marketing', scope: null },
          { caps: own, of: `“${topic.name}”`, scope: topic.id },
        ]
      : [{ caps: strictest([overall, own]), of: 'all marketing', scope: null }]
    const limited = all.filter(({ caps }) => Object.keys(caps).length > 0)
    ofHolding.set(topic, limited)
    return limited
  }
}

function limitsOn(
  { asked: { accountId, draft } }: Case,
  counting: readonly Counting[],
  keyOf: Consent['keyOf'],
): readonly Limit[] {
  if (counting.length === 0) return noLimits
  const numberKey = keyOf(draft.to).toString('hex')
  return counting.map(({ caps, of, scope }) => {
    return { caps, of, counted: { accountId, numberKey, scope: scope ?? accountId } }
  })
}
const noLimits: readonly Limit[] = []

const pass: Verdict = { verdict: 'pass' }

function verdictOf({ asked: { draft }, topic, lane, objection, at }: Case): Verdict {
  if (objection && !objection.until)
    return { verdict: 'refuse', code: objection.code, message: objection.sentence }
  const sender = draft.from === undefined ? topic?.sender : undefined
  if (draft.lane === lane && !sender && !objection) return pass
  const changes: Partial<Draft> = {
    ...(draft.lane !== lane && { lane }),
    ...(sender && { from: sender }),
    ...(objection && { sendAt: at, hold: { code: objection.code, sentence: objection.sentence } }),
  }
  return { verdict: 'amend', draft: { ...draft, ...changes } }
}

import { uuidFloor } from '../../ids.ts'
import type { Claim, Claimed, Claims } from '../../inbound/claim.ts'
import type { Incoming } from '../../inbound/incoming.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { type NewEntry, ownWords, type Scope } from './entry.ts'
import { answerLanguage, spokenBy } from './languages.ts'
import { aboutPeople, type Known, othersWhoWrote } from './people.store.ts'
import type { Register } from './register.ts'
import type { Held } from './scope.ts'
import { type ConsentSettings, readSettings } from './settings.store.ts'
import { personOf, readHeld } from './state.store.ts'
import { houseText, ownText } from './texts.ts'
import { livingTopics, type Topic } from './topics.store.ts'
import type { Language } from './vocabulary.ts'
import { mentions, type Order, type Reading, read, type Subject } from './words.ts'

/** How far back "the last that we sent" may lie for a word to be about it. */
const rememberedMs = 400 * 86_400_000
/** The same of words that end nothing by themselves: what is older, nobody has in mind who asks for help or says no. */
const latelyMs = 30 * 86_400_000

/** A message with a word of ours in it, and all that says what the word means. */
interface Found {
  incoming: Incoming
  /** The message is this account's; else it only concerns it. */
  owned: boolean
  reading: Reading
  known: Known
  topics: readonly Topic[]
  settings: ConsentSettings & { name: string }
  held: readonly Held[]
}
type Case = Found & { at: number }

interface Outcome {
  claimed: Claimed | undefined
  entries?: NewEntry[]
  /** What to answer, unless the provider has. */
  answer?: string | undefined
  /** People of an account that the message is not in shall read it. */
  shown?: boolean
}

const maybe: Outcome = { claimed: { taken: false, flag: 'maybe_stop' } }

/** What a word to an address says to the accounts beside its owner that have written from there. */
interface Shared {
  /** The message, as if it were theirs. */
  found: Found
  outcome: Outcome
}

/** STOP before everything, HELP and START after open questions, softer words of stopping after dialogs. */
export function createClaims(platform: Platform, register: Register): Claims {
  /**
   * What each message says, for all steps are asked about the same ones; null: nothing of ours, as almost every one, and at
   * no cost of a statement.
   */
  const seen = new WeakMap<Incoming, Found | null>()

  /** Reads messages for the acts given, and does what `decide` says, for all of them at once. */
  const step =
    (acts: readonly Reading['act'][], decide: (found: Case) => Outcome): Claim =>
    async (incoming, tx) => {
      const claimed: (Claimed | undefined)[] = incoming.map(() => undefined)
      const cases = await casesAmong(tx, incoming, acts)
      const shared = await sharedBy(tx, cases)
      const outcomes = cases.map((found) =>
        together({ found, outcome: decide(found) }, shared.get(found) ?? []),
      )
      await register.record(
        tx,
        outcomes.flatMap(({ entries }) => entries),
      )
      await show(tx, [...shared.values()].flat())
      for (const [n, { claimed: answer }] of outcomes.entries()) claimed[cases[n]!.at] = answer
      await reply(
        tx,
        outcomes.flatMap(({ speaker }) => speaker ?? []),
      )
      return claimed
    }

  async function reply(tx: Tx, speakers: readonly Shared[]) {
    for (const [accountId, mine] of Map.groupBy(speakers, ({ found }) => found.incoming.accountId)) {
      const drafts = mine.map(({ found: { incoming, owned, known }, outcome: { answer } }) => ({
        ...{ to: incoming.from, text: answer!, lane: 'transactional' as const },
        // Another than the owner says it from where it has written before, while it may, or from wherever the carrier lets it.
        ...((owned || known.lastFromThere) &&
          platform.mayUse(accountId, incoming.to) && { from: incoming.to }),
      }))
      for (const sent of await platform.send(accountId, drafts, tx))
        if (!sent.ok) platform.log.info({ code: sent.code }, 'a confirmation could not be sent')
    }
  }

  /** The message is in its owner's inbox. Others who wrote from there lately get the words, as a doubt for their people to decide. */
  async function show(tx: Tx, shared: readonly Shared[]): Promise<void> {
    const wanted = shared.filter(({ outcome }) => outcome.shown)
    for (const [accountId, theirs] of Map.groupBy(wanted, ({ found }) => found.incoming.accountId)) {
      const payloads = theirs.map(({ found: { incoming } }) => ({
        ...{ channel: 'sms', address: incoming.from, from: 'consent', team_id: null, flag: 'maybe_stop' },
        sender: platform.mayUse(accountId, incoming.to) ? incoming.to : null,
        note: `They wrote to ${incoming.to}, which is another account’s and from which this account has written: “${incoming.text.slice(0, 1_600)}”. It may mean STOP.`,
      }))
      await platform.emit(accountId, 'inbox.wanted', payloads, tx)
    }
  }

  async function casesAmong(
    tx: Tx,
    incoming: readonly Incoming[],
    acts: readonly Reading['act'][],
  ): Promise<Case[]> {
    await look(
      tx,
      incoming.filter((one) => !seen.has(one)),
    )
    return incoming.flatMap((one, at) => {
      const found = seen.get(one)
      return found && acts.includes(found.reading.act) ? [{ ...found, at }] : []
    })
  }

  async function look(tx: Tx, incoming: readonly Incoming[]): Promise<void> {
    for (const one of incoming) seen.set(one, null)
    const maybes = incoming.filter((one) => one.answered !== undefined || mentions(one.text))
    for (const found of await readAll(tx, maybes, true)) seen.set(found.incoming, found)
  }

  /** A word is one to everybody who has written to this person from that address. */
  async function sharedBy(tx: Tx, cases: readonly Case[]): Promise<Map<Case, Shared[]>> {
    const others = await othersWhoWrote(
      tx,
      cases.map(({ incoming, reading: { act } }) => ({
        ...incoming,
        after: act === 'stop' || act === 'start' ? since(rememberedMs) : since(latelyMs),
      })),
    )
    const wanted = [...others].flatMap(([n, accounts]) =>
      accounts.map((accountId) => ({ of: cases[n]!, incoming: { ...cases[n]!.incoming, accountId } })),
    )
    const founds = await readAll(
      tx,
      wanted.map(({ incoming }) => incoming),
      false,
    )
    const shared = new Map<Case, Shared[]>()
    for (const found of founds) {
      const { of } = wanted.find(({ incoming }) => incoming === found.incoming)!
      const outcome = decideAbroad(found, of)
      if (outcome.entries || outcome.answer || outcome.shown)
        shared.set(of, [...(shared.get(of) ?? []), { found, outcome }])
    }
    return shared
  }

  const since = (ms: number) => uuidFloor(new Date(platform.now().getTime() - ms))

  async function readAll(tx: Tx, maybes: readonly Incoming[], owned: boolean): Promise<Found[]> {
    if (maybes.length === 0) return []
    const accounts = new Set(maybes.map(({ accountId }) => accountId))
    const [topics, settings] = [await livingTopics(tx, accounts), await readSettings(tx, accounts)]
    const known = await aboutPeople(tx, maybes, since(rememberedMs))
    const people = maybes.map(({ accountId, from }) => ({ accountId, numberKey: platform.addressKey(from) }))
    const held = await readHeld(tx, people)
    return maybes.flatMap((one, n) => {
      const found = {
        incoming: one,
        owned,
        known: known[n]!,
        topics: topics.get(one.accountId) ?? [],
        settings: settings.get(one.accountId)!,
        held: held.get(personOf(people[n]!)) ?? [],
      }
      const languages = spokenBy(one.from, found.known.language)
      const reading =
        byProvider(one) ?? read(one.text, { topics: found.topics, ...(languages && { languages }) })
      return reading ? [{ ...found, reading }] : []
    })
  }

  return {
    stop: step(['stop', 'doubtful'], (found) => {
      const { reading } = found
      if (reading.act !== 'stop') return maybe
      if (!reading.polite) return stop(found, reading.scope)
      // Meant, but not in the form that networks act on: it ends advertising, and a person reads it.
      if (!answersBound(found)) return maybe
      return { ...stop(found, reading.scope), claimed: { taken: false, flag: 'polite_stop' } }
    }),
    help: step(['help', 'start'], (found) =>
      found.reading.act === 'help' ? help(found) : start(found, found.reading as Order),
    ),
    soft_stop: step(['soft_stop'], (found) => (answersBound(found) ? stop(found, { kind: 'own' }) : maybe)),
  }
}

/**
 * What a message to somebody else's address changes for an account that has written from there. A soft no is the answer to
 * whoever wrote last; what is not plain, people read.
 */
function decideAbroad(found: Found, own: Found): Outcome {
  const { reading } = found
  if (reading.act === 'start') return start(found, reading)
  if (reading.act === 'help') return help(found)
  if (reading.act === 'stop' && (!reading.polite || answersBound(found))) return stop(found, reading.scope)
  if (reading.act === 'soft_stop' && answersBound(found) && wroteAt(found) > wroteAt(own))
    return stop(found, { kind: 'own' })
  return { claimed: undefined, shown: true }
}

/** When the account last wrote from the address that was written to; 0: what is kept does not say. */
const wroteAt = ({ known }: Found): number => known.wroteAt?.getTime() ?? 0

/**
 * What became of a message, for its owner and for all others whom it concerns: one answer, from whoever wrote last from
 * there, and the trace says that there were others.
 */
function together(own: Shared, shared: readonly Shared[]) {
  const { outcome } = own
  const answering = [own, ...shared].filter((each) => each.outcome.answer)
  // The owner where nothing tells them apart.
  const [speaker] = answering.toSorted((a, b) => wroteAt(b.found) - wroteAt(a.found))
  const counting = shared.filter((each) => each.outcome.entries)
  const taken = shared.find((each) => each.outcome.claimed?.taken)
  const claimed = outcome.claimed?.taken || !taken ? outcome.claimed : taken.outcome.claimed
  const abroad =
    counting.length > 0
      ? ` ${alsoAbroad(counting)}`
      : speaker && speaker !== own
        ? ' Another account did, which wrote last from this address.'
        : ''
  return {
    claimed: claimed?.taken ? { ...claimed, sentence: `${claimed.sentence}${abroad}` } : claimed,
    entries: [own, ...shared].flatMap(({ outcome: { entries = [] } }) => entries),
    speaker,
  }
}

const alsoAbroad = ({ length }: readonly Shared[]): string =>
  `It counts for ${length === 1 ? 'another account that has' : `${length} other accounts that have`} written from this address, too.`

/** What a provider says that it has understood, and acted on. */
function byProvider({ answered, text }: Incoming): Reading | undefined {
  if (!answered) return undefined
  return { act: answered, word: text, languages: [], scope: { kind: 'own' }, polite: false }
}

/** Whether the last that came from there was marketing, or on a topic: then a "no" is about that. */
function answersBound({ known: { lastFromThere: last } }: Found): boolean {
  return last !== null && (last.lane === 'marketing' || last.topic !== null)
}

function stop(found: Found, subject: Subject): Outcome {
  const { incoming, reading, held } = found
  const scope = scopeOf(found, subject)
  const before = held.find((word) => word.topic === scope.topic && word.sender === scope.sender)
  // One confirmation: who says it again has been told.
  const again = before?.granted === false && ownWords.includes(before.how)
  const topic = found.topics.find(({ id }) => id === scope.topic)
  return {
    claimed: {
      taken: true,
      code: 'consent_stop',
      sentence: again
        ? `“${reading.word}” was said before: nothing has changed, and nothing was answered.`
        : `“${reading.word}” ends ${topic ? `messages about ${topic.name}` : scope.sender ? `what hangs on consent from ${scope.sender}` : 'all that hangs on consent'}.`,
    },
    entries: [entryOf(found, { ...scope, act: 'withdrawn' })],
    answer: again || incoming.answered ? undefined : answerOf(found, 'opt_out', topic),
  }
}

/** What a STOP is about. */
function scopeOf({ incoming, settings, known, topics }: Found, subject: Subject): Scope {
  if (subject.kind === 'topic') return { topic: subject.topic, sender: null }
  if (subject.kind === 'all' || settings.opt_out_scope === 'account') return { topic: null, sender: null }
  const last = known.lastFromThere
  // What the provider has shut is the sender, whatever we would make of the word.
  if (last && incoming.answered) return { topic: null, sender: incoming.to }
  // Nothing came from there: people answer a name by writing to the number that they know, and mean all of it.
  if (!last) return { topic: null, sender: null }
  const topic = topics.find(({ id, mandatory }) => id === last.topic && !mandatory)
  if (settings.opt_out_scope === 'topic' && topic) return { topic: topic.id, sender: null }
  return { topic: null, sender: incoming.to }
}

/** Gives back what this person's own words to this address took, and no more. */
function start(found: Found, { scope, word }: Order): Outcome {
  const { incoming, held } = found
  const taken = held.filter(
    (each) => each.granted === false && ownWords.includes(each.how) && each.via === incoming.to,
  )
  const entries =
    scope.kind === 'topic'
      ? backToTopic(found, taken, scope.topic)
      : taken.map((each) => entryOf(found, { topic: each.topic, sender: each.sender, act: 'restored' }))
  if (entries.length === 0) {
    // Nothing of ours: a keyword may be called that, a person may mean it.
    if (!incoming.answered) return { claimed: undefined }
    return {
      claimed: {
        taken: true,
        code: 'consent_start',
        sentence: 'The provider has answered; nothing was stopped here.',
      },
    }
  }
  const sentence = `“${word}” gives back what STOP took.`
  return {
    claimed: { taken: true, code: 'consent_start', sentence },
    entries,
    answer: incoming.answered
      ? undefined
      : answerOf(
          found,
          'start',
          found.topics.find(({ id }) => scope.kind === 'topic' && id === scope.topic),
        ),
  }
}

/** One topic of what a STOP took: its own no, or the part of a broader one that was agreed to before. */
function backToTopic(found: Found, taken: readonly Held[], topic: string): NewEntry[] {
  const own = taken.find((each) => each.topic === topic)
  if (own) return [entryOf(found, { topic, sender: null, act: 'restored' })]
  const agreed = found.held.some((each) => each.topic === topic && each.granted)
  const broader = taken.some((each) => each.topic === null)
  return agreed && broader ? [entryOf(found, { topic, sender: null, act: 'granted' })] : []
}

function help(found: Found): Outcome {
  const { scope } = found.reading as Order
  const id = scope.kind === 'topic' ? scope.topic : found.known.lastFromThere?.topic
  const topic = found.topics.find((one) => one.id === id)
  return {
    claimed: {
      taken: true,
      code: 'consent_help',
      sentence: `“${found.reading.word}” was answered with how to get help.`,
    },
    answer: found.incoming.answered ? undefined : answerOf(found, 'help', topic),
  }
}

function answerOf(found: Found, which: 'opt_out' | 'start' | 'help', topic: Topic | undefined): string {
  const { incoming, known, reading, settings } = found
  const fallback = topic?.language ?? found.topics[0]?.language ?? 'en'
  const language = answerLanguage(incoming.from, known.language, reading.languages as Language[], fallback)
  const said = {
    name: settings.display_name ?? settings.name,
    topic: topic?.name ?? null,
    contact: settings.help_contact,
  }
  const written = topic ? [topic.texts, settings.texts] : [settings.texts]
  return ownText(which, language, written, said) ?? houseText(which, language, said)
}

function entryOf(
  { incoming, owned, reading, known }: Found,
  { topic, sender, act }: Scope & Pick<NewEntry, 'act'>,
): NewEntry {
  const { accountId, from, to, id, text, answered } = incoming
  return {
    accountId,
    number: from,
    topic,
    sender,
    act,
    how: 'sms_keyword',
    via: to,
    // The message is in its owner's account, and of no use to another.
    messageIds: owned ? [id] : [],
    details: {
      text_received: text.slice(0, 1_600),
      word: reading.word,
      ...(known.language && { language: known.language }),
      ...(answered
        ? { note: 'The provider has acted on it and answered.' }
        : !owned && {
            note: 'Written to an address that this account has sent from, and another account owns.',
          }),
    },
  }
}

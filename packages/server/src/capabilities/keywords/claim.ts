import type { Incoming } from '../../inbound/incoming.ts'
import type { Capability, Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { type Book, settingsOfNumber } from './book.ts'
import type { Books } from './books.ts'
import { type Asking, type Person, type Said, say, sayRows, sayTemplate } from './compose.ts'
import { findRows } from './lookup.ts'
import { type Match, match } from './match.ts'
import { findPeople } from './person.store.ts'
import { type Allowed, callerKey, spend, unknownQuota } from './quota.ts'
import { type Reply, sendReplies } from './reply.ts'
import type { Quota } from './service.ts'
import { insertAsks } from './source/ask.store.ts'
import { countable, sayUnclear, sayUnknown } from './unknown.ts'
import { fold } from './words.ts'

type Claim = NonNullable<NonNullable<Capability['claims']>['keyword']>
type Claimed = NonNullable<Awaited<ReturnType<Claim>>[number]>

/** A message that is ours, and what is known of it. */
interface Heard {
  readonly place: number
  readonly one: Incoming
  readonly book: Book
  readonly found: Match
  readonly person: Person | undefined
}

/** A number that can be written back to: not the short code or the name of another machine. */
const canBeAnswered = /^\+?\d{7,15}$/

/** Step `keyword`: answers what services can answer at once, and writes down what a source has to be asked. */
export function createClaim(platform: Platform, books: Books): Claim {
  const secret = platform.keyed('callers')

  async function listen(incoming: readonly Incoming[], tx: Tx): Promise<Heard[]> {
    const known = await books.of(
      tx,
      incoming.map(({ accountId }) => accountId),
    )
    if (known.size === 0) return []
    const heard = incoming.flatMap((one, place) => {
      const book = known.get(one.accountId)
      if (!book || !canBeAnswered.test(one.from)) return []
      const found = match(book, one.to, one.text)
      return isOurs(found, book, one) ? [{ place, one, book, found }] : []
    })
    const people = await findPeople(
      tx,
      heard.map(({ one }) => one),
    )
    return heard.map((each, at) => ({ ...each, person: people[at] }))
  }

  return async (incoming, tx) => {
    const answers: (Claimed | undefined)[] = incoming.map(() => undefined)
    const heard = await listen(incoming, tx)
    if (heard.length === 0) return answers
    const allowed = await spend(
      tx,
      heard.map((each) => useOf(each, secret)),
      platform.now(),
    )
    const { said, toSource, broken } = await answer(heard, allowed, tx)
    for (const error of broken.values())
      platform.log.error(
        { error: error.message },
        'a keyword service could not be answered, and is left to others',
      )
    await askSources(platform, toSource, tx)
    const replies = heard.flatMap((each) => (said.has(each) ? [replyOf(each, said.get(each)!)] : []))
    const sent = await sendReplies(platform, replies, tx)
    const refusals = new Map(replies.map(({ messageId }, at) => [messageId, sent[at]!]))
    for (const each of heard) {
      const result = refusals.get(each.one.id)
      const refusal = result && !result.ok ? result : undefined
      answers[each.place] = broken.has(each) ? leftBroken : claimed(each, said.get(each), refusal)
    }
    return answers
  }
}

function isOurs(found: Match, book: Book, { to, flags }: Incoming): boolean {
  if (found.is === 'asked') return true
  // What may be a STOP is for a person to read.
  if (flags.includes('maybe_stop')) return false
  return found.is === 'unclear' || (!found.left && settingsOfNumber(book, to) !== undefined)
}

const askingOf = ({ one, found, person }: Heard & { found: { is: 'asked' } }): Asking => ({
  entry: found.entry,
  given: found.given,
  from: one.from,
  to: one.to,
  at: one.at,
  person,
})

const isAsked = (heard: Heard): heard is Heard & { found: Extract<Match, { is: 'asked' }> } =>
  heard.found.is === 'asked'

function useOf({ one, found }: Heard, secret: Buffer) {
  const quota: Quota = found.is === 'asked' ? found.entry.service.quota : unknownQuota
  return {
    accountId: one.accountId,
    serviceId: found.is === 'asked' ? found.entry.service.id : one.accountId,
    caller: callerKey(secret, one.from),
    perHour: quota.per_hour,
    perDay: quota.per_day,
  }
}

/** A service that throws is one account's; what comes in for the others must not wait for it to be mended. */
const leftBroken: Claimed = { taken: false, flag: 'keyword_broken' }

/** What is said to each at once. Who asked too often is told so once; who has to wait for a source is not in it. */
async function answer(heard: readonly Heard[], allowed: readonly Allowed[], tx: Tx) {
  const said = new Map<Heard, Said>()
  const broken = new Map<Heard, Error>()
  const inTables: (Heard & { found: { is: 'asked' } })[] = []
  const toSource: (Heard & { found: { is: 'asked' } })[] = []
  const put = (each: Heard, make: () => Said): void => {
    try {
      said.set(each, make())
    } catch (error) {
      broken.set(each, error as Error)
    }
  }
  for (const [at, each] of heard.entries()) {
    if (!isAsked(each)) {
      // A machine that gets no answer asks no more: nothing is said about the limit.
      if (allowed[at] === 'answer') put(each, () => sayOther(each))
      continue
    }
    if (allowed[at] === 'silent') continue
    const { service } = each.found.entry
    if (allowed[at] === 'tell') put(each, () => say(askingOf(each), 'quota'))
    else if (each.found.missing) put(each, () => say(askingOf(each), 'usage'))
    else if (service.kind === 'template') put(each, () => sayTemplate(askingOf(each)))
    else if (service.kind === 'table') inTables.push(each)
    else toSource.push(each)
  }
  const rows = await findRows(tx, inTables.map(askingOf))
  for (const [at, each] of inTables.entries()) put(each, () => sayRows(askingOf(each), rows[at]!))
  return { said, toSource, broken }
}

function sayOther({ one, book, found, person }: Heard): Said {
  if (found.is === 'unclear') return sayUnclear(found.entries, person)
  return sayUnknown(book, one.to, found.is === 'unknown' ? (found.word ?? '') : '', person)
}

async function askSources(
  platform: Platform,
  asked: readonly (Heard & { found: Extract<Match, { is: 'asked' }> })[],
  tx: Tx,
): Promise<void> {
  if (asked.length === 0) return
  const now = platform.now()
  const rows = asked.map(({ one, found: { entry, how, given } }) => ({
    account_id: one.accountId,
    message_id: one.id,
    service_id: entry.service.id,
    asking: { from: one.from, to: one.to, keyword: entry.keyword.word, how, given, at: one.at.toISOString() },
  }))
  await insertAsks(tx, rows, now)
  await platform.later('answer', {}, now, tx, 'answer')
}

function replyOf({ one, found }: Heard, said: Said): Reply {
  const asked = found.is === 'asked' ? found : undefined
  return {
    accountId: one.accountId,
    messageId: one.id,
    from: one.to,
    to: one.from,
    at: one.at,
    said,
    service: asked?.entry.service,
    keyword: asked?.entry.keyword.word ?? countable(found.is === 'asked' ? '' : fold(found.word ?? '')),
    how: asked?.how ?? null,
  }
}

/** What is written into the trace of the message. */
const sentences: Readonly<Record<Said['result'], string>> = {
  answer: 'was answered',
  not_found: 'was asked for something that is not there; that was said',
  usage: 'was asked without what it needs; how it is asked was said',
  failed: 'could not answer; that was said',
  quota: 'was asked too often by this number; that was said, once',
  did_you_mean: 'may have been meant; the question went back',
  unknown: 'is a word that no service has; that was said',
}

function claimed(
  { found }: Heard,
  said: Said | undefined,
  refusal: { code: string; message: string } | undefined,
): Claimed {
  const word = found.is === 'asked' ? found.entry.keyword.word : (found.word ?? '')
  const name = found.is === 'asked' ? `${word} (${found.entry.service.name})` : `"${word}"`
  if (refusal)
    return {
      taken: true,
      code: 'keyword_not_sent',
      sentence: `${name}: the answer was refused. ${refusal.message}`,
    }
  if (said)
    return { taken: true, code: `keyword_${said.result}`, sentence: `${name} ${sentences[said.result]}.` }
  if (found.is === 'asked' && found.entry.service.kind === 'http')
    return {
      taken: true,
      code: 'keyword_asked',
      sentence: `${name}: its source is asked, and then answered.`,
    }
  return {
    taken: true,
    code: 'keyword_silent',
    sentence: `${name}: this number has asked too often and gets no answer for a while.`,
  }
}

import { countSegments } from '@kurzpost/gsm'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { type Book, makeBook, settingsOfNumber } from './book.ts'
import type { Books } from './books.ts'
import {
  type Asking,
  type Person,
  type Said,
  say,
  sayReading,
  sayRows,
  sayTemplate,
  valuesToAsk,
} from './compose.ts'
import { findRows } from './lookup.ts'
import { type Match, match } from './match.ts'
import { findPeople } from './person.store.ts'
import { isReserved } from './reserved.ts'
import type { Column, Service } from './service.ts'
import { readFetched } from './source/consult.ts'
import type { Fetch } from './source/fetch.ts'
import { buildRequest } from './source/request.ts'
import { sayUnclear, sayUnknown } from './unknown.ts'
import { wordsOf } from './words.ts'

/** What would become of a text, without anything being sent, counted or remembered. A source is asked in fact. */
export interface Trial {
  found: Match
  said: Said | undefined
  source: SourceTrial | undefined
  trace: { code: string; sentence: string }[]
}

export interface SourceTrial {
  url: string
  status: number | null
  ms: number
  body: string | null
  values: Readonly<Record<string, string>>
  lines: number
  problem: { code: string; sentence: string } | null
}

export interface Trying {
  accountId: string
  text: string
  to: string
  from: string
  /** In place of all that is stored. */
  service: { service: Service; columns: readonly Column[] } | undefined
}

const mostShown = 20_000

export async function tryText(
  house: { platform: Platform; books: Books; fetch: Fetch; tx: Tx },
  trying: Trying,
): Promise<Trial> {
  const { accountId, text, to, from } = trying
  const trace: Trial['trace'] = []
  const note = (code: string, sentence: string) => void trace.push({ code, sentence })
  const book = await bookOf(house, trying)
  const found = match(book, to, text)
  const [person] = await findPeople(house.tx, [{ accountId, from }])
  describe(found, text, note)
  if (person)
    note(
      'person',
      `The number is one of your people${person.language ? `, whose language is ${person.language}` : ''}.`,
    )
  if (found.is !== 'asked') {
    const said = sayOther(found, book, to, person)
    if (!said) note('left', 'It is left to others: to the inbox, in the end.')
    return { found, said, source: undefined, trace }
  }
  const asking: Asking = {
    entry: found.entry,
    given: found.given,
    from,
    to,
    at: house.platform.now(),
    person,
  }
  const { said, source } = await answer(house, asking, found.missing)
  note('language', `The answer is in ${said.language}.`)
  if (said.cut) note('cut', `It was longer than ${countSegments(said.text).segments} segments and is cut.`)
  return { found, said, source, trace }
}

async function bookOf(
  { books, tx }: { books: Books; tx: Tx },
  { accountId, service }: Trying,
): Promise<Book> {
  if (service)
    return makeBook(0, [service.service], new Map([[service.service.id, service.columns]]), new Map())
  return (await books.of(tx, [accountId])).get(accountId) ?? makeBook(0, [], new Map(), new Map())
}

function sayOther(found: Match, book: Book, to: string, person: Person | undefined): Said | undefined {
  if (found.is === 'unclear') return sayUnclear(found.entries, person)
  if (found.is === 'unknown' && !found.left && settingsOfNumber(book, to))
    return sayUnknown(book, to, found.word ?? '', person)
  return undefined
}

function describe(found: Match, text: string, note: (code: string, sentence: string) => void): void {
  if (found.is === 'asked') {
    const { service, keyword } = found.entry
    note(
      found.how,
      found.how === 'exact'
        ? `"${keyword.word}" is a word of ${service.name}.`
        : `It is one slip away from "${keyword.word}", a word of ${service.name}, and from no other word.`,
    )
    if (found.missing) note('missing', 'Something is missing behind the word.')
  } else if (found.is === 'unclear') {
    note('unclear', `It may mean ${found.entries.map(({ keyword }) => keyword.word).join(' or ')}.`)
  } else if (isReserved(wordsOf(text)[0] ?? '')) {
    note('reserved', `"${found.word}" means STOP, START or HELP, or may: no service answers to it.`)
  } else if (found.left) {
    note('sentence', 'It has more words than the service takes, or may be a STOP that is mistyped.')
  } else note('unknown', 'It begins with no word of a service at this number.')
}

async function answer(
  house: { platform: Platform; fetch: Fetch; tx: Tx },
  asking: Asking,
  missing: boolean,
): Promise<{ said: Said; source?: SourceTrial }> {
  const { service } = asking.entry
  if (missing) return { said: say(asking, 'usage') }
  if (service.kind === 'template') return { said: sayTemplate(asking) }
  if (service.kind === 'table') return { said: sayRows(asking, (await findRows(house.tx, [asking]))[0]!) }
  return askSource(house.fetch, asking)
}

async function askSource(fetch: Fetch, asking: Asking): Promise<{ said: Said; source?: SourceTrial }> {
  const { service } = asking.entry
  const source = service.settings.source!
  const request = buildRequest(source, service.secrets, valuesToAsk(asking))
  if (!request) return { said: say(asking, 'failed') }
  const fetched = await fetch(request, source.timeout_ms)
  const read = readFetched(service, fetched)
  const shown = {
    url: request.url,
    status: fetched.answer?.status ?? null,
    ms: fetched.ms,
    body: fetched.answer?.body.slice(0, mostShown).replaceAll('\0', '').toWellFormed() ?? null,
  }
  if ('code' in read)
    return { said: say(asking, 'failed'), source: { ...shown, values: {}, lines: 0, problem: read } }
  const { values, lines } = read
  return { said: sayReading(asking, read), source: { ...shown, values, lines: lines.length, problem: null } }
}

import type {
  Argument,
  Service,
  ServiceKind,
  Source,
  SourceHeader,
  TextName,
  Texts,
  Typos,
} from '../api/keywords.ts'

/** A service as it is typed: numbers are text, and lists have room for the row that is being written. */
export interface Draft {
  kind: ServiceKind
  name: string
  enabled: boolean
  /** Divided by commas. Empty: all numbers. */
  numbers: string
  keywords: { word: string; language: string }[]
  arguments: Argument[]
  language: string
  timeZone: string
  typos: Typos
  maxSegments: string
  perHour: string
  perDay: string
  mostRows: string
  texts: Record<TextName, Words[]>
  source: SourceDraft
}

/** A text in one language. */
export interface Words {
  language: string
  text: string
}

export interface SourceDraft {
  method: 'GET' | 'POST'
  url: string
  headers: { name: string; value: string; secret: boolean; kept: boolean }[]
  body: string
  values: Place[]
  hasList: boolean
  listPlace: string
  listValues: Place[]
  line: Words[]
  listMost: string
  timeoutMs: string
  cacheSeconds: string
  staleSeconds: string
}

/** Where a value stands in an answer: a JSON Pointer. */
export interface Place {
  name: string
  place: string
}

export const emptySource: SourceDraft = {
  method: 'GET',
  url: '',
  headers: [],
  body: '',
  values: [],
  hasList: false,
  listPlace: '',
  listValues: [],
  line: [],
  listMost: '3',
  timeoutMs: '5000',
  cacheSeconds: '30',
  staleSeconds: '600',
}

export function emptyDraft(kind: ServiceKind, language: string, timeZone: string, word = ''): Draft {
  return {
    kind,
    name: '',
    enabled: true,
    numbers: '',
    keywords: [{ word, language }],
    arguments: kind === 'http' ? [{ name: '', rest: true }] : [],
    language,
    timeZone,
    typos: 'answer',
    maxSegments: '2',
    perHour: '20',
    perDay: '60',
    mostRows: '5',
    texts: { answer: [{ language, text: '' }], not_found: [], usage: [], failed: [], quota: [] },
    source: emptySource,
  }
}

const wordsOf = (texts: Texts | undefined): Words[] =>
  Object.entries(texts ?? {}).map(([language, text]) => ({ language, text }))
const placesOf = (values: Readonly<Record<string, string>>): Place[] =>
  Object.entries(values).map(([name, place]) => ({ name, place }))
const shown = (number: number | null): string => (number === null ? '' : String(number))

export function draftOf(service: Service): Draft {
  const { texts, quota, source } = service
  return {
    kind: service.kind,
    name: service.name,
    enabled: service.enabled,
    numbers: (service.numbers ?? []).join(', '),
    keywords: service.keywords.map(({ word, language = '' }) => ({ word, language })),
    arguments: service.kind === 'table' ? [] : service.arguments,
    language: service.language,
    timeZone: service.time_zone,
    typos: service.typos,
    maxSegments: String(service.max_segments),
    perHour: shown(quota.per_hour),
    perDay: shown(quota.per_day),
    mostRows: String(service.most_rows),
    texts: {
      answer: wordsOf(texts.answer),
      not_found: wordsOf(texts.not_found),
      usage: wordsOf(texts.usage),
      failed: wordsOf(texts.failed),
      quota: wordsOf(texts.quota),
    },
    source: source ? sourceDraftOf(source) : emptySource,
  }
}

function sourceDraftOf(source: Source): SourceDraft {
  const { list } = source
  return {
    method: source.method,
    url: source.url,
    headers: source.headers.map(({ name, value = '', secret = false }) => ({
      name,
      value,
      secret,
      kept: secret,
    })),
    body: source.body === undefined ? '' : JSON.stringify(source.body, null, 2),
    values: placesOf(source.values),
    hasList: list !== null,
    listPlace: list?.place ?? '',
    listValues: placesOf(list?.values ?? {}),
    line: wordsOf(list?.line),
    listMost: String(list?.most ?? 3),
    timeoutMs: String(source.timeout_ms),
    cacheSeconds: String(source.cache_seconds),
    staleSeconds: String(source.stale_seconds),
  }
}

/** The body of a POST cannot be read as JSON. */
export class UnreadableBody extends Error {}

const textsOf = (words: readonly Words[]): Texts =>
  Object.fromEntries(
    words
      .filter(({ text }) => text.trim() !== '')
      .map(({ language, text }) => [language.trim().toLowerCase(), text]),
  )
const valuesOf = (places: readonly Place[]): Record<string, string> =>
  Object.fromEntries(
    places.filter(({ name }) => name.trim() !== '').map(({ name, place }) => [name.trim(), place.trim()]),
  )
/** Empty is none; what is no number stays, for the server to say so. */
const numberOf = (typed: string): number | string | null =>
  typed.trim() === '' ? null : Number.isNaN(Number(typed.trim())) ? typed : Number(typed.trim())

/** What the API takes: the draft without its empty rows. Throws UnreadableBody. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const numbers = draft.numbers
    .split(/[,;\n]/)
    .map((number) => number.trim())
    .filter(Boolean)
  const texts = Object.entries(draft.texts).flatMap(([name, words]) => {
    const given = textsOf(words)
    return name === 'answer' || Object.keys(given).length > 0 ? [[name, given] as const] : []
  })
  return {
    name: draft.name.trim(),
    enabled: draft.enabled,
    numbers: numbers.length > 0 ? numbers : null,
    keywords: draft.keywords
      .filter(({ word }) => word.trim() !== '')
      .map(({ word, language }) => ({
        word: word.trim(),
        ...(language.trim() && { language: language.trim() }),
      })),
    ...(draft.kind !== 'table' && {
      arguments: draft.arguments
        .filter(({ name }) => name.trim() !== '')
        .map(({ name, optional, rest }, at, all) => ({
          name: name.trim(),
          ...(optional && { optional }),
          ...(rest && at === all.length - 1 && { rest }),
        })),
    }),
    language: draft.language.trim(),
    time_zone: draft.timeZone.trim(),
    typos: draft.typos,
    max_segments: numberOf(draft.maxSegments),
    quota: { per_hour: numberOf(draft.perHour), per_day: numberOf(draft.perDay) },
    texts: Object.fromEntries(texts),
    ...(draft.kind === 'table' && { most_rows: numberOf(draft.mostRows) }),
    ...(draft.kind === 'http' && { source: sourceOf(draft.source) }),
  }
}

function sourceOf(draft: SourceDraft): Record<string, unknown> {
  return {
    method: draft.method,
    url: draft.url.trim(),
    headers: draft.headers.filter(({ name }) => name.trim() !== '').map(headerOf),
    ...(draft.method === 'POST' && draft.body.trim() && { body: jsonOf(draft.body) }),
    values: valuesOf(draft.values),
    list: draft.hasList
      ? {
          place: draft.listPlace.trim(),
          values: valuesOf(draft.listValues),
          line: textsOf(draft.line),
          most: numberOf(draft.listMost),
        }
      : null,
    timeout_ms: numberOf(draft.timeoutMs),
    cache_seconds: numberOf(draft.cacheSeconds),
    stale_seconds: numberOf(draft.staleSeconds),
  }
}

/** A secret that is kept goes without its value. */
function headerOf({ name, value, secret, kept }: SourceDraft['headers'][number]): SourceHeader {
  if (!secret) return { name: name.trim(), value }
  return { name: name.trim(), secret, ...(kept && value === '' ? {} : { value }) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableBody()
  }
}

/** Placeholders that the texts of a draft may hold, those of its own first. */
export function placeholdersOf(draft: Draft, columns: readonly string[]): string[] {
  const { source } = draft
  const named = (places: readonly { name: string }[]) => places.map(({ name }) => name.trim()).filter(Boolean)
  const own =
    draft.kind === 'table'
      ? columns
      : draft.kind === 'http'
        ? [
            ...(source.hasList ? ['list'] : []),
            ...named(source.values),
            ...(!source.hasList && source.values.length === 0 ? ['body'] : []),
            ...named(draft.arguments),
          ]
        : named(draft.arguments)
  return [...new Set([...own, 'keyword', 'number', 'date', 'time', 'contact.name'])]
}

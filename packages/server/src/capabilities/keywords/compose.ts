import { fillTemplate, parseTemplate, type TemplateValues } from '@kurzpost/gsm'
import { mask } from '../../mask.ts'
import type { Entry } from './book.ts'
import { clean, cutToSegments } from './cut.ts'
import type { Reading } from './source/read.ts'
import type { Texts } from './texts.ts'
import { houseTexts, inLanguage, joinChoices } from './texts.ts'

/** What is known of who asks, where they are among the contacts. */
export interface Person {
  readonly language: string | null
  readonly name: string | null
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Somebody asks a service: all that an answer is made of. */
export interface Asking {
  readonly entry: Entry
  /** What was written behind the word, as the arguments took it. */
  readonly given: readonly string[]
  readonly from: string
  readonly to: string
  readonly at: Date
  readonly person: Person | undefined
}

export const results = ['answer', 'not_found', 'usage', 'failed', 'quota', 'did_you_mean', 'unknown'] as const
export type Result = (typeof results)[number]

/** What somebody gets to read. */
export interface Said {
  readonly result: Result
  readonly text: string
  readonly language: string
  /** It was shortened. */
  readonly cut: boolean
}

/** Theirs, else that of the word that they used, else that of the service. */
export const languagesOf = ({ entry, person }: Pick<Asking, 'entry' | 'person'>): (string | undefined)[] => [
  person?.language ?? undefined,
  entry.keyword.language,
  entry.service.settings.language,
]

/** Values for what is said to the person: their own number is masked, as a phone may be read over a shoulder. */
export const valuesToSay = (asking: Asking, language: string): TemplateValues => ({
  ...moment(asking, language),
  ...valuesOfPerson(asking.person),
  number: mask(asking.from),
  ...valuesGiven(asking),
})

/** Values for a request to a source, which has to know who asks. */
export const valuesToAsk = (asking: Asking): TemplateValues => ({
  ...valuesOfPerson(asking.person),
  number: asking.from,
  ...valuesGiven(asking),
})

/** Making one takes a hundred times as long as using it. */
const formats = new Map<string, { date: Intl.DateTimeFormat; time: Intl.DateTimeFormat }>()

function formatsOf(language: string, timeZone: string) {
  const name = `${language} ${timeZone}`
  let found = formats.get(name)
  if (!found) {
    found = {
      date: new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'medium' }),
      time: new Intl.DateTimeFormat(language, { timeZone, timeStyle: 'short' }),
    }
    formats.set(name, found)
  }
  return found
}

function moment({ at, entry }: Asking, language: string): TemplateValues {
  const { date, time } = formatsOf(language, entry.service.settings.time_zone)
  return { date: date.format(at), time: time.format(at) }
}

function valuesOfPerson(person: Person | undefined): TemplateValues {
  if (!person) return {}
  const attributes = Object.entries(person.attributes).flatMap(([name, value]) =>
    typeof value === 'object' ? [] : [[`contact.${name}`, String(value)]],
  )
  return { 'contact.name': person.name, ...Object.fromEntries(attributes) }
}

function valuesGiven({ entry, given }: Asking): TemplateValues {
  const named = entry.arguments.map(({ name }, at) => [name, given[at]] as const)
  const numbered = given.map((word, at) => [String(at + 1), word] as const)
  return {
    keyword: entry.keyword.word,
    arguments: given.join(' '),
    ...Object.fromEntries([...named, ...numbered]),
  }
}

/** How a service is asked: `ABFAHRT <Haltestelle>`. */
export const usageOf = ({ keyword, arguments: args }: Pick<Entry, 'keyword' | 'arguments'>): string =>
  [keyword.word, ...args.map(({ name, optional }) => (optional ? `[${name}]` : `<${name}>`))].join(' ')

/** A text of the service, else of the house. */
export function say(asking: Asking, result: Exclude<Result, 'answer'>, more: TemplateValues = {}): Said {
  const { settings } = asking.entry.service
  const own: Texts | undefined =
    result === 'did_you_mean' || result === 'unknown' ? undefined : settings.texts[result]
  const [language, text] = inLanguage(own ?? houseTexts[result], languagesOf(asking))
  const values = { ...valuesToSay(asking, language), usage: usageOf(asking.entry), suggestions: '', ...more }
  return finish(result, language, fillTemplate(parseTemplate(text), values), settings.max_segments)
}

export function finish(result: Result, language: string, text: string, maxSegments: number): Said {
  return { result, language, ...cutToSegments(text, maxSegments) }
}

export function sayTemplate(asking: Asking): Said {
  const { texts, max_segments } = asking.entry.service.settings
  const [language, text] = inLanguage(texts.answer, languagesOf(asking))
  return finish(
    'answer',
    language,
    fillTemplate(parseTemplate(text), valuesToSay(asking, language)),
    max_segments,
  )
}

/** Rows of a table that fit, and whether there are more than are shown. */
export interface Rows {
  readonly rows: readonly (readonly string[])[]
  readonly more: boolean
  /** Keys like the one that was asked for. */
  readonly close: readonly string[]
}

/** A line for each row; `{{column}}` is its cell. */
export function sayRows(asking: Asking, { rows, more, close }: Rows): Said {
  if (rows.length === 0) return sayNotFound(asking, close)
  const { columns, service } = asking.entry
  const [language, text] = inLanguage(service.settings.texts.answer, languagesOf(asking))
  const parts = parseTemplate(text)
  const base = valuesToSay(asking, language)
  const lines = rows.map((cells) =>
    fillTemplate(parts, { ...base, ...Object.fromEntries(columns.map(({ name }, at) => [name, cells[at]])) }),
  )
  const rest = more ? [inLanguage(moreRows, [language])[1]] : []
  return finish('answer', language, [...lines.map(clean), ...rest].join('\n'), service.settings.max_segments)
}

const moreRows: Texts = { en: '(there is more)', de: '(es gibt noch mehr)' }

export function sayNotFound(asking: Asking, close: readonly string[] = []): Said {
  const [language] = inLanguage(houseTexts.did_you_mean, languagesOf(asking))
  const suggestions = close.length > 0 ? ` ${didYouMean(close, language)}` : ''
  return say(asking, 'not_found', { suggestions })
}

export const didYouMean = (choices: readonly string[], language: string): string =>
  fillTemplate(parseTemplate(inLanguage(houseTexts.did_you_mean, [language])[1]), {
    choices: joinChoices(choices, language),
  })

/** What a source said: `{{name}}` for a value, `{{list}}` for its entries, a line each. */
export function sayReading(asking: Asking, { found, values, lines }: Reading): Said {
  if (!found) return sayNotFound(asking)
  const { texts, source, max_segments } = asking.entry.service.settings
  const [language, text] = inLanguage(texts.answer, languagesOf(asking))
  const all = { ...valuesToSay(asking, language), ...values }
  const line =
    source?.list && parseTemplate(inLanguage(source.list.line, [language, ...languagesOf(asking)])[1])
  const list = line ? lines.map((entry) => clean(fillTemplate(line, { ...all, ...entry }))).join('\n') : ''
  return finish('answer', language, fillTemplate(parseTemplate(text), { ...all, list }), max_segments)
}

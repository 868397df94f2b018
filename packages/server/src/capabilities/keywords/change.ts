import type { Guard } from '../../egress.ts'
import { KurzpostError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import type { NewServiceBody, ServiceChangeBody } from './api/schemas.ts'
import { bareNumber } from './book.ts'
import { isReserved } from './reserved.ts'
import {
  countServices,
  findService,
  holdBook,
  insertService,
  type ServiceRow,
  type ShownService,
  updateService,
  wordsOfOthers,
} from './service.store.ts'
import type { Keyword, ServiceSettings, SourceSettings } from './service.ts'
import { exampleUrl, hasFixedHost } from './source/request.ts'
import { forgetReadingsOf } from './source/source.store.ts'
import type { Tree } from './source/tree.ts'
import { fold, spellings, wordsOf } from './words.ts'

const mostServices = 500
const mostWords = 3
/** Answers to one number, unless something else is asked for: enough for a day of travelling, too little for a robot. */
const usualQuota = { per_hour: 20, per_day: 60 }
const usual = {
  enabled: true,
  numbers: null,
  language: 'en',
  time_zone: 'UTC',
  typos: 'answer',
  max_segments: 2,
  most_rows: 5,
} as const

type Body = ServiceChangeBody & Pick<Partial<NewServiceBody>, 'kind'>

const wrong = (field: string, problem: string): KurzpostError =>
  new KurzpostError('invalid_request', { details: [{ field, problem }] })

/** A service as it would be stored: `base` with what the body says, checked by itself. */
export function merge(
  base: ServiceRow | undefined,
  body: Body,
  owner: { accountId: string; id: string },
  guard: Guard,
): ServiceRow {
  const kind = base?.kind ?? body.kind!
  const before = base?.settings
  const settings: ServiceSettings = {
    language: body.language ?? before?.language ?? usual.language,
    time_zone: body.time_zone ?? before?.time_zone ?? usual.time_zone,
    typos: body.typos ?? before?.typos ?? usual.typos,
    max_segments: body.max_segments ?? before?.max_segments ?? usual.max_segments,
    arguments: body.arguments ?? before?.arguments ?? [],
    texts: body.texts ?? before?.texts ?? { answer: {} },
    ...(kind === 'table' && {
      table: { most_rows: body.most_rows ?? before?.table?.most_rows ?? usual.most_rows },
    }),
  }
  const withSource = kind === 'http' ? mergeSource(base, body.source, guard) : { settings: {}, secrets: {} }
  const service: ServiceRow = {
    ...owner,
    kind,
    name: body.name ?? base?.name ?? '',
    enabled: body.enabled ?? base?.enabled ?? usual.enabled,
    numbers: body.numbers === undefined ? (base?.numbers ?? usual.numbers) : spelled(body.numbers),
    keywords: body.keywords ? distinct(body.keywords) : (base?.keywords ?? []),
    quota: body.quota ?? base?.quota ?? usualQuota,
    settings: { ...settings, ...withSource.settings },
    secrets: withSource.secrets,
  }
  check(service)
  return service
}

const spelled = (numbers: readonly string[] | null): string[] | null =>
  numbers && [...new Map(numbers.map((number) => [bareNumber(number), number.replaceAll(' ', '')])).values()]

/** Each word once, by what callers can tell apart. */
const distinct = (keywords: readonly Keyword[]): Keyword[] =>
  [...new Map(keywords.toReversed().map((keyword) => [fold(keyword.word), keyword])).values()].toReversed()

function check({ keywords, settings }: ServiceRow): void {
  for (const [at, { word }] of keywords.entries()) {
    const field = `keywords.${at}.word`
    if (fold(word) === '') throw wrong(field, 'must have a letter or a digit')
    if (wordsOf(word).length > mostWords) throw wrong(field, `must be ${mostWords} words at most`)
    if (isReserved(word) || isReserved(wordsOf(word)[0]!))
      throw new KurzpostError('keyword_reserved', {
        message: `"${word}" means STOP, START or HELP to networks and to people.`,
        details: { word },
      })
  }
  const early = settings.arguments.slice(0, -1).findIndex(({ rest }) => rest)
  if (early >= 0) throw wrong(`arguments.${early}.rest`, 'may be true for the last argument only')
  if (!Intl.supportedValuesOf('timeZone').includes(settings.time_zone) && settings.time_zone !== 'UTC')
    throw wrong('time_zone', 'must be a time zone such as Europe/Berlin')
}

/** Headers that the connection makes itself. */
const ownHeaders = /^(host|content-length|connection|transfer-encoding|upgrade|expect|te|trailer)$/i

function mergeSource(base: ServiceRow | undefined, given: Body['source'], guard: Guard) {
  if (!given) {
    if (!base?.settings.source) throw wrong('source', 'is missing')
    return { settings: { source: base.settings.source }, secrets: base.secrets }
  }
  if (!hasFixedHost(given.url)) throw wrong('source.url', 'must have its placeholders behind the host')
  guard.checkUrl(exampleUrl(given.url))
  const secrets: Record<string, string> = {}
  const headers = (given.headers ?? []).map(({ name, value, secret }, at) => {
    if (ownHeaders.test(name)) throw wrong(`source.headers.${at}.name`, 'is made by the connection itself')
    if (!secret) return { name, value: value ?? '' }
    const kept = value ?? base?.secrets[name]
    if (kept === undefined)
      throw wrong(`source.headers.${at}.value`, 'is missing: no value is kept for this secret')
    secrets[name] = kept
    return { name }
  })
  const { list } = given
  const source: SourceSettings = {
    method: given.method ?? 'GET',
    url: given.url,
    headers,
    ...(given.body !== undefined && { body: given.body as Tree }),
    values: given.values ?? {},
    ...(list && { list: { ...list, most: list.most ?? usual.most_rows } }),
    timeout_ms: given.timeout_ms ?? 5_000,
    cache_seconds: given.cache_seconds ?? 30,
    stale_seconds: given.stale_seconds ?? 0,
  }
  return { settings: { source }, secrets }
}

/** Throws `keyword_taken` where another service answers to a word at a number that both have. Hold the book. */
async function demandFree(tx: Tx, service: ServiceRow): Promise<void> {
  if (!service.enabled) return
  for (const other of await wordsOfOthers(tx, service.accountId, service.id)) {
    const number = sharedNumber(service.numbers, other.numbers)
    if (number === undefined) continue
    const theirs = new Set(other.keywords.flatMap(({ word }) => spellings(word)))
    const word = service.keywords.find((keyword) =>
      spellings(keyword.word).some((each) => theirs.has(each)),
    )?.word
    if (word === undefined) continue
    const where = number === null ? 'every number' : number
    throw new KurzpostError('keyword_taken', {
      message: `"${other.name}" answers to "${word}" already, at ${where}.`,
      details: { word, service: other.name, number },
    })
  }
}

/** A number at which both answer; null: all of them, undefined: none. */
function sharedNumber(a: readonly string[] | null, b: readonly string[] | null): string | null | undefined {
  if (a === null) return b === null ? null : b[0]
  if (b === null) return a[0]
  const theirs = new Set(b.map(bareNumber))
  return a.find((number) => theirs.has(bareNumber(number)))
}

/** Stores a new service. */
export async function addService(
  platform: Platform,
  accountId: string,
  body: NewServiceBody,
): Promise<ShownService> {
  const service = merge(undefined, body, { accountId, id: platform.id() }, platform.outbound)
  return platform.transaction(async (tx) => {
    await holdBook(tx, accountId)
    if ((await countServices(tx, accountId)) >= mostServices)
      throw new KurzpostError('too_many_keyword_services')
    await demandFree(tx, service)
    await insertService(tx, service, platform.now())
    return (await findService(tx, accountId, service.id))!
  })
}

export async function changeService(
  platform: Platform,
  accountId: string,
  id: string,
  body: ServiceChangeBody,
): Promise<ShownService> {
  return platform.transaction(async (tx) => {
    await holdBook(tx, accountId)
    const before = await findService(tx, accountId, id)
    if (!before) throw new KurzpostError('not_found')
    const service = merge(before, body, { accountId, id }, platform.outbound)
    await demandFree(tx, service)
    await updateService(tx, service, platform.now())
    if (body.source) await forgetReadingsOf(tx, { accountId, serviceId: id })
    return (await findService(tx, accountId, id))!
  })
}

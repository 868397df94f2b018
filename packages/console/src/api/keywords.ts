import { queryOptions } from '@tanstack/react-query'
import { call, callAll } from './client.ts'

/** What the addresses of keyword services answer, and how they are asked. Times are ISO 8601 in UTC. */

export const serviceKinds = ['template', 'table', 'http'] as const
export type ServiceKind = (typeof serviceKinds)[number]
/** By language. */
export type Texts = Readonly<Record<string, string>>
export const textNames = ['answer', 'not_found', 'usage', 'failed', 'quota'] as const
export type TextName = (typeof textNames)[number]
export const typoChoices = ['answer', 'ask', 'off'] as const
export type Typos = (typeof typoChoices)[number]

export interface Argument {
  name: string
  optional?: boolean
  rest?: boolean
}
export interface SourceHeader {
  name: string
  value?: string
  secret?: boolean
}
export interface Source {
  method: 'GET' | 'POST'
  url: string
  headers: SourceHeader[]
  body?: unknown
  values: Readonly<Record<string, string>>
  list: { place: string; values: Readonly<Record<string, string>>; line: Texts; most: number } | null
  timeout_ms: number
  cache_seconds: number
  stale_seconds: number
}
export type ColumnKey = 'argument' | 'caller' | null
export interface Column {
  name: string
  key: ColumnKey
}
export interface Problem {
  code: string
  sentence: string
}
export interface Service {
  id: string
  name: string
  kind: ServiceKind
  enabled: boolean
  numbers: string[] | null
  keywords: { word: string; language?: string }[]
  arguments: Argument[]
  language: string
  time_zone: string
  typos: Typos
  max_segments: number
  quota: { per_hour: number | null; per_day: number | null }
  texts: Partial<Record<TextName, Texts>> & { answer: Texts }
  most_rows: number
  source: Source | null
  usage: string
  table: { columns: Column[]; row_count: number; updated_at: string } | null
  state: {
    failures: number
    rests_until: string | null
    answered_at: string | null
    failed_at: string | null
    problem: Problem | null
  } | null
  warnings: { code: string; name?: string; sentence: string }[]
  created_at: string
  updated_at: string
}

export interface Row {
  id: string
  cells: string[]
}

export const resultNames = [
  'answer',
  'not_found',
  'usage',
  'failed',
  'quota',
  'did_you_mean',
  'unknown',
] as const
export type Result = (typeof resultNames)[number]

export interface Trial {
  taken: boolean
  service_id: string | null
  service: string | null
  keyword: string | null
  match: 'exact' | 'typo' | null
  arguments: { name: string; value: string | null }[]
  result: Result | null
  answer: { text: string; language: string; encoding: 'gsm7' | 'ucs2'; segments: number; cut: boolean } | null
  source: {
    url: string
    status: number | null
    ms: number
    body: string | null
    values: Readonly<Record<string, string>>
    lines: number
    problem: Problem | null
  } | null
  trace: { code: string; sentence: string }[]
}

export interface Stats {
  data: { day: string; service_id: string | null; result: Result; uses: number }[]
  unknown_words: { word: string; asked: number; last_day: string }[]
}

export interface AnsweringNumber {
  number: string
  texts: Texts | null
  updated_at: string
}

export const servicesPath = '/v1/keyword-services'
export const servicePath = (id: string) => `${servicesPath}/${encodeURIComponent(id)}`

export const servicesQuery = queryOptions({
  queryKey: ['keyword-services'],
  queryFn: ({ signal }) => callAll<Service>(servicesPath, signal),
})

export const serviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['keyword-services', id],
    queryFn: ({ signal }) => call<Service>(servicePath(id), { signal }),
  })

export const statsDays = 30

export const statsQuery = (id?: string) =>
  queryOptions({
    queryKey: ['keyword-stats', id ?? 'all'],
    queryFn: ({ signal }) =>
      call<Stats>(`/v1/keyword-stats?days=${statsDays}${id ? `&service_id=${encodeURIComponent(id)}` : ''}`, {
        signal,
      }),
    refetchInterval: 30_000,
  })

export const numbersQuery = queryOptions({
  queryKey: ['keyword-numbers'],
  queryFn: async ({ signal }) =>
    (await call<{ data: AnsweringNumber[] }>('/v1/keyword-numbers', { signal })).data,
})

export const rowsAtOnce = 50

export const rowsQuery = (id: string, find: string, after: string | undefined) =>
  queryOptions({
    queryKey: ['keyword-rows', id, find, after ?? ''],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ limit: String(rowsAtOnce) })
      if (find) query.set('q', find)
      if (after) query.set('after', after)
      return call<{ data: Row[]; next: string | null }>(`${servicePath(id)}/table/rows?${query}`, { signal })
    },
  })

import { queryOptions } from '@tanstack/react-query'
import { call, callAll, request } from './client.ts'

/** Topics, consent and opt-outs, as the API tells them. */
export type TopicKind = 'marketing' | 'service' | 'alert'
export type TextName = 'opt_in' | 'confirm' | 'opt_out' | 'help'
export type Texts = Partial<Record<TextName, Record<string, string>>>

export interface Topic {
  id: string
  key: string
  name: string
  kind: TopicKind
  sender: string | null
  language: string
  texts: Texts
  frequency_caps: unknown[]
  mandatory: boolean
  created_at: string
  updated_at: string
  archived_at: string | null
}

export type Standing = 'granted' | 'withdrawn' | 'none'
export type Act = 'requested' | 'granted' | 'withdrawn' | 'restored' | 'lapsed' | 'erased'
export type How =
  | 'web_form'
  | 'sms_double_opt_in'
  | 'sms_keyword'
  | 'import'
  | 'agent'
  | 'api'
  | 'carrier'
  | 'erasure'
  | 'expiry'

export interface Scope {
  topic: string | null
  sender: string | null
}

export interface Held extends Scope {
  granted: boolean
  since: string
  how: How
  via: string | null
  entry_id: string
  seq: number
}

export interface Entry extends Scope {
  id: string
  seq: number
  at: string
  act: Act
  how: How
  via: string | null
  actor: string | null
  message_ids: string[]
  details: Record<string, string> | null
  hash: string
}

export interface TopicStanding {
  id: string
  name: string
  kind: TopicKind
  mandatory: boolean
  standing: Standing
  by: Held | null
}

export interface PersonConsent {
  number: string
  words: Held[]
  topics: TopicStanding[]
  marketing: { standing: Standing; by: Held | null }
  entries: { data: Entry[]; next: string | null }
}

export interface Proof {
  account: { id: string; name: string }
  number: string
  number_key: string
  made_at: string
  topics: { id: string; name: string; standing: Standing }[]
  marketing: { standing: Standing }
  entries: (Entry & {
    topic_name: string | null
    prev_hash: string
    content: string
    intact: boolean
    problem: string | null
  })[]
  chain: { entries: number; head: string }
}

export interface OptOut extends Scope {
  number: string | null
  since: string
  how: How
  via: string | null
  word: string | null
  note: string | null
  entry_id: string
  seq: number
}

export interface Imported {
  read: number
  added: number
  already: number
  refused: number
  problems: { line: number; value: string; problem: string }[]
}

const query = (of: Record<string, string | undefined>): string =>
  new URLSearchParams(
    Object.entries(of).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()

/** Each account has a handful. */
export const topicsQuery = queryOptions({
  queryKey: ['topics'],
  queryFn: ({ signal }) => callAll<Topic>('/v1/topics?archived=true', signal),
})
export const topicPath = (id: string) => `/v1/topics/${encodeURIComponent(id)}`

export interface StopSettings {
  opt_out_scope: 'topic' | 'sender' | 'account'
  display_name: string | null
  help_contact: string | null
  texts: Record<string, Record<string, string>>
}
export const stopSettingsQuery = queryOptions({
  queryKey: ['consent-settings'],
  queryFn: ({ signal }) => call<StopSettings>('/v1/consent-settings', { signal }),
})

export const personKey = (number: string) => ['consent', number] as const
export const personQuery = (number: string, before?: string) =>
  queryOptions({
    queryKey: [...personKey(number), before],
    queryFn: ({ signal }) =>
      call<PersonConsent>(`/v1/consent?${query({ number, before, limit: '20' })}`, { signal }),
  })

export const proofPath = (number: string, more: Record<string, string> = {}) =>
  `/v1/consent/proof?${query({ number, ...more })}`
export const proofQuery = (number: string) =>
  queryOptions({
    queryKey: ['consent-proof', number],
    queryFn: ({ signal }) => call<Proof>(proofPath(number), { signal }),
  })

export interface OptOutFilter {
  how?: How
  topic?: string
  before?: string
}
export const optOutsQuery = (filter: OptOutFilter) =>
  queryOptions({
    queryKey: ['opt-outs', filter],
    queryFn: ({ signal }) =>
      call<{ data: OptOut[]; next: string | null }>(`/v1/opt-outs?${query({ ...filter, limit: '50' })}`, {
        signal,
      }),
  })

/** Takes one opt-out back. */
export const restore = ({ number, topic, sender, note }: Scope & { number: string; note: string }) =>
  call<void>(
    `/v1/opt-outs?${query({ number, topic: topic ?? undefined, sender: sender ?? undefined, note })}`,
    { method: 'DELETE' },
  )

/** One piece of a list: lines of text. */
export const importPiece = (
  text: string,
  { topic, source, signal }: { topic: string | undefined; source: string | undefined; signal: AbortSignal },
): Promise<Imported> =>
  request(`/v1/opt-outs/import?${query({ topic, source })}`, {
    method: 'POST',
    raw: { type: 'text/csv', body: text },
    signal,
  }).then((response) => response.json() as Promise<Imported>)

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from './client.ts'
import type { Price, State } from './types.ts'

/** What the addresses of the inbox answer, and how they are asked. Times are ISO 8601 in UTC. */

export type TalkState = 'open' | 'waiting' | 'snoozed' | 'closed'
export interface Person {
  id: string
  name: string
}
export interface Due {
  target: 'first_answer' | 'next_answer' | 'resolution'
  due_at: string
  warned: boolean
  breached: boolean
}
export interface Talk {
  id: string
  state: TalkState
  channel: string
  address: string
  sender: string | null
  person: { contact_id: string | null; name: string | null; language: string | null }
  assignee: Person | null
  team: Person | null
  flags: string[]
  unread: number
  inbound_count: number
  mentions: number
  last: { direction: 'inbound' | 'outbound'; text: string; state: State } | null
  targets: Due[]
  last_at: string
  opened_at: string
  waiting_since: string | null
  snoozed_until: string | null
  closed_at: string | null
  created_at: string
}
export interface Entry {
  id: string
  kind: 'message' | 'note' | 'event'
  at: string
  by: Person | null
  what: string | null
  note: string | null
  data: Record<string, unknown> | null
  message: {
    id: string
    direction: 'inbound' | 'outbound'
    text: string | null
    state: State | null
    channel: string | null
    from: string | null
    to: string | null
    segments: number | null
    error: string | null
    taken_by: string | null
    flags: string[]
  } | null
}
export interface Present {
  user_id: string
  name: string
  doing: 'viewing' | 'typing'
  until: string
}
export interface TalkDetail extends Talk {
  addresses: string[]
  present: Present[]
  /** Of a segment of an answer. */
  price: Price | null
  consent: { topic: Person | null; sender: string | null; granted: boolean; at: string }[]
  entries: Entry[]
  earlier?: string
}
export interface TalkPage {
  data: Talk[]
  next?: string
}
export interface Counts {
  mine: number
  unassigned: number
  open: number
  waiting: number
  snoozed: number
  flagged: number
  mentioned: number
  breached: number
  unread: number
  teams: Record<string, number>
  you: Person
}
export interface Team {
  id: string
  name: string
  numbers: string[]
  auto_assign: boolean
  members: { id: string; name: string; available: boolean }[]
}
export interface Canned {
  id: string
  shortcut: string
  title: string
  text: string
  language: string | null
  fields: string[]
}
export interface Filled extends Canned {
  missing: string[]
}
export interface Opening {
  days: number[]
  from: string
  to: string
}
export type Texts = Record<string, string>
export interface InboxSettings {
  hours: { time_zone: string; openings: Opening[]; closed_on: string[] } | null
  away: Texts | null
  rating: { ask: Texts; thanks: Texts | null } | null
  fields: Texts
  targets: { target: Due['target']; minutes: number; warn_minutes: number }[]
  open_now: boolean
  opens_at: string | null
}
interface Times {
  p50_ms: number
  p90_ms: number
}
export interface InboxStats {
  opened: number
  closed: number
  answered: number
  first_answer: Times | null
  resolution: Times | null
  breached: Record<Due['target'], number>
  rating: { asked: number; rated: number; average: number | null; scores: Record<string, number> }
  days: {
    day: string
    opened: number
    closed: number
    first_answer_p50_ms: number | null
    rating: number | null
  }[]
}
export interface Hint {
  code: string
  severity: 'error' | 'warning' | 'hint'
  sentence: { en: string; de: string }
}

export const talkPath = (id: string, rest = '') => `/v1/inbox/conversations/${encodeURIComponent(id)}${rest}`
export const pageSize = 50

const get =
  <T>(path: string) =>
  ({ signal }: { signal: AbortSignal }) =>
    call<T>(path, { signal })

/** A poll for streams that a proxy swallows; events ask sooner. */
const slowMs = 30_000

export const countsQuery = queryOptions({
  queryKey: ['inbox', 'counts'],
  queryFn: get<Counts>('/v1/inbox/counts'),
  refetchInterval: slowMs,
})

export const listPath = (parameters: readonly [string, string][], before?: string) =>
  `/v1/inbox/conversations?${new URLSearchParams([...parameters.map((pair) => [...pair]), ...(before ? [['before', before]] : [])])}`

export const talksQuery = (parameters: readonly [string, string][]) =>
  queryOptions({
    queryKey: ['inbox', 'list', parameters],
    queryFn: get<TalkPage>(listPath(parameters)),
    refetchInterval: slowMs,
  })

export const talkQuery = (id: string) =>
  queryOptions({
    queryKey: ['inbox', 'talk', id],
    queryFn: get<TalkDetail>(talkPath(id)),
    refetchInterval: slowMs,
  })

export const cannedForQuery = (id: string) =>
  queryOptions({
    queryKey: ['inbox', 'canned', id],
    queryFn: get<{ data: Filled[] }>(talkPath(id, '/canned-answers')),
    select: ({ data }) => data,
    staleTime: 60_000,
  })

export const cannedQuery = queryOptions({
  queryKey: ['inbox', 'canned'],
  queryFn: get<{ data: Canned[] }>('/v1/inbox/canned-answers'),
  select: ({ data }) => data,
})

export const teamsQuery = queryOptions({
  queryKey: ['inbox', 'teams'],
  queryFn: get<{ data: Team[] }>('/v1/inbox/teams'),
  select: ({ data }) => data,
  staleTime: 60_000,
})

export const agentsQuery = queryOptions({
  queryKey: ['inbox', 'agents'],
  queryFn: get<{ data: Person[] }>('/v1/inbox/agents'),
  select: ({ data }) => data,
  staleTime: 60_000,
})

export const settingsQuery = queryOptions({
  queryKey: ['inbox', 'settings'],
  queryFn: get<InboxSettings>('/v1/inbox/settings'),
})

export const statsQuery = (since: string) =>
  queryOptions({
    queryKey: ['inbox', 'stats', since],
    queryFn: get<InboxStats>(`/v1/inbox/stats?since=${encodeURIComponent(since)}`),
    placeholderData: keepPreviousData,
  })

import { queryOptions } from '@tanstack/react-query'
import { call, callAll, request } from './client.ts'
import type { Price } from './types.ts'

/** People, lists, segments, imports and audiences, as the API tells them. */
export interface Address {
  channel: 'sms' | 'email'
  address: string
  label: string | null
  delivered_at: string | null
  replied_at: string | null
  clicked_at: string | null
}
export type AttributeValue = string | number | boolean
export interface Contact {
  id: string
  external_id: string | null
  name: string | null
  language: string | null
  time_zone: string | null
  postcode: string | null
  lat: number | null
  lon: number | null
  attributes: Record<string, AttributeValue>
  tags: string[]
  addresses: Address[]
  created_at: string
  updated_at: string
}
export const attributeTypes = ['text', 'number', 'boolean', 'date', 'choice'] as const
export type AttributeType = (typeof attributeTypes)[number]
export interface Attribute {
  key: string
  label: string
  type: AttributeType
  choices: string[]
}
export interface Page<T> {
  data: T[]
  next: string | null
}
export interface Note {
  id: string
  note: string
  author: string | null
  created_at: string
}
export interface List {
  id: string
  name: string
  description: string | null
  members: number
  created_at: string
}
export type Tree = Record<string, unknown>
export interface Segment {
  id: string
  name: string
  definition: Tree
  updated_at: string
}
export interface SegmentPreview {
  people: number
  words: string
  sample: Contact[]
}
export interface ImportColumn {
  name: string
  samples: string[]
  to: string | null
  attribute?: { key: string; label: string; type: AttributeType }
}
export interface Import {
  id: string
  file_name: string
  state: 'uploading' | 'ready' | 'running' | 'finished' | 'failed' | 'stopped'
  size: number
  done: number
  format: { encoding: string; delimiter: string; header: boolean; columns: ImportColumn[] } | null
  list: string | null
  rows: number
  created: number
  updated: number
  unchanged: number
  failed: number
  error: { code: string; sentence: string } | null
  created_at: string
  started_at: string | null
  finished_at: string | null
}
export interface PreviewedRow {
  row: number
  cells: string[]
  contact?: Partial<Contact>
  problems?: { column: number | null; code: string; sentence: string }[]
}
export interface LeftOut {
  code: string
  sentence: string
  count: number
  estimated?: boolean
}
export interface AudiencePreview {
  words: string
  people: number
  recipients: number
  left_out: LeftOut[]
  segments: { least: number; most: number; total: number; unicode: number; measured: number }
  price: Price | null
  sample: {
    contact: string
    name: string | null
    to: string
    text?: string
    segments?: number
    missing?: string
  }[]
}
export interface Audience {
  id: string
  name: string
  state: 'held' | 'running' | 'finished' | 'stopped' | 'failed'
  segment: string | null
  list: string | null
  topic: string | null
  lane: string
  from: string | null
  text: string
  starts_at: string
  people: number
  looked_at: number
  queued: number
  deferred: number
  refused: LeftOut[]
  segments: number
  withdrawn: number
  created_at: string
  started_at: string | null
  finished_at: string | null
}
export interface Erasure {
  id: string
  state: 'running' | 'finished'
  left: number
  places: { place: string; count: number }[]
}

const search = (of: Record<string, string | undefined>): string =>
  new URLSearchParams(
    Object.entries(of).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()
const at = (base: string) => (id: string) => `${base}/${encodeURIComponent(id)}`

export const contactPath = at('/v1/contacts')
export const listPath = at('/v1/lists')
export const segmentPath = at('/v1/segments')
export const importPath = at('/v1/contact-imports')
export const audiencePath = at('/v1/audiences')

export interface PeopleFilter {
  find?: string
  tag?: string
  list?: string
  before?: string
}
export const contactsQuery = (filter: PeopleFilter) =>
  queryOptions({
    queryKey: ['contacts', filter],
    queryFn: ({ signal }) =>
      call<Page<Contact>>(`/v1/contacts?${search({ ...filter, limit: '50' })}`, { signal }),
  })
export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id],
    queryFn: ({ signal }) => call<Contact>(contactPath(id), { signal }),
  })
export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id, 'notes'],
    queryFn: ({ signal }) =>
      call<Page<Note>>(`${contactPath(id)}/notes`, { signal }).then(({ data }) => data),
  })
export const contactListsQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id, 'lists'],
    queryFn: ({ signal }) =>
      call<{ data: { id: string; name: string }[] }>(`${contactPath(id)}/lists`, { signal }).then(
        ({ data }) => data,
      ),
  })
export const mergesQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id, 'merges'],
    queryFn: ({ signal }) =>
      call<{ data: { id: string; contact: string; name: string | null; merged_at: string }[] }>(
        `${contactPath(id)}/merges`,
        { signal },
      ).then(({ data }) => data),
  })
export const undoMerge = (id: string) => call<Contact>(`/v1/contact-merges/${id}/undo`, { method: 'POST' })
export const attributesQuery = queryOptions({
  queryKey: ['contact-attributes'],
  queryFn: ({ signal }) =>
    call<{ data: Attribute[] }>('/v1/contact-attributes', { signal }).then(({ data }) => data),
})
export const listsQuery = queryOptions({
  queryKey: ['lists'],
  queryFn: ({ signal }) => callAll<List>('/v1/lists', signal),
})
export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: ({ signal }) => callAll<Segment>('/v1/segments', signal),
})
export const segmentPreviewQuery = (definition: Tree, language: string) =>
  queryOptions({
    queryKey: ['segment-preview', definition, language],
    queryFn: ({ signal }) =>
      call<SegmentPreview>('/v1/segments/preview', {
        method: 'POST',
        body: { definition, language, sample: 5 },
        signal,
      }),
    retry: false,
  })
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact-import', id],
    queryFn: ({ signal }) => call<Import>(importPath(id), { signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? 1_000 : false),
  })
export const importsQuery = queryOptions({
  queryKey: ['contact-imports'],
  queryFn: ({ signal }) =>
    call<Page<Import>>('/v1/contact-imports?limit=20', { signal }).then(({ data }) => data),
})
export const audiencesQuery = (before?: string) =>
  queryOptions({
    queryKey: ['audiences', before],
    queryFn: ({ signal }) =>
      call<Page<Audience>>(`/v1/audiences?${search({ before, limit: '20' })}`, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.data.some(({ state }) => state === 'held' || state === 'running') ? 2_000 : false,
  })
export const audienceQuery = (id: string) =>
  queryOptions({
    queryKey: ['audience', id],
    queryFn: ({ signal }) => call<Audience>(audiencePath(id), { signal }),
    refetchInterval: ({ state: { data } }) =>
      data && (data.state === 'held' || data.state === 'running') ? 1_000 : false,
  })

/** One piece of a file. */
export const uploadPiece = (id: string, n: number, piece: Blob, signal: AbortSignal): Promise<Response> =>
  request(`${importPath(id)}/chunks/${n}`, {
    method: 'PUT',
    raw: { type: 'application/octet-stream', body: piece },
    signal,
  })

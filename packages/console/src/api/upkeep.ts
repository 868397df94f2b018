import { queryOptions } from '@tanstack/react-query'
import { call, request } from './client.ts'
import type { Contact } from './contacts.ts'

/** What keeps contacts in order, as the API tells it. */
export interface Duplicate {
  /** What they share: `name`, `external_id` or `address`. */
  by: string
  value: string
  contacts: Contact[]
}
export const retentionFields = ['bodies_days', 'numbers_days', 'events_days'] as const
export type Kept = Record<(typeof retentionFields)[number], number | null>
export interface Retention extends Kept {
  /** What the last round took, by `bodies`, `numbers` and `events`. */
  rounds: { class: string; at: string; done: number }[]
}
export interface OwnNumber {
  id: string
  address: string
  account: { id: string; name: string }
  carrier_id: string | null
  created_at: string
}

export const duplicatesQuery = queryOptions({
  queryKey: ['contact-duplicates'],
  queryFn: ({ signal }) =>
    call<{ data: Duplicate[] }>('/v1/contact-duplicates', { signal }).then(({ data }) => data),
})

export const retentionPath = '/v1/retention'
export const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: ({ signal }) => call<Retention>(retentionPath, { signal }),
})

export const placesPath = '/v1/contact-places'
export const placesQuery = queryOptions({
  queryKey: ['contact-places'],
  queryFn: ({ signal }) => call<{ places: number }>(placesPath, { signal }),
})
export const putPlaces = (file: File): Promise<{ places: number }> =>
  request(placesPath, { method: 'PUT', raw: { type: 'text/csv', body: file } }).then((answer) =>
    answer.json(),
  )

export const attributePath = (key: string) => `/v1/contact-attributes/${encodeURIComponent(key)}`

export const numbersPath = '/v1/numbers'
export const ownNumbersQuery = (before?: string) =>
  queryOptions({
    queryKey: ['numbers', before],
    queryFn: ({ signal }) =>
      call<{ data: OwnNumber[]; next: string | null }>(
        `${numbersPath}?${new URLSearchParams({ limit: '50', ...(before && { before }) })}`,
        { signal },
      ),
  })

import { queryOptions } from '@tanstack/react-query'
import { remember } from '../carriers/history.ts'
import { byRank } from '../routes/rank.ts'
import { call } from './client.ts'
import type { Carrier, CarrierProfile, Login, Node, Queue, RateLimit, Route } from './operate-types.ts'

/** The pages of operation are watched, and what they show is measured and not told by events: so they ask. */
const every = { quick: 2_000, slow: 5_000 }

interface List<T> {
  data: T[]
}

const list = <T>(path: string, signal: AbortSignal) =>
  call<List<T>>(path, { signal }).then(({ data }) => data)

export const carriersQuery = queryOptions({
  queryKey: ['carriers'],
  queryFn: async ({ signal }) => {
    const carriers = await list<Carrier>('/v1/carriers', signal)
    for (const carrier of carriers) remember(carrier)
    // By name, so that no row moves while somebody reads.
    return carriers.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  },
  refetchInterval: every.quick,
})

export const carrierPath = (id: string) => `/v1/carriers/${encodeURIComponent(id)}`

export const carrierQuery = (id: string) =>
  queryOptions({
    queryKey: ['carriers', id],
    queryFn: async ({ signal }) => {
      const carrier = await call<Carrier>(carrierPath(id), { signal })
      remember(carrier)
      return carrier
    },
    refetchInterval: every.quick,
  })

export const profilesQuery = queryOptions({
  queryKey: ['carrier-profiles'],
  queryFn: ({ signal }) => list<CarrierProfile>('/v1/carrier-profiles', signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export const routesQuery = queryOptions({
  queryKey: ['routes'],
  queryFn: async ({ signal }) => (await list<Route>('/v1/routes', signal)).toSorted(byRank),
})

export const rateLimitsQuery = queryOptions({
  queryKey: ['rate-limits'],
  queryFn: ({ signal }) => list<RateLimit>('/v1/rate-limits', signal),
})

export const queueQuery = queryOptions({
  queryKey: ['queue'],
  queryFn: ({ signal }) => call<Queue>('/v1/queue', { signal }),
  refetchInterval: every.quick,
})

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: ({ signal }) => list<Node>('/v1/nodes', signal),
  refetchInterval: every.quick,
})

export const loginsQuery = queryOptions({
  queryKey: ['smpp-logins'],
  queryFn: ({ signal }) => list<Login>('/v1/smpp-logins', signal),
  refetchInterval: every.slow,
})

export const loginPath = (id: string) => `/v1/smpp-logins/${encodeURIComponent(id)}`

import { queryOptions } from '@tanstack/react-query'
import { call } from './client.ts'

export interface Webhook {
  id: string
  url: string
  events: string[]
  description: string | null
  enabled: boolean
  failing_since: string | null
  disabled_reason: string | null
  created_at: string
}

export interface Delivery {
  id: string
  event_id: string
  type: string
  status: 'pending' | 'sending' | 'delivered' | 'failed'
  attempt: number
  next_attempt_at: string | null
  sent_at: string | null
  response_status: number | null
  duration_ms: number | null
  error: string | null
}

export const webhookPath = (id: string) => `/v1/webhooks/${encodeURIComponent(id)}`

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal }) => call<{ data: Webhook[] }>('/v1/webhooks', { signal }).then(({ data }) => data),
})

/** The newest; asked for again while somebody looks, for no event tells of them. */
export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', id, 'deliveries'],
    queryFn: ({ signal }) =>
      call<{ data: Delivery[] }>(`${webhookPath(id)}/deliveries?limit=20`, { signal }).then(
        ({ data }) => data,
      ),
    refetchInterval: 2_000,
  })

import { queryOptions } from '@tanstack/react-query'
import { call } from './client.ts'
import type { HandsetMessage, Info, MessageDetail, MessagePage, State } from './types.ts'

const finals: readonly State[] = ['delivered', 'undelivered', 'expired', 'rejected', 'cancelled', 'received']

export const infoQuery = queryOptions({
  queryKey: ['info'],
  queryFn: ({ signal }) => call<Info>('/v1/info', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

/** Events drive it; the slow poll is for a stream that a proxy swallows. */
export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }) => call<MessageDetail>(`/v1/messages/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state: { data } }) => (data && finals.includes(data.state) ? false : 4_000),
  })

export const messagesQuery = (parameters: readonly [string, string][]) =>
  queryOptions({
    queryKey: ['messages', parameters],
    queryFn: ({ signal }) =>
      call<MessagePage>(`/v1/messages?${new URLSearchParams(parameters.map((pair) => [...pair]))}`, {
        signal,
      }),
  })

export const handsetPath = (number: string) => `/v1/sandbox/handsets/${encodeURIComponent(number)}`

export const handsetQuery = (number: string) =>
  queryOptions({
    queryKey: ['handset', number],
    queryFn: ({ signal }) => call<HandsetMessage[]>(`${handsetPath(number)}/messages`, { signal }),
  })

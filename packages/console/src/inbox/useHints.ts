import { useQuery } from '@tanstack/react-query'
import { call } from '../api/client.ts'
import type { Hint, TalkDetail } from '../api/inbox.ts'
import { useRested } from '../show/useRested.ts'

const pauseMs = 600

/** What the linter says of an answer, once its writer pauses. It stops nothing; without it nothing is missing. */
export function useHints(text: string, talk: TalkDetail): readonly Hint[] {
  const paused = useRested(text, pauseMs)
  const { data } = useQuery({
    queryKey: ['inbox', 'hints', talk.id, paused],
    queryFn: ({ signal }) =>
      call<{ data: Hint[] }>('/v1/text/lint', {
        method: 'POST',
        body: {
          text: paused,
          lane: 'conversation',
          ...(talk.sender && { from: talk.sender }),
          // A number that is hidden from this reader says nothing about its country either.
          ...(!talk.address.includes('•') && { to: talk.address }),
        },
        signal,
      }),
    enabled: paused.trim() !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return paused.trim() === '' || paused !== text ? [] : (data?.data ?? [])
}

import { queryOptions, useQuery } from '@tanstack/react-query'
import { call } from '../api/client.ts'
import { infoQuery } from '../api/queries.ts'
import type { DraftBody, Price } from '../api/types.ts'
import { looksDialable } from '../format/phone.ts'
import { useRested } from '../show/useRested.ts'

const pauseMs = 300
/** Routes change now and then; the price is an estimate. */
const freshMs = 60_000

type Way = Pick<DraftBody, 'to' | 'from' | 'lane'>

const priceQuery = (way: Way) =>
  queryOptions({
    queryKey: ['price', way],
    queryFn: ({ signal }) =>
      call<{ price: Price | null }>(`/v1/price?${new URLSearchParams({ ...way })}`, { signal }),
    staleTime: freshMs,
    retry: false,
  })

/** What a segment of a draft is likely to cost. Nothing while its number is not whole, or where nobody has said it. */
export function usePrice({ to, from, lane }: Way): Price | null {
  const { data: info } = useQuery(infoQuery)
  const rested = useRested(JSON.stringify({ to, ...(from && { from }), ...(lane && { lane }) }), pauseMs)
  const way = JSON.parse(rested) as Way
  const { data } = useQuery({ ...priceQuery(way), enabled: !!info?.currency && looksDialable(way.to) })
  return way.to === to ? (data?.price ?? null) : null
}

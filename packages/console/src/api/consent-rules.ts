import { queryOptions } from '@tanstack/react-query'
import { call } from './client.ts'

export type CapSpan = 'day' | 'week' | 'month'
export interface Cap {
  per: CapSpan
  most: number
}

export interface HoursSetting {
  country: string
  hours: string
  holidays: 'yes' | 'no'
  /** ISO 3166-2 without the country: BY. */
  holiday_states?: string[]
  instead: string | null
  zones?: string[]
}

export interface ConsentRules {
  kept_elsewhere: string | null
  caps: Cap[]
  over_cap: 'refuse' | 'defer'
  hours: HoursSetting[]
}

export interface KnownRule {
  id: string
  country: string
  regions: string[]
  hours: string
  holidays: 'yes' | 'no'
  caps: Cap[]
  basis: 'law' | 'provider' | 'house'
  source: string
  verified: boolean
  date: string
}

export interface Explanation {
  verdict: 'pass' | 'defer' | 'refuse'
  code: string | null
  sentence: string
  at: string | null
  zones: string[]
  rules: KnownRule[]
}

export const rulesPath = '/v1/consent-rules'
export const explainPath = '/v1/consent-rules/explain'

export const rulesQuery = queryOptions({
  queryKey: ['consent-rules'],
  queryFn: ({ signal }) => call<ConsentRules>(rulesPath, { signal }),
})
export const knownRulesQuery = queryOptions({
  queryKey: ['consent-rules', 'known'],
  queryFn: ({ signal }) =>
    call<{ data: KnownRule[] }>('/v1/consent-rules/known', { signal }).then(({ data }) => data),
  staleTime: Number.POSITIVE_INFINITY,
})

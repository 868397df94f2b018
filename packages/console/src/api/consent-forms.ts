import { queryOptions } from '@tanstack/react-query'
import { callAll } from './client.ts'

type Words = { de?: string; en?: string }

export interface ConsentForm {
  id: string
  url: string
  slug: string
  title: Words
  intro: Words
  topics: string[]
  sender: string | null
  countries: string[]
  language: 'de' | 'en'
  privacy_url: string | null
  expires_hours: number
  enabled: boolean
}

export const formsPath = '/v1/consent-forms'
export const formPath = (id: string) => `${formsPath}/${encodeURIComponent(id)}`

/** Each account has a handful. */
export const formsQuery = queryOptions({
  queryKey: ['consent-forms'],
  queryFn: ({ signal }) => callAll<ConsentForm>(formsPath, signal),
})

import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/client.ts'

/** What the linter of the server says of a text. */
export interface Hint {
  code: string
  severity: 'error' | 'warning' | 'hint'
  from?: number
  to?: number
  sentence: { en: string; de: string }
  source: string
  verified: boolean
}

export interface Linted {
  text: string
  from?: string
  to?: string
  lane?: string
}

/** The meter beside the text says these already, character by character. */
const said = new Set(['ucs2_by_few', 'ucs2_harmless'])

/** Hints for a draft. They help and decide nothing: where none can be had, none are shown. */
export const lintQuery = (draft: Linted) =>
  queryOptions({
    queryKey: ['lint', draft],
    queryFn: ({ signal }) =>
      call<{ data: Hint[] }>('/v1/text/lint', { method: 'POST', body: draft, signal }).then(({ data }) =>
        data.filter(({ code }) => !said.has(code)),
      ),
    enabled: draft.text.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

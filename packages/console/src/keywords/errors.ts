import { ApiError } from '../api/client.ts'
import { fieldErrors } from '../carriers/problems.ts'
import type { Strings } from '../strings/en.ts'
import { UnreadableBody } from './draft.ts'

/** What is wrong with which field, by the API's name of the field. */
export function errorsOf(error: unknown, t: Strings): Record<string, string> {
  if (error instanceof UnreadableBody) return { 'source.body': t.keywords.form.noJson }
  if (error instanceof ApiError) {
    const { word = '', service = '' } = (error.details ?? {}) as { word?: string; service?: string }
    if (error.code === 'keyword_taken') return { keywords: t.keywords.form.taken(word, service) }
    if (error.code === 'keyword_reserved') return { keywords: t.keywords.form.reserved(word) }
    if (error.code === 'url_not_allowed') return { 'source.url': t.keywords.form.badUrl }
  }
  return fieldErrors(error, t)
}

import { ApiError } from '../api/client.ts'
import { fieldErrors } from '../carriers/problems.ts'
import type { Strings } from '../strings/en.ts'
import { UnreadableBody } from './draft.ts'

/** What is wrong with which field, by the API's name of the field. */
export function errorsOf(error: unknown, t: Strings): Record<string, string> {
  if (error instanceof UnreadableBody) return { 'source.body': t.keywords.form.noJson }
  if (error instanceof ApiError && /^keyword_(taken|reserved)$/.test(error.code))
    return { keywords: error.message }
  if (error instanceof ApiError && error.code === 'url_not_allowed') return { 'source.url': error.message }
  return fieldErrors(error, t)
}

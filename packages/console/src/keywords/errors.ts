import { ApiError } from '../api/client.ts'
import { fieldErrors } from '../carriers/problems.ts'
import type { Formats } from '../format/formats.ts'
import type { Strings } from '../strings/en.ts'
import { UnreadableBody } from './draft.ts'

/** What is wrong with a file that was to be a table; undefined where that is not what is wrong. */
export function tableProblem(error: unknown, t: Strings, format: Formats): string | undefined {
  if (!(error instanceof ApiError) || error.code !== 'keyword_table_unreadable') return undefined
  const { problem, ...parts } = (error.details ?? {}) as Record<string, string | number>
  const said = Object.entries(parts).map(([name, part]) => [
    name,
    typeof part === 'number' ? format.number(part) : part,
  ])
  return t.keywords.table.problems[String(problem)]?.(Object.fromEntries(said))
}

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

import { ApiError } from '../api/client.ts'
import type { Strings } from '../strings/en.ts'
import { UnreadableError } from './values.ts'

/** What is wrong with which field: `settings.host` of the API is `host` here. The rest stays for the alert below. */
export function fieldErrors(error: unknown, t: Strings): Record<string, string> {
  if (error instanceof UnreadableError)
    return { [error.path]: error.path === 'rest' ? t.carrierFields.noJson : t.carrierFields.noNumber }
  if (!(error instanceof ApiError) || !Array.isArray(error.details)) return {}
  return Object.fromEntries(
    error.details.flatMap((detail: unknown) => {
      const { field, problem, message } = (detail ?? {}) as Record<string, unknown>
      const what = problem ?? message
      if (typeof field !== 'string' || typeof what !== 'string') return []
      return [[field.replace(/^(settings|secrets)[./]/, '').replaceAll('/', '.'), what]]
    }),
  )
}

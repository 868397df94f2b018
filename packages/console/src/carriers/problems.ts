import { ApiError } from '../api/client.ts'
import { fieldProblem } from '../show/Problem.tsx'
import type { Strings } from '../strings/en.ts'
import type { Field } from './fields.ts'
import { UnreadableError } from './values.ts'

/**
 * What is wrong with which field: `settings.host` of the API is `host` here. A setting that has no field of its
 * own is in the JSON, under `rest`. What names no field stays for the alert below.
 */
export function fieldErrors(
  error: unknown,
  t: Strings,
  fields: readonly Field[] = [],
): Record<string, string> {
  if (error instanceof UnreadableError)
    return { [error.path]: error.path === 'rest' ? t.carrierFields.noJson : t.carrierFields.noNumber }
  if (!(error instanceof ApiError) || !Array.isArray(error.details)) return {}
  const errors: Record<string, string> = {}
  for (const detail of error.details) {
    const { field, problem, message } = (detail ?? {}) as Record<string, unknown>
    const what = problem ?? message
    if (typeof field !== 'string' || typeof what !== 'string') continue
    const [, of, path = ''] = /^(?:(settings|secrets)[./])?(.*)$/.exec(field)!
    const name = path.replaceAll('/', '.')
    const words = fieldProblem(what, t)
    const shown = of !== 'settings' || fields.some((each) => `${name}.`.startsWith(`${each.path}.`))
    if (shown) errors[name] = words
    else errors.rest = [errors.rest, `${name}: ${words}`].filter(Boolean).join(' ')
  }
  return errors
}

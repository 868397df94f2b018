import type { Settings } from '../api/operate-types.ts'
import type { Field } from './fields.ts'

/** What stands in the form, as it was typed; a switch is 'true' or ''. */
export type Values = Record<string, string>

const steps = (path: string): string[] => path.split('.')

const at = (settings: Settings, path: string): unknown =>
  steps(path).reduce<unknown>((here, step) => (here as Settings | undefined)?.[step], settings)

const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A copy with the value at the path; undefined takes it out. */
function put(settings: Settings, path: string, value: unknown): Settings {
  const [first, ...rest] = steps(path)
  const { [first!]: old, ...others } = settings
  if (rest.length > 0) {
    const inner = put(isObject(old) ? old : {}, rest.join('.'), value)
    return Object.keys(inner).length > 0 ? { ...others, [first!]: inner } : others
  }
  return value === undefined ? others : { ...others, [first!]: value }
}

export function valuesOf(settings: Settings, fields: readonly Field[]): Values {
  return Object.fromEntries(
    fields.map(({ path, input }) => {
      const value = at(settings, path)
      if (value === undefined || value === null) return [path, '']
      if (input === 'lines' && Array.isArray(value)) return [path, value.map(lineOf).join('\n')]
      if (input === 'switch') return [path, value === true ? 'true' : '']
      return [path, String(value)]
    }),
  )
}

const lineOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Settings without those that have a field: as JSON, empty when there are none. */
export function restOf(settings: Settings, fields: readonly Field[]): string {
  const rest = fields.reduce((left, { path }) => put(left, path, undefined), settings)
  return Object.keys(rest).length > 0 ? JSON.stringify(rest, null, 2) : ''
}

/** Thrown with the name of what cannot be read; the label is the catalogue's. */
export class UnreadableError extends Error {
  readonly path: string
  constructor(path: string) {
    super(path)
    this.path = path
  }
}

/** The settings as the form has them. Throws UnreadableError for a number that is none, and for JSON that is no object. */
export function settingsOf(values: Values, rest: string, fields: readonly Field[]): Settings {
  let settings: Settings = {}
  if (rest.trim()) {
    const parsed = parseJson(rest)
    if (!isObject(parsed)) throw new UnreadableError('rest')
    settings = parsed
  }
  for (const { path, input } of fields)
    settings = put(settings, path, readValue(values[path] ?? '', path, input))
  return settings
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readValue(typed: string, path: string, input: Field['input']): unknown {
  const text = typed.trim()
  if (input === 'switch') return text === 'true' ? true : undefined
  if (text === '') return undefined
  if (input === 'lines') return lines(text)
  if (input !== 'number') return text
  const number = Number(text.replace(',', '.'))
  if (!Number.isFinite(number)) throw new UnreadableError(path)
  return number
}

export const lines = (text: string): string[] =>
  text
    .split(/[\n,;]+/)
    .map((line) => line.trim())
    .filter(Boolean)

/** What a PATCH must say to get from one to the other (RFC 7396): objects are merged, and null takes a setting away. */
export function patchOf(before: Settings, after: Settings): Settings {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const patch: Settings = {}
  for (const name of names) {
    const [old, next] = [before[name], after[name]]
    if (JSON.stringify(old) === JSON.stringify(next)) continue
    patch[name] = isObject(old) && isObject(next) ? patchOf(old, next) : (next ?? null)
  }
  return patch
}

/** A value of the settings for people who read it in a line. */
export const shownValue = (value: unknown): string =>
  isObject(value)
    ? Object.entries(value)
        .map(([name, inner]) => `${name}: ${shownValue(inner)}`)
        .join(' · ')
    : Array.isArray(value)
      ? value.map(shownValue).join(', ')
      : String(value)

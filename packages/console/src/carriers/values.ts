import type { Settings } from '../api/operate-types.ts'
import type { Field, Rows } from './fields.ts'

/** What stands in the form, as it was typed. A switch is 'true', 'false' or ''; rows are JSON of a list of `Row`. */
export type Values = Record<string, string>
/** As it came, with the typed text in the columns that the form has. */
export type Row = Settings

const at = (settings: Settings, path: string): unknown =>
  path.split('.').reduce<unknown>((here, step) => (here as Settings | undefined)?.[step], settings)

const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A copy with the value at the path; undefined takes it out. */
function put(settings: Settings, path: string, value: unknown): Settings {
  const [first, ...rest] = path.split('.')
  const { [first!]: old, ...others } = settings
  if (rest.length > 0) {
    const inner = put(isObject(old) ? old : {}, rest.join('.'), value)
    return Object.keys(inner).length > 0 ? { ...others, [first!]: inner } : others
  }
  return value === undefined ? others : { ...others, [first!]: value }
}

const typedOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

export const rowsOf = (typed: string | undefined): Row[] => (typed ? (JSON.parse(typed) as Row[]) : [])

export function valuesOf(settings: Settings, fields: readonly Field[]): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const value = at(settings, field.path)
      if (field.input === 'rows' && Array.isArray(value)) {
        const rows = value.filter(isObject).map((row) => ({
          ...row,
          ...Object.fromEntries(field.columns.map(({ name }) => [name, typedOf(row[name])])),
        }))
        return [field.path, JSON.stringify(rows)]
      }
      if (field.input === 'pairs' && isObject(value)) {
        const pairs = Object.entries(value).map(([name, word]) => `${name} = ${String(word)}`)
        return [field.path, pairs.join('\n')]
      }
      return [field.path, typedOf(value)]
    }),
  )
}

/** Settings without those that have a field: as JSON, empty when there are none. */
export function restOf(settings: Settings, fields: readonly Field[]): string {
  const rest = fields.reduce((left, { path }) => put(left, path, undefined), settings)
  return Object.keys(rest).length > 0 ? JSON.stringify(rest, null, 2) : ''
}

/** Thrown with the path of what cannot be read; `rest` for the JSON of all that has no field. */
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
  for (const field of fields) settings = put(settings, field.path, readField(values[field.path] ?? '', field))
  return settings
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readField(typed: string, field: Field): unknown {
  if (field.input === 'rows') return readRows(typed, field)
  if (field.input !== 'pairs') return readPlain(typed, field)
  const pairs = lines(typed).map((line) => line.split('=').map((part) => part.trim()))
  if (pairs.some(([name, word, more]) => !name || !word || more)) throw new UnreadableError(field.path)
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined
}

/** Rows in which nothing is typed are left out; what the form does not show of a row stays. */
function readRows(typed: string, { path, columns }: Rows & { path: string }): Row[] | undefined {
  const rows = rowsOf(typed).filter((row) => columns.some(({ name }) => row[name]))
  if (rows.length === 0) return undefined
  return rows.map((row) =>
    columns.reduce(
      (read, { name, input }) => put(read, name, readPlain(typedOf(row[name]), { path, input })),
      row,
    ),
  )
}

function readPlain(typed: string, { path, input }: { path: string; input: string }): unknown {
  const text = typed.trim()
  if (text === '') return undefined
  if (input === 'switch') return text === 'true'
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

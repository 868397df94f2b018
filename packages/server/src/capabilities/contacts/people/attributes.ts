import { limits } from '../limits.ts'

export const attributeTypes = ['text', 'number', 'boolean', 'date', 'choice'] as const
export type AttributeType = (typeof attributeTypes)[number]
export type AttributeValue = string | number | boolean

/** What an account wants to know of its people. */
export interface AttributeDefinition {
  key: string
  label: string
  type: AttributeType
  choices: readonly string[]
}

export type Definitions = ReadonlyMap<string, AttributeDefinition>

const date = /^(\d{4})-(\d{2})-(\d{2})$/

/** Days of the months, at most. */
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A day as YYYY-MM-DD that is in the calendar. */
export function isDate(text: string): boolean {
  const match = date.exec(text)
  if (!match) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day >= 1 && day <= (month === 2 && !leap ? 28 : (longest[month - 1] ?? 0))
}

/** Why a value does not fit its definition; undefined when it does. Ends a sentence that begins with the field. */
export function misfit({ type, choices }: AttributeDefinition, value: unknown): string | undefined {
  switch (type) {
    case 'text':
      if (typeof value !== 'string') return 'must be a text'
      return value.length > limits.attributeText
        ? `must be at most ${limits.attributeText} characters long`
        : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'date':
      return typeof value === 'string' && isDate(value) ? undefined : 'must be a day such as 2026-11-23'
    case 'choice':
      return typeof value === 'string' && choices.includes(value)
        ? undefined
        : `must be one of ${choices.slice(0, 20).join(', ')}`
  }
}

const yes = new Set(['true', 'yes', 'y', '1', 'x', 'ja', 'j', 'wahr', 'on'])
const no = new Set(['false', 'no', 'n', '0', 'nein', 'falsch', 'off', '-'])
const germanDate = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/
const slashDate = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/

/** A number as people and spreadsheets write it: `1234.5`, `1.234,5`, `1,234.5`, `12,5`. */
function readNumber(text: string): number | undefined {
  const bare = text.replace(/[\s' ]/g, '')
  const lastComma = bare.lastIndexOf(',')
  const lastPoint = bare.lastIndexOf('.')
  let plain = bare
  if (lastComma > lastPoint) {
    // Three digits after several commas are thousands; after one comma they are a fraction as often as not: refuse to guess.
    if (/^-?\d{1,3}(,\d{3}){2,}$/.test(bare)) plain = bare.replaceAll(',', '')
    else plain = bare.replaceAll('.', '').replace(',', '.')
  } else if (lastComma >= 0) plain = bare.replaceAll(',', '')
  else if (/^-?\d{1,3}(\.\d{3}){2,}$/.test(bare)) plain = bare.replaceAll('.', '')
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain) ? Number(plain) : undefined
}

function readDate(text: string): string | undefined {
  const [, day, month, year] = germanDate.exec(text) ?? []
  const slash = slashDate.exec(text)
  const iso = day
    ? `${year}-${month!.padStart(2, '0')}-${day.padStart(2, '0')}`
    : slash
      ? `${slash[1]}-${slash[2]!.padStart(2, '0')}-${slash[3]!.padStart(2, '0')}`
      : text.slice(0, 10)
  return isDate(iso) ? iso : undefined
}

/** A cell of a file as a value of the attribute; undefined when it is none. `text` is not empty. */
export function readValue(definition: AttributeDefinition, text: string): AttributeValue | undefined {
  switch (definition.type) {
    case 'number': {
      const value = readNumber(text)
      return value !== undefined && Number.isFinite(value) ? value : undefined
    }
    case 'boolean': {
      const word = text.toLowerCase()
      return yes.has(word) ? true : no.has(word) ? false : undefined
    }
    case 'date':
      return readDate(text)
    case 'choice': {
      const folded = text.toLowerCase()
      return definition.choices.find((choice) => choice.toLowerCase() === folded)
    }
    case 'text':
      return text.length > limits.attributeText ? undefined : text
  }
}

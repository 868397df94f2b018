import type { AttributeValue, Definitions } from '../people/attributes.ts'

/** A text with places for what is known of each person: `{{name}}`, or `{{name|Kundin}}` with what stands there otherwise. */
export interface Template {
  /** Text and variables in turn. */
  parts: readonly (string | Variable)[]
}
export interface Variable {
  key: string
  fallback: string | undefined
}

/** What of a person a text can name. */
export interface Addressee {
  name: string | null
  external_id: string | null
  language: string | null
  postcode: string | null
  attributes: Record<string, AttributeValue>
}

export const commonVariables = ['name', 'first_name', 'external_id', 'language', 'postcode'] as const

const place = /\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}/g

/** Reads a text; unknown variables and braces that do not close come back as problems. */
export function readTemplate(
  text: string,
  definitions: Definitions,
): { template: Template } | { problem: string } {
  const parts: (string | Variable)[] = []
  let at = 0
  for (const match of text.matchAll(place)) {
    parts.push(text.slice(at, match.index))
    const key = match[1]!
    if (!definitions.has(key) && !(commonVariables as readonly string[]).includes(key)) {
      const known = [...commonVariables, ...definitions.keys()].slice(0, 20).join(', ')
      return { problem: `names {{${key}}}, which is not known; there are ${known}` }
    }
    parts.push({ key, fallback: match[2]?.trim() })
    at = match.index + match[0].length
  }
  parts.push(text.slice(at))
  if (parts.some((part) => typeof part === 'string' && (part.includes('{{') || part.includes('}}'))))
    return { problem: 'has braces that do not close: a variable is {{name}} or {{name|otherwise}}' }
  return { template: { parts } }
}

const numbers = new Map<string, Intl.NumberFormat>()
const days = new Map<string, Intl.DateTimeFormat>()
function kept<T>(by: Map<string, T>, language: string, make: () => T): T {
  const found = by.get(language) ?? make()
  by.set(language, found)
  return found
}

/** A value as the person's language writes it. */
function say(value: AttributeValue, type: string, language: string): string {
  if (typeof value === 'number')
    return kept(numbers, language, () => new Intl.NumberFormat(language)).format(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (type !== 'date') return value
  const format = kept(days, language, () => new Intl.DateTimeFormat(language, { timeZone: 'UTC' }))
  return format.format(new Date(`${value}T00:00:00Z`))
}

/** Languages that `Intl` takes; a person's may be anything. */
const safe = (language: string | null, otherwise: string): string => {
  if (language === null) return otherwise
  return /^[a-z]{2,3}(-[A-Z]{2})?$/.test(language) ? language : language.slice(0, 2)
}

/** The text for one person, or the first variable that is not known of them and has nothing to stand in for it. */
export function render(
  { parts }: Template,
  person: Addressee,
  definitions: Definitions,
  language: string,
): { text: string } | { missing: string } {
  const spoken = safe(person.language, language)
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const { key, fallback } = part
    const value = lookUp(person, key)
    if (value !== undefined && value !== null && value !== '')
      text += say(value, definitions.get(key)?.type ?? 'text', spoken)
    else if (fallback !== undefined) text += fallback
    else return { missing: key }
  }
  return { text }
}

function lookUp(person: Addressee, key: string): AttributeValue | null | undefined {
  switch (key) {
    case 'name':
    case 'external_id':
    case 'language':
    case 'postcode':
      return person[key]
    case 'first_name':
      return person.name?.split(/\s+/)[0]
    default:
      return person.attributes[key]
  }
}

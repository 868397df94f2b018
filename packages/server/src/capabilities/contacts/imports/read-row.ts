import { limits } from '../limits.ts'
import { type Channel, type NumberRules, normalizeAddress } from '../people/addresses.ts'
import { type AttributeValue, type Definitions, readValue } from '../people/attributes.ts'
import { isTimeZone, normalizePostcode, roundDegrees } from '../people/read-wish.ts'
import { type Fields, type Row, sorted } from '../people/upsert.ts'
import type { Target } from './mapping.ts'
import type { ProblemCode } from './problems.ts'

/** What is wrong with a cell: the column counts from 0; null is the row as a whole. */
export interface RowProblem {
  column: number | null
  code: ProblemCode
}

export interface RowRules {
  mapping: readonly Target[]
  definitions: Definitions
  numbers: NumberRules
  key: (address: string) => Buffer
  /** Added to everybody. */
  tags: readonly string[]
}

const broken = /[�\0]/
const languageCode = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/
const languageNames: Record<string, string> = {
  deutsch: 'de',
  german: 'de',
  englisch: 'en',
  english: 'en',
  französisch: 'fr',
  french: 'fr',
  türkisch: 'tr',
  turkish: 'tr',
  italienisch: 'it',
  italian: 'it',
  spanisch: 'es',
  spanish: 'es',
}

/** A spreadsheet writes `'+49…` and `="…"` so that a number stays text. */
const bare = (cell: string): string => {
  const text = cell.trim()
  if (text.startsWith("'")) return text.slice(1)
  return text.startsWith('="') && text.endsWith('"') ? text.slice(2, -1) : text
}

/** One row of a file as what is said of a person. Empty cells say nothing. Every problem of the row is told at once. */
export function readRow(
  cells: readonly string[],
  { mapping, definitions, numbers, key, tags }: RowRules,
): { row: Row } | { problems: RowProblem[] } {
  const problems: RowProblem[] = []
  const fields: Fields = {}
  const attributes: Record<string, AttributeValue> = {}
  const addresses: Row['addresses'][number][] = []
  const added = [...tags]
  let first = ''
  let last = ''
  const address = (channel: Channel, text: string, column: number) => {
    const found = normalizeAddress(channel, text, numbers)
    if (found === undefined)
      problems.push({ column, code: channel === 'sms' ? 'invalid_number' : 'invalid_email' })
    else if (!addresses.some((each) => each.channel === channel && each.address === found))
      addresses.push({ channel, address: found, label: null, key: key(found) })
  }
  const degrees = (text: string, most: number, column: number): number | undefined => {
    const value = Number(text.replace(',', '.'))
    if (Number.isFinite(value) && Math.abs(value) <= most) return roundDegrees(value)
    problems.push({ column, code: 'invalid_degrees' })
    return undefined
  }
  const short = (text: string, most: number, column: number): boolean => {
    if (text.length <= most) return true
    problems.push({ column, code: 'too_long' })
    return false
  }

  for (let column = 0; column < mapping.length; column++) {
    const target = mapping[column]
    if (target === null || target === undefined) continue
    const text = bare(cells[column] ?? '')
    if (text === '') continue
    if (broken.test(text)) {
      problems.push({ column, code: 'unreadable' })
      continue
    }
    switch (target) {
      case 'phone':
        address('sms', text, column)
        break
      case 'email':
        address('email', text, column)
        break
      case 'first_name':
        first = text
        break
      case 'last_name':
        last = text
        break
      case 'name':
      case 'external_id':
        if (short(text, 200, column)) fields[target] = text
        break
      case 'language': {
        const code =
          languageNames[text.toLowerCase()] ??
          text.replace('_', '-').replace(/^[A-Z]+/, (word) => word.toLowerCase())
        if (languageCode.test(code)) fields.language = code
        else problems.push({ column, code: 'invalid_language' })
        break
      }
      case 'time_zone':
        if (isTimeZone(text)) fields.time_zone = text
        else problems.push({ column, code: 'invalid_time_zone' })
        break
      case 'postcode': {
        const postcode = normalizePostcode(text)
        if (short(postcode, 20, column)) fields.postcode = postcode
        break
      }
      case 'lat': {
        const lat = degrees(text, 90, column)
        if (lat !== undefined) fields.lat = lat
        break
      }
      case 'lon': {
        const lon = degrees(text, 180, column)
        if (lon !== undefined) fields.lon = lon
        break
      }
      case 'tags':
        for (const tag of text.split(/[,;|]/)) {
          const word = tag.trim()
          if (word !== '' && short(word, limits.tagLength, column)) added.push(word)
        }
        break
      default: {
        const name = target.slice('attribute:'.length)
        const definition = definitions.get(name)
        const value = definition && readValue(definition, text)
        if (value === undefined) problems.push({ column, code: 'invalid_value' })
        else attributes[name] = value
      }
    }
  }
  const name = `${first} ${last}`.trim()
  if (name !== '' && fields.name === undefined) fields.name = name.slice(0, 200)
  if ((fields.lat === undefined) !== (fields.lon === undefined))
    problems.push({ column: null, code: 'half_a_place' })
  if (addresses.length === 0 && fields.external_id === undefined && problems.length === 0)
    problems.push({ column: null, code: 'no_address' })
  if (problems.length > 0) return { problems }
  for (const _ in attributes) {
    fields.attributes = attributes
    break
  }
  if (added.length > 0) fields.add_tags = sorted(added).slice(0, limits.tagsOfPerson)
  return { row: { fields, addresses } }
}

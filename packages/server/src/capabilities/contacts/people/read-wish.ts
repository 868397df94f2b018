import { errors } from '../../../errors.ts'
import { limits } from '../limits.ts'
import { type AddressWish, type NumberRules, normalizeAddress } from './addresses.ts'
import { type AttributeValue, type Definitions, misfit } from './attributes.ts'
import { type Fields, type Row, sorted } from './upsert.ts'

/** A person as the API is told; see schemas.ts. */
export interface PersonWish extends Omit<Fields, 'attributes'> {
  attributes?: Record<string, AttributeValue | null>
  addresses?: AddressWish[]
  returned?: boolean
}

export interface Problem {
  field: string
  problem: string
}

const zones = new Set(Intl.supportedValuesOf('timeZone'))

/** Whether a time zone is one: the names of IANA, old ones too. */
export function isTimeZone(name: string): boolean {
  if (zones.has(name)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** To the centimetre: squares of what is smaller leave the range of PostgreSQL's numbers. */
export const roundDegrees = (degrees: number): number => Math.round(degrees * 1e7) / 1e7

/** A postcode in its one spelling. */
export const normalizePostcode = (text: string): string => text.trim().toUpperCase().replace(/\s+/g, '')

/** Checks what a schema cannot know, and brings everything into its one spelling. */
export function readWish(
  wish: PersonWish,
  rules: { definitions: Definitions; numbers: NumberRules; key: (address: string) => Buffer },
): { row: Row } | { problems: Problem[] } {
  const { addresses = [], returned: _, ...fields } = wish
  const problems: Problem[] = []
  const found: Row['addresses'][number][] = []
  for (const [at, { channel, address: text, label }] of addresses.entries()) {
    const address = normalizeAddress(channel, text, rules.numbers)
    if (address === undefined) {
      const sentence = channel === 'sms' ? errors.invalid_number.sentence : errors.invalid_email.sentence
      problems.push({ field: `addresses.${at}.address`, problem: sentence })
    } else if (!found.some((other) => other.channel === channel && other.address === address))
      found.push({ channel, address, label: label ?? null, key: rules.key(address) })
  }
  for (const [key, value] of Object.entries(fields.attributes ?? {})) {
    const definition = rules.definitions.get(key)
    const problem =
      definition === undefined
        ? 'is no attribute of this account; define it first'
        : value === null
          ? undefined
          : misfit(definition, value)
    if (problem) problems.push({ field: `attributes.${key}`, problem })
  }
  if (typeof fields.time_zone === 'string' && !isTimeZone(fields.time_zone))
    problems.push({ field: 'time_zone', problem: 'must be the name of a time zone such as Europe/Berlin' })
  if (
    (fields.lat === undefined) !== (fields.lon === undefined) ||
    (fields.lat === null) !== (fields.lon === null)
  )
    problems.push({ field: 'lat', problem: 'comes with lon, or not at all' })
  if (problems.length > 0) return { problems: problems.slice(0, 20) }
  const tags = fields.tags && sorted(fields.tags)
  const added = fields.add_tags && sorted(fields.add_tags)
  return {
    row: {
      fields: {
        ...fields,
        ...(typeof fields.postcode === 'string' && { postcode: normalizePostcode(fields.postcode) }),
        ...(typeof fields.lat === 'number' && { lat: roundDegrees(fields.lat) }),
        ...(typeof fields.lon === 'number' && { lon: roundDegrees(fields.lon) }),
        ...(tags && { tags }),
        ...(added && { add_tags: added.slice(0, limits.tagsOfPerson) }),
      },
      addresses: found,
    },
  }
}

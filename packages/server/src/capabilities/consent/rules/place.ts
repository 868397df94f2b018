import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { areaCodes, brazil } from './areas.ts'

/** Where the person with a number may be, as far as the number tells. */
export interface Place {
  /** The same for all numbers of which the same is known. */
  key: string
  /** ISO 3166-1; empty where the number belongs to no country (+882) or to none that we know. */
  countries: readonly string[]
  /** States or provinces, where area codes tell; empty: any. */
  regions: readonly string[]
  /** IANA zones, sorted: every one in which the phone may be. Empty where no country is known. */
  zones: readonly string[]
  /** The number itself narrows the zones of its country, or the country has but one. */
  narrowed: boolean
}

const placeFrom = (
  countries: readonly string[],
  regions: readonly string[],
  zones: readonly string[],
  narrowed: boolean,
): Place => {
  const sorted = [...new Set(zones)].sort()
  return {
    key: `${countries.join('+')}/${regions.join('+')}/${sorted.join('+')}`,
    countries,
    regions,
    zones: sorted,
    narrowed: narrowed || sorted.length === 1,
  }
}

const split = (words: string): string[] => words.split(' ').filter((word) => word !== '')

/** Zones of a country as ICU lists them. */
const zonesOf = (country: string): readonly string[] =>
  (
    new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones(): string[] | undefined }
  ).getTimeZones() ?? []

const byPrefix = new Map<string, Place>()
for (const [country, regions, zones, codes] of areaCodes) {
  const place = placeFrom([country], split(regions), split(zones), true)
  for (const code of split(codes)) byPrefix.set(`+1${code}`, place)
}
for (const [zones, codes] of brazil) {
  const place = placeFrom(['BR'], [], split(zones), true)
  for (const code of split(codes)) byPrefix.set(`+55${code}`, place)
}

/** Countries by their calling code; those of several share it. */
const byCallingCode = new Map<string, string[]>()
for (const country of getCountries()) {
  const code = getCountryCallingCode(country)
  byCallingCode.set(code, [...(byCallingCode.get(code) ?? []), country])
}

const byCountries = new Map<string, Place>()
function wholeOf(countries: readonly string[]): Place {
  const key = countries.join('+')
  let place = byCountries.get(key)
  if (!place) {
    place = placeFrom(countries, [], countries.flatMap(zonesOf), false)
    byCountries.set(key, place)
  }
  return place
}

const nowhere = wholeOf([])

/**
 * Where the person with this number (E.164) may be. An area code is where the number was given out, which is what courts
 * ask for and no proof; a mobile number without one may be anywhere in its country.
 */
export function placeOf(number: string): Place {
  const known = byPrefix.get(number.slice(0, 5))
  if (known) return known
  for (let length = 1; length <= 3; length++) {
    const countries = byCallingCode.get(number.slice(1, 1 + length))
    if (countries?.length === 1) return wholeOf(countries)
    if (!countries) continue
    const country = parsePhoneNumberFromString(number)?.country as CountryCode | undefined
    return wholeOf(country ? [country] : countries)
  }
  return nowhere
}

/**
 * The place of a number whose owner is known to live in `zone`. What the number itself says always counts: an area code of
 * New York and a home in California make both possible, and both must allow (as 12 CFR 1006 has it for messages about debts). A zone takes
 * the place only of not knowing: of a Russian mobile number, which may be in any of the country's zones, the one that was told
 * is left. A zone outside of the country is one more place to keep to.
 */
export function settledIn(place: Place, zone: string): Place {
  const own = place.zones.includes(zone)
  if (own && !place.narrowed) return placeFrom(place.countries, place.regions, [zone], true)
  return own ? place : placeFrom(place.countries, place.regions, [...place.zones, zone], place.narrowed)
}

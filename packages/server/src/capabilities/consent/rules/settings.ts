import { type Caps, strictest } from './caps.ts'
import type { Hours, Rule } from './hours.ts'
import { type Pack, packs, packsAt } from './packs.ts'
import type { Place } from './place.ts'
import { parseWeek } from './week.ts'

/** What an account has decided about hours in a country. */
export interface Override {
  /** ISO 3166-1, or `*` for everywhere. */
  country: string
  /** As `parseWeek` reads it, in the recipient's local time. */
  hours: string
  /** `no`: nothing goes out on public holidays of the recipient's country. */
  holidays: 'yes' | 'no'
  /**
   * States of the country (`BY`) whose own holidays are closed, too: where a number does not say in which state its owner is, the
   * account knows where its people are. Only with `holidays: 'no'` and a country.
   */
  holiday_states?: readonly string[]
  /**
   * Null: it comes on top of what we know of the country, so it can only be stricter. A sentence: it takes the place of that, and
   * this is why.
   */
  instead: string | null
  /** Instead of the zones that a number may be in. Only with `instead`. */
  zones?: readonly string[]
}

/** What to do with a message that would break a frequency cap. */
export type OverCap = 'refuse' | 'defer'

/** An account's rules of consent beside its topics. */
export interface ConsentRules {
  /** Null: marketing needs a recorded consent. A sentence: it is recorded elsewhere, and this is where; opt-outs hold all the same. */
  keptElsewhere: string | null
  /** For marketing to one person, over all topics and campaigns. */
  caps: Caps
  overCap: OverCap
  hours: readonly Override[]
}

export const defaultRules: ConsentRules = { keptElsewhere: null, caps: {}, overCap: 'refuse', hours: [] }

/** What holds for a kind of message at a place, and who says so. */
export interface Holding {
  hours: Hours
  caps: Caps
  packs: readonly Pack[]
  overrides: readonly Override[]
}

/** What we know of the place and what the account has decided about it, put together. */
export function holdingAt(place: Place, kind: Pack['concerns'][number], { hours }: ConsentRules): Holding {
  const about = hours.filter(({ country }) => country === '*' || place.countries.includes(country))
  const substitutes = about.filter(({ instead }) => instead !== null)
  // What is said of the country itself stands before what is said of all.
  const substitute = substitutes.find(({ country }) => country !== '*') ?? substitutes[0]
  const onTop = about.filter(({ instead }) => instead === null)
  const known = substitute ? [] : packsAt(packs, place, kind)
  const overrides = kind === 'marketing' ? [...(substitute ? [substitute] : []), ...onTop] : []
  return {
    hours: {
      zones: substitute?.zones ?? place.zones,
      rules: [...known, ...overrides].flatMap((each) => rulesOf(each, place)),
    },
    caps: strictest(known.map(({ caps }) => caps ?? {})),
    packs: known,
    overrides,
  }
}

/** A rule a country where holidays are closed: a number that may be of several countries keeps the holidays of each. */
function rulesOf(
  {
    country,
    hours,
    holidays,
    holiday_states = [],
  }: Pick<Override, 'country' | 'hours' | 'holidays' | 'holiday_states'>,
  place: Place,
): Rule[] {
  const week = weekOf(hours)
  if (holidays === 'yes') return [{ week, closedOnHolidaysOf: null }]
  const countries = country === '*' ? place.countries : [country]
  if (countries.length === 0) return [{ week, closedOnHolidaysOf: null }]
  return [...countries, ...holiday_states.map((state) => `${country}-${state}`)].map((each) => ({
    week,
    closedOnHolidaysOf: each,
  }))
}

const weeks = new Map<string, Rule['week']>()
function weekOf(hours: string): Rule['week'] {
  let week = weeks.get(hours)
  if (!week) {
    week = parseWeek(hours)
    if (weeks.size < 1_000) weeks.set(hours, week)
  }
  return week
}

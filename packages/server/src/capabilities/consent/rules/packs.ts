import type { Caps } from './caps.ts'

/**
 * When marketing may reach people, country by country, as data: what a law or a network says, where we read it and when. It
 * is what we know and no legal advice; an account can be stricter, or looser with a reason (`settings.ts`).
 */
export interface Pack {
  readonly id: string
  /** ISO 3166-1, or `*`: wherever no other pack is. */
  readonly country: string
  /** States or provinces; absent: the whole country. */
  readonly regions?: readonly string[]
  /** Which topics and lanes it is about. */
  readonly concerns: readonly ('marketing' | 'service' | 'alert')[]
  /** In the recipient's local time, as `parseWeek` reads it. */
  readonly hours: string
  /** Whether the hours hold on public holidays too; `no`: nothing goes out on the holidays of the whole country. */
  readonly holidays: 'yes' | 'no'
  /** How many messages a person may get at most. */
  readonly caps?: Caps
  /** A law or a regulator; what providers ask for; or only our own caution. */
  readonly basis: 'law' | 'provider' | 'house'
  readonly source: string
  /** We have read it there. Otherwise it is from memory: check before you rely on it. */
  readonly verified: boolean
  /** When we last looked. */
  readonly date: string
  readonly version: number
}

const looked = '2026-11-22'
const marketing = { concerns: ['marketing'], date: looked, version: 1 } as const
const statesTable = 'State quiet hours as tabled by support.referrizer.com'

const state = (region: string, hours: string): Pack => ({
  ...marketing,
  id: `us-${region.toLowerCase()}`,
  country: 'US',
  regions: [region],
  hours,
  holidays: 'yes',
  basis: 'law',
  source: statesTable,
  verified: true,
})

export const packs: readonly Pack[] = [
  {
    ...marketing,
    id: 'us',
    country: 'US',
    hours: 'daily 08:00-21:00',
    holidays: 'yes',
    basis: 'law',
    source:
      '47 CFR 64.1200(c)(1): telephone solicitations only 8:00 to 21:00 of the called party’s local time',
    verified: true,
  },
  state('CT', 'daily 09:00-20:00'),
  state('FL', 'daily 08:00-20:00'),
  {
    ...state('FL', 'daily 00:00-24:00'),
    id: 'us-fl-caps',
    caps: { day: 3 },
    source: 'Florida: at most three in 24 hours on one subject',
    verified: false,
  },
  state('MD', 'daily 08:00-20:00'),
  state('MS', 'daily 08:00-20:00'),
  state('NJ', 'daily 08:00-20:00'),
  state('OK', 'daily 08:00-20:00'),
  state('RI', 'mon-fri 09:00-18:00; sat,sun 10:00-17:00'),
  state('TX', 'mon-sat 09:00-21:00; sun 12:00-21:00'),
  {
    ...marketing,
    id: 'fr',
    country: 'FR',
    hours: 'mon-fri 08:00-22:00',
    holidays: 'no',
    basis: 'provider',
    source:
      'GOV.UK Notify, notifications-utils, entry 33: held from 22:00 to 8:00, at weekends and on bank holidays',
    verified: true,
  },
  {
    ...marketing,
    id: 'cz',
    country: 'CZ',
    hours: 'mon-fri 08:00-18:00',
    holidays: 'no',
    basis: 'provider',
    source: 'GOV.UK Notify, notifications-utils, entry 420: 8:00 to 18:00 on workdays',
    verified: true,
  },
  {
    ...marketing,
    id: 'ae',
    country: 'AE',
    hours: 'daily 08:00-20:00',
    holidays: 'yes',
    basis: 'provider',
    source: 'GOV.UK Notify, notifications-utils, entry 971: no marketing from 20:00 to 8:00',
    verified: true,
  },
  {
    ...marketing,
    id: 'in',
    country: 'IN',
    hours: 'daily 10:00-21:00',
    holidays: 'yes',
    basis: 'law',
    source: 'India, DLT rules for promotional messages',
    verified: false,
  },
  {
    ...marketing,
    id: 'de',
    country: 'DE',
    hours: 'mon-sat 08:00-20:00',
    holidays: 'no',
    basis: 'house',
    source:
      'No law that we know names hours for advertising by SMS. Our default; change it if you have a reason',
    verified: true,
  },
  {
    ...marketing,
    id: 'gb',
    country: 'GB',
    hours: 'daily 08:00-21:00',
    holidays: 'yes',
    basis: 'house',
    source:
      'PECR regulation 22 asks for consent and names no hours. Our default; change it if you have a reason',
    verified: true,
  },
  {
    ...marketing,
    id: 'elsewhere',
    country: '*',
    hours: 'daily 08:00-21:00',
    holidays: 'yes',
    basis: 'house',
    source: 'No rule of this country is known to us. Our default; change it if you have a reason',
    verified: true,
  },
]

/**
 * The packs that hold at a place, for a kind of message. Where the state is not known, those of every state do: the number
 * may belong to any. Whether a country has packs of its own is decided without the kind, or an exempt kind would fall to `*`.
 */
export function packsAt(
  all: readonly Pack[],
  place: { countries: readonly string[]; regions: readonly string[] },
  kind: Pack['concerns'][number],
): Pack[] {
  const own = all.filter(
    ({ country, regions }) =>
      place.countries.includes(country) &&
      (regions === undefined ||
        place.regions.length === 0 ||
        regions.some((each) => place.regions.includes(each))),
  )
  const covered = new Set(own.map(({ country }) => country))
  const bare = place.countries.length === 0 || place.countries.some((country) => !covered.has(country))
  const rest = bare ? all.filter(({ country }) => country === '*') : []
  return [...own, ...rest].filter(({ concerns }) => concerns.includes(kind))
}

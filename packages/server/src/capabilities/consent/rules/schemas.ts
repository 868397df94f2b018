import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { laneNames } from '../../../message/lane.ts'
import { capList, capSpanNames, capsOf } from './caps.ts'
import { isZone } from './holdings.ts'
import { isState } from './holidays.ts'
import type { Pack } from './packs.ts'
import type { ConsentRules, Override } from './settings.ts'
import { formatWeek, parseWeek, WeekError } from './week.ts'

const closed = { additionalProperties: false } as const
const time = Type.String({ format: 'date-time' })
const hoursText = Type.String({
  maxLength: 300,
  description: 'In the recipient’s local time: mon-fri 09:00-18:00; sat 10:00-14:00. All day is 00:00-24:00',
  examples: ['mon-fri 09:00-18:00; sat 10:00-14:00'],
})
const holidays = Type.Enum(['yes', 'no'], {
  description: 'no: nothing on public holidays of the whole country',
})
const country = Type.String({
  pattern: '^([A-Z]{2}|[*])$',
  description: 'Two capital letters, or * for everywhere',
})
const reason = (description: string) =>
  Type.Union([Type.String({ minLength: 8, maxLength: 500, pattern: '\\S' }), Type.Null()], { description })

export const Cap = Type.Object(
  { per: Type.Enum(capSpanNames), most: Type.Integer({ minimum: 0, maximum: 1_000 }) },
  { ...closed, title: 'FrequencyCap' },
)
export const Caps = Type.Array(Cap, {
  maxItems: 6,
  description: 'How many messages one person may get in any 24 hours, 7 days, 30 days',
})

export const HoursSetting = Type.Object(
  {
    country,
    hours: hoursText,
    holidays: Type.Optional(holidays),
    holiday_states: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z0-9]{1,3}$' }), {
        minItems: 1,
        maxItems: 60,
        description:
          'States of the country (ISO 3166-2 without it: BY) whose own holidays are closed, too; only with `holidays: no`',
        examples: [['BY', 'BW']],
      }),
    ),
    instead: Type.Optional(
      reason(
        'Null: these hours come on top of what we know of the country, so they can only be stricter. A sentence: they take its place, and this is why',
      ),
    ),
    zones: Type.Optional(
      Type.Array(Type.String({ maxLength: 50 }), {
        minItems: 1,
        maxItems: 40,
        description: 'IANA names, in place of those that a number may be in; only with `instead`',
      }),
    ),
  },
  { ...closed, title: 'QuietHoursSetting' },
)

const fields = {
  kept_elsewhere: reason(
    'Null: marketing needs a consent that is recorded here. A sentence: it is recorded elsewhere, and this is where. Opt-outs hold all the same',
  ),
  caps: Caps,
  over_cap: Type.Enum(['refuse', 'defer'], {
    description: 'What becomes of a message that a cap has no room for',
  }),
  hours: Type.Array(HoursSetting, { maxItems: 100 }),
}
export const RulesWish = Type.Object(
  {
    kept_elsewhere: Type.Optional(fields.kept_elsewhere),
    caps: Type.Optional(fields.caps),
    over_cap: Type.Optional(fields.over_cap),
    hours: Type.Optional(fields.hours),
  },
  {
    ...closed,
    title: 'ConsentRulesWish',
    description: 'All of them: what is left out is as if nobody had decided it.',
  },
)
export const RulesOut = Type.Object(fields, { title: 'ConsentRules' })

export const PackOut = Type.Object(
  {
    id: Type.String(),
    country,
    regions: Type.Array(Type.String(), { description: 'States; empty: the whole country' }),
    concerns: Type.Array(Type.String()),
    hours: hoursText,
    holidays,
    caps: Caps,
    basis: Type.Enum(['law', 'provider', 'house'], {
      description: 'A law or regulator, what providers ask for, or only our own default',
    }),
    source: Type.String(),
    verified: Type.Boolean({ description: 'False: from memory; check before you rely on it' }),
    date: Type.String({ description: 'When we last looked' }),
    version: Type.Integer(),
  },
  { title: 'QuietHoursRule' },
)

export const Question = Type.Object(
  {
    to: Type.String({ minLength: 2, maxLength: 32, description: 'E.164' }),
    topic: Type.Optional(Type.String({ maxLength: 40, description: 'top_…' })),
    from: Type.Optional(Type.String({ maxLength: 32 })),
    lane: Type.Optional(Type.Enum(laneNames)),
    at: Type.Optional(Type.String({ format: 'date-time', description: 'When it would be sent; now' })),
  },
  { ...closed, title: 'ConsentQuestion' },
)
export const Explanation = Type.Object(
  {
    verdict: Type.Enum(['pass', 'defer', 'refuse']),
    code: Type.Union([Type.String(), Type.Null()]),
    sentence: Type.String(),
    at: Type.Union([time, Type.Null()], { description: 'When it would go out; null: it would not' }),
    kind: Type.Enum(['marketing', 'service', 'alert', 'other']),
    lane: Type.Enum(laneNames),
    from: Type.Union([Type.String(), Type.Null()]),
    countries: Type.Array(Type.String()),
    regions: Type.Array(Type.String()),
    zones: Type.Array(Type.String(), { description: 'Every one in which the phone may be' }),
    rules: Type.Array(PackOut),
    settings: Type.Array(HoursSetting),
    caps: Type.Array(
      Type.Object({
        of: Type.String(),
        caps: Caps,
        sent: Type.Array(time, { description: 'Also what is planned' }),
      }),
    ),
  },
  { title: 'ConsentExplanation' },
)

function invalid(field: string, problem: string): KurzpostError {
  return new KurzpostError('invalid_request', { details: [{ field, problem }] })
}

/** Settings as they were asked for, in their one spelling. Throws `invalid_request`. */
export async function readWish({
  kept_elsewhere = null,
  caps = [],
  over_cap = 'refuse',
  hours = [],
}: Static<typeof RulesWish>): Promise<ConsentRules> {
  for (const [at, { country, holidays, holiday_states = [] }] of hours.entries()) {
    const field = `hours.${at}.holiday_states`
    if (holiday_states.length > 0 && (country === '*' || holidays !== 'no'))
      throw invalid(field, 'are for a country on whose holidays nothing goes out')
    for (const state of holiday_states)
      if (!(await isState(country, state))) throw invalid(field, `does not know ${state} of ${country}`)
  }
  return {
    keptElsewhere: kept_elsewhere,
    caps: capsOf(caps),
    overCap: over_cap,
    hours: hours.map((each, at) => readHours(each, `hours.${at}`)),
  }
}

function readHours(
  { country, hours, holidays = 'yes', holiday_states, instead = null, zones }: Static<typeof HoursSetting>,
  field: string,
): Override {
  if (zones && instead === null)
    throw invalid(`${field}.zones`, 'are for hours that take the place of ours: give `instead`')
  const unknown = zones?.find((zone) => !isZone(zone))
  if (unknown !== undefined) throw invalid(`${field}.zones`, `does not know the time zone ${unknown}`)
  try {
    const week = formatWeek(parseWeek(hours))
    if (week === '') throw new WeekError('No hour of the week is left.')
    const states = holiday_states && { holiday_states: [...new Set(holiday_states)].sort() }
    return { country, hours: week, holidays, ...states, instead, ...(zones && { zones }) }
  } catch (error) {
    if (error instanceof WeekError) throw invalid(`${field}.hours`, error.message)
    throw error
  }
}

export const rulesJson = ({ keptElsewhere, caps, overCap, hours }: ConsentRules) => ({
  kept_elsewhere: keptElsewhere,
  caps: capList(caps),
  over_cap: overCap,
  hours,
})

export const packJson = ({ regions = [], caps = {}, ...pack }: Pack) => ({
  ...pack,
  regions,
  caps: capList(caps),
})

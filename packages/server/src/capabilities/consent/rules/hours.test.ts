import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type IsHoliday, nextOpen, type Rule, stretchAt } from './hours.ts'
import { parseWeek } from './week.ts'

const minuteMs = 60_000
const none: IsHoliday = () => false
const rule = (hours: string, closedOnHolidaysOf: string | null = null): Rule => ({
  week: parseWeek(hours),
  closedOnHolidaysOf,
})
const next = (from: string, zones: string[], hours: string | Rule[], isHoliday = none) =>
  nextOpen(
    new Date(from),
    { zones, rules: typeof hours === 'string' ? [rule(hours)] : hours },
    isHoliday,
  )?.toISOString()

test('a closed hour is waited out, in the local time of the recipient and over summer time', () => {
  const hours = 'daily 08:00-21:00'
  assert.equal(next('2026-01-15T22:30Z', ['Europe/Berlin'], hours), '2026-01-16T07:00:00.000Z')
  assert.equal(next('2026-07-15T22:30Z', ['Europe/Berlin'], hours), '2026-07-16T06:00:00.000Z')
  assert.equal(next('2026-07-15T12:00Z', ['Europe/Berlin'], hours), '2026-07-15T12:00:00.000Z')
  assert.equal(
    next('2026-07-15T19:00Z', ['Europe/Berlin'], hours),
    '2026-07-16T06:00:00.000Z',
    'the end is out',
  )
})

test('Regulation F’s example: an Eastern number and a Pacific home leave 11:00 to 21:00 Eastern', () => {
  const zones = ['America/New_York', 'America/Los_Angeles']
  assert.equal(next('2026-11-23T13:00Z', zones, 'daily 08:00-21:00'), '2026-11-23T16:00:00.000Z')
  const { open, until } = stretchAt(
    new Date('2026-11-23T16:00Z'),
    { zones, rules: [rule('daily 08:00-21:00')] },
    none,
  )
  assert.deepEqual([open, until?.toISOString()], [true, '2026-11-24T02:00:00.000Z'])
})

test('weekends and holidays are passed over', () => {
  const workdays = [rule('mon-fri 08:00-22:00', 'FR')]
  const easter = (country: string, date: string) => country === 'FR' && date === '2026-04-06'
  assert.equal(next('2026-04-03T21:00Z', ['Europe/Paris'], workdays, easter), '2026-04-07T06:00:00.000Z')
})

test('hours that no moment fulfils in all zones are never', () => {
  assert.equal(
    next('2026-11-23T13:00Z', ['Pacific/Auckland', 'Europe/London'], 'daily 09:00-11:00'),
    undefined,
  )
  assert.equal(
    next('2026-11-23T13:00Z', ['Europe/London'], [rule('mon 08:00-12:00'), rule('tue 08:00-12:00')]),
    undefined,
  )
})

test('where no zone is known, nothing is closed', () => {
  assert.equal(next('2026-11-23T03:00Z', [], 'daily 09:00-11:00'), '2026-11-23T03:00:00.000Z')
})

/** The wall clock by `Intl` alone: what is tested must not be asked. */
function wall(zone: string) {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const),
    weekday: 'short',
  })
  return (at: number) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    return {
      date: `${part.year}-${part.month}-${part.day}`,
      day: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part.weekday!),
      minute: Number(part.hour) * 60 + Number(part.minute),
    }
  }
}
const zoneNames = [
  'Europe/Berlin',
  'America/New_York',
  'America/Los_Angeles',
  'America/Phoenix',
  'Australia/Lord_Howe', // half an hour of summer time
  'Asia/Kathmandu', // quarter hours
  'Africa/Cairo', // sets its clocks at midnight
  'Pacific/Auckland',
]
const walls = new Map(zoneNames.map((zone) => [zone, wall(zone)]))

/** Weeks in which clocks are set somewhere, both ways, and one without. */
const anchors = [
  '2026-03-07',
  '2026-03-28',
  '2026-04-04',
  '2026-04-23',
  '2026-07-01',
  '2026-10-03',
  '2026-10-24',
  '2026-10-29',
  '2026-10-31',
]

const minuteOfDay = fc.integer({ min: 0, max: 47 }).map((half) => half * 30)
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const anyHours = fc
  .array(
    fc.record({
      days: fc.constantFrom('daily', 'mon-fri', 'sat,sun', 'sun', 'fri-mon', 'wed'),
      from: minuteOfDay,
      length: fc.integer({ min: 1, max: 47 }).map((half) => half * 30),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((spans) =>
    spans
      .map(({ days, from, length }) => `${days} ${clock(from)}-${clock((from + length) % 1440)}`)
      .join('; '),
  )

test('what is computed is what walking through the minutes finds, over changes of the clock in both directions', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...anchors),
      fc.integer({ min: 0, max: 2880 }),
      fc.uniqueArray(fc.constantFrom(...zoneNames), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(anyHours, fc.boolean()), { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 0, max: 4 }),
      (anchor, offset, zones, drawn, holidayIn) => {
        const start = Date.parse(`${anchor}T00:00Z`)
        const holiday = new Date(start + holidayIn * 86_400_000).toISOString().slice(0, 10)
        const isHoliday = (_: string, date: string) => date === holiday
        const rules = drawn.map(([hours, closed]) => rule(hours, closed ? 'XX' : null))
        const openAt = (at: number): boolean =>
          zones.every((zone) => {
            const { date, day, minute } = walls.get(zone)!(at)
            return rules.every(
              ({ week, closedOnHolidaysOf }) =>
                !(closedOnHolidaysOf !== null && isHoliday(closedOnHolidaysOf, date)) &&
                week[day]!.some(({ from, to }) => from <= minute && minute < to),
            )
          })
        const from = start + offset * minuteMs
        const { open, until } = stretchAt(new Date(from), { zones, rules }, isHoliday)
        assert.equal(open, openAt(from))
        // Changes fall on quarters of an hour: zones, windows and clocks are all set to them.
        const end = Math.min(until?.getTime() ?? Number.POSITIVE_INFINITY, from + 4 * 86_400_000)
        const quarter = 15 * minuteMs
        for (let at = from - (from % quarter) + quarter; at < end; at += quarter)
          assert.equal(openAt(at), open, new Date(at).toISOString())
        if (end === until?.getTime()) assert.equal(openAt(end), !open, 'and there it changes')
      },
    ),
    { numRuns: 300 },
  )
})

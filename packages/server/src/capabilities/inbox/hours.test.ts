import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addOpenTime,
  always,
  closedUntil,
  type Hours,
  isOpen,
  nextOpen,
  openTimeBetween,
  problemsOf,
} from './hours.ts'

const office: Hours = {
  time_zone: 'Europe/Berlin',
  openings: [
    { days: [1, 2, 3, 4, 5], from: '09:00', to: '12:00' },
    { days: [1, 2, 3, 4, 5], from: '13:00', to: '17:00' },
  ],
  closed_on: ['2026-12-24'],
}
const at = (text: string) => new Date(text)
const hour = 3_600_000

test('somebody is there on weekdays, not at lunch, at night, at the weekend or on a closed day', () => {
  const told = (
    [
      ['2026-11-20T09:00:00+01:00', true],
      ['2026-11-20T08:59:59+01:00', false],
      ['2026-11-20T12:00:00+01:00', false],
      ['2026-11-20T16:59:59+01:00', true],
      ['2026-11-21T10:00:00+01:00', false],
      ['2026-12-24T10:00:00+01:00', false],
      ['2026-06-05T09:00:00+02:00', true],
    ] as const
  ).filter(([text, open]) => isOpen(office, at(text)) !== open)
  assert.deepEqual(told, [])
})

test('two hours after Friday 16:00 are Monday 10:00, over lunch they take three, and over a closed day a night more', () => {
  const after = (text: string, ms: number) => addOpenTime(office, at(text), ms)?.toISOString()
  assert.equal(after('2026-11-20T16:00:00+01:00', 2 * hour), at('2026-11-23T10:00:00+01:00').toISOString())
  assert.equal(after('2026-11-20T11:00:00+01:00', 2 * hour), at('2026-11-20T14:00:00+01:00').toISOString())
  assert.equal(after('2026-12-23T16:30:00+01:00', hour), at('2026-12-25T09:30:00+01:00').toISOString())
})

test('a closed time is named by its end, the same for every moment in it', () => {
  const names = ['2026-11-20T17:00:00+01:00', '2026-11-21T03:00:00+01:00', '2026-11-23T08:59:00+01:00'].map(
    (text) => closedUntil(office, at(text))?.toISOString(),
  )
  assert.deepEqual(new Set(names), new Set([at('2026-11-23T09:00:00+01:00').toISOString()]))
  assert.equal(closedUntil(office, at('2026-11-20T10:00:00+01:00')), undefined)
})

test('without any opening nobody ever comes, which is a time too; without settings somebody always is there', () => {
  const never = { ...office, openings: [] }
  assert.equal(nextOpen(never, at('2026-11-20T10:00:00Z')), undefined)
  assert.equal(addOpenTime(never, at('2026-11-20T10:00:00Z'), 1), undefined)
  assert.equal(closedUntil(never, at('2026-11-20T10:00:00Z'))?.getUTCFullYear(), 9999)
  assert.equal(
    addOpenTime(always, at('2026-11-20T10:00:00Z'), hour)?.toISOString(),
    '2026-11-20T11:00:00.000Z',
  )
})

test('an opening at an hour that the clocks skip is as long as the day has it', () => {
  const night = { ...office, openings: [{ days: [7], from: '01:00', to: '04:00' }] }
  const since = at('2026-03-29T00:00:00+01:00')
  assert.equal(openTimeBetween(night, since, at('2026-03-29T12:00:00+02:00')), 2 * hour)
  assert.equal(
    openTimeBetween(night, at('2026-10-25T00:00:00+02:00'), at('2026-10-25T12:00:00+01:00')),
    4 * hour,
  )
})

const moments = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2027, 0) }).map((ms) => new Date(ms))
const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'UTC',
)
const minute = fc.integer({ min: 0, max: 24 * 60 })
const clock = (value: number) =>
  `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`
const openings = fc.record({
  days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
  span: fc.tuple(minute, minute).filter(([a, b]) => a !== b),
})
const anyHours = fc
  .record({ time_zone: zones, openings: fc.array(openings, { minLength: 1, maxLength: 3 }) })
  .map(
    ({ time_zone, openings }): Hours => ({
      time_zone,
      openings: openings.map(({ days, span }) => ({
        days,
        from: clock(Math.min(...span)),
        to: clock(Math.max(...span)),
      })),
      closed_on: [],
    }),
  )

test('opening time added is opening time passed, over every change of the clocks', () => {
  fc.assert(
    fc.property(anyHours, moments, fc.integer({ min: 1, max: 48 * hour }), (hours, since, ms) => {
      const until = addOpenTime(hours, since, ms)
      if (until === undefined) return
      assert.equal(openTimeBetween(hours, since, until), ms)
    }),
    { numRuns: 60 },
  )
})

test('the next opening is one, and there is none between', () => {
  fc.assert(
    fc.property(anyHours, moments, (hours, since) => {
      const next = nextOpen(hours, since)
      if (next === undefined) return
      assert.ok(isOpen(hours, next))
      assert.equal(openTimeBetween(hours, since, next), 0)
    }),
    { numRuns: 60 },
  )
})

test('what no clock and no calendar has is named', () => {
  const wrong = {
    time_zone: 'Europe/Bielefeld',
    openings: [{ days: [1], from: '17:00', to: '09:00' }],
    closed_on: ['2026-02-30'],
  }
  assert.deepEqual(
    problemsOf(wrong).map(({ field }) => field),
    ['time_zone', 'openings.0.to', 'closed_on.0'],
  )
  assert.deepEqual(problemsOf(office), [])
})

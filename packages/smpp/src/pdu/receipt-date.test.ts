import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateOf } from './receipt-date.ts'

const moments: [digits: string, offsetMinutes: number, expected: string | undefined][] = [
  ['2611220102', 0, '2026-11-22T01:02:00.000Z'],
  ['261122010203', 60, '2026-11-22T00:02:03.000Z'],
  ['20261122010203', -330, '2026-11-22T06:32:03.000Z'],
  ['202611220102', 120, '2026-11-21T23:02:00.000Z'],
  ['261122010203912+', 0, '2026-11-21T22:02:03.000Z'],
  ['261122010203904-', 600, '2026-11-22T02:02:03.000Z'],
  ['2613220102', 0, undefined],
  ['2602300102', 0, undefined],
  ['9999999999', 0, undefined],
  ['26112201', 0, undefined],
  ['yesterday', 0, undefined],
  ['', 0, undefined],
]
test('group 55: dates in the local time of the SMSC become moments when its zone is told', () => {
  for (const [digits, offsetMinutes, expected] of moments)
    assert.equal(dateOf(digits, { offsetMinutes })?.toISOString(), expected, digits)
})

test('group 55: a zone with summer time: both sides of the change, the hour that is not and the hour that is twice', () => {
  const berlin = (digits: string) => dateOf(digits, { timeZone: 'Europe/Berlin' })?.toISOString()
  assert.equal(berlin('2607010000'), '2026-06-30T22:00:00.000Z')
  assert.equal(berlin('2611220102'), '2026-11-22T00:02:00.000Z')
  assert.equal(berlin('2603290159'), '2026-03-29T00:59:00.000Z')
  assert.equal(berlin('2603290300'), '2026-03-29T01:00:00.000Z')
  assert.equal(berlin('2603290230'), '2026-03-29T01:30:00.000Z')
  assert.equal(berlin('2610250230'), '2026-10-25T00:30:00.000Z')
  assert.equal(dateOf('2611220102', { timeZone: 'Asia/Kolkata' })?.toISOString(), '2026-11-21T19:32:00.000Z')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SmppError } from '../errors.ts'
import { formatAbsoluteTime, formatRelativeTime, longestRelativeSeconds, parseSmppTime } from './smpp-time.ts'

const now = new Date('2026-03-31T12:00:00Z')
const refused = (attempt: () => unknown) =>
  assert.throws(attempt, (error) => error instanceof SmppError && error.code === 'invalid_pdu')
const absolute = (text: string, from = now) => {
  const time = parseSmppTime(text, from)
  assert.ok(time.kind === 'absolute', JSON.stringify(time))
  return time
}

test('group 53: an absolute time is written as a clock shows it that is quarters of an hour from UTC', () => {
  const at = new Date('2026-12-31T20:15:30.450Z')
  assert.equal(formatAbsoluteTime(at), '261231201530400+')
  assert.equal(formatAbsoluteTime(at, 60), '261231211530404+')
  assert.equal(formatAbsoluteTime(at, 345), '270101020030423+')
  assert.equal(formatAbsoluteTime(at, -570), '261231104530438-')
  assert.equal(formatAbsoluteTime(at, 720), '270101081530448+')
  for (const minutes of [7, 735, -735, Number.NaN]) refused(() => formatAbsoluteTime(at, minutes))
  refused(() => formatAbsoluteTime(new Date(Number.NaN)))
})

test('group 53: what is written as an absolute time is read as the same moment, to the tenth of a second', () => {
  const from = new Date('1980-01-01T00:00:00Z')
  const till = new Date('2075-06-30T00:00:00Z')
  const quarters = fc.integer({ min: -48, max: 48 })
  fc.assert(
    fc.property(fc.date({ min: from, max: till, noInvalidDate: true }), quarters, (at, quarter) => {
      const time = absolute(formatAbsoluteTime(at, quarter * 15))
      assert.equal(time.at.getTime(), Math.floor(at.getTime() / 100) * 100)
      assert.equal(time.offsetMinutes, quarter * 15)
      assert.equal(time.past, time.at.getTime() <= now.getTime())
    }),
  )
})

test('group 53: two digits of a year mean the nearest such year', () => {
  const year = (text: string, from: string) =>
    absolute(`${text}0615120000000+`, new Date(from)).at.getUTCFullYear()
  assert.equal(year('75', '2026-01-01T00:00:00Z'), 2075)
  assert.equal(year('76', '2026-01-01T00:00:00Z'), 1976)
  assert.equal(year('99', '2026-01-01T00:00:00Z'), 1999)
  assert.equal(year('00', '2099-12-31T00:00:00Z'), 2100)
  assert.equal(year('99', '2100-01-01T00:00:00Z'), 2099)
})

test('group 53: a time in the past says so', () => {
  assert.equal(absolute('260331115959900+').past, true)
  assert.equal(absolute('260331120000000+').past, true)
  assert.equal(absolute('260331120000100+').past, false)
  assert.equal(absolute('260331130000004+').past, true)
  assert.equal(absolute('260331130000004-').past, false)
})

test('group 53: a relative time is written with its seconds, minutes, hours and months carried', () => {
  assert.equal(formatRelativeTime(0), '000000000000000R')
  assert.equal(formatRelativeTime(59.9), '000000000059000R')
  assert.equal(formatRelativeTime(90), '000000000130000R')
  assert.equal(formatRelativeTime(3 * 86_400), '000003000000000R')
  assert.equal(formatRelativeTime(longestRelativeSeconds), '000030235959000R')
  assert.equal(formatRelativeTime({ hours: 23, minutes: 59, seconds: 60 }), '000001000000000R')
  assert.equal(formatRelativeTime({ years: 2, months: 18, days: 10 }), '030610000000000R')
  refused(() => formatRelativeTime(longestRelativeSeconds + 1))
  for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, { days: 31 }, { hours: -1 }, { years: 100 }])
    refused(() => formatRelativeTime(wrong))
})

test('group 53: a relative time is read by the calendar, values above their limits too', () => {
  const at = (text: string, from = now) => {
    const time = parseSmppTime(text, from)
    assert.ok(time.kind === 'relative')
    return time.at.toISOString()
  }
  assert.equal(at('000000000000000R'), '2026-03-31T12:00:00.000Z')
  assert.equal(at('000000900000000R'), '2026-04-04T06:00:00.000Z')
  assert.equal(at('000100000000000R'), '2026-04-30T12:00:00.000Z')
  assert.equal(at('011100000000000R'), '2028-02-29T12:00:00.000Z')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: longestRelativeSeconds }), (seconds) => {
      assert.equal(Date.parse(at(formatRelativeTime(seconds))), now.getTime() + seconds * 1000)
    }),
  )
})

test('group 53: an empty time is none, and whatever else a peer writes is invalid and throws nothing', () => {
  assert.deepEqual(parseSmppTime('', now), { kind: 'none' })
  const wrong = [
    '0',
    '260230120000000+',
    '261301120000000+',
    '260331240000000+',
    '260331126000000+',
    '260331120060000+',
    '260331120000057+',
    '000000000000000+',
    '260331120000000',
    '26033112000000+',
    '260331120000000r',
    '2026-03-31 12:00',
    'aaaaaaaaaaaaaaaR',
  ]
  for (const text of wrong) assert.equal(parseSmppTime(text, now).kind, 'invalid', text)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{15}[+\-R]$/)), (text) => {
      parseSmppTime(text, now)
    }),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packs } from './packs.ts'
import { formatWeek, isWithin, parseWeek, WeekError } from './week.ts'

test('hours read as people write them, and are written as they are read', () => {
  for (const hours of [
    'daily 08:00-21:00',
    'mon-fri 09:00-18:00; sat-sun 10:00-17:00',
    'mon-sat 09:00-21:00; sun 12:00-21:00',
    'wed 08:00-12:00, 14:00-18:00',
  ])
    assert.equal(formatWeek(parseWeek(hours)), hours)
  assert.equal(formatWeek(parseWeek('Mon 9-12; Mon 11:30-13')), 'mon 09:00-13:00', 'what overlaps is joined')
})

test('a span that ends before it starts goes on into the next day, also from Sunday into Monday', () => {
  assert.equal(formatWeek(parseWeek('sun 22:00-02:00')), 'mon 00:00-02:00; sun 22:00-24:00')
})

test('days as a range may cross the end of the week', () => {
  assert.equal(formatWeek(parseWeek('sat-mon 08:00-09:00')), 'mon 08:00-09:00; sat-sun 08:00-09:00')
})

test('what could be read two ways, or not at all, is refused with a sentence', () => {
  for (const hours of [
    'daily 08:00-08:00',
    'daily',
    'someday 08:00-09:00',
    'mon 25:00-26:00',
    'mon 08:70-09:00',
    'mon-tue-wed 8-9',
    'mon 8',
  ])
    assert.throws(
      () => parseWeek(hours),
      (error: Error) => error instanceof WeekError && error.message.endsWith('.'),
      hours,
    )
})

test('hours lie within others only minute by minute', () => {
  const wide = parseWeek('mon-fri 08:00-20:00')
  assert.equal(isWithin(parseWeek('mon 08:00-20:00'), wide), true)
  assert.equal(isWithin(parseWeek('mon 07:30-09:00'), wide), false)
  assert.equal(isWithin(parseWeek('sat 09:00-10:00'), wide), false)
})

test('every pack can be read, says where it comes from, and has an id of its own', () => {
  for (const pack of packs) {
    assert.ok(
      parseWeek(pack.hours).some((spans) => spans.length > 0),
      pack.id,
    )
    assert.ok(pack.source.length > 10 && /^\d{4}-\d{2}-\d{2}$/.test(pack.date), pack.id)
  }
  assert.equal(new Set(packs.map(({ id }) => id)).size, packs.length)
})

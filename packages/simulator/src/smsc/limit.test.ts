import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLimit, type Rate } from './limit.ts'

const rate = (perSecond: number, more: Partial<Rate> = {}): Rate => ({
  perSecond,
  burst: 0,
  strict: false,
  ...more,
})
const passed = (limit: ReturnType<typeof createLimit>, now: number, tries: number, given: Rate): number =>
  Array.from({ length: tries }, () => limit.take(now, given)).filter((wait) => wait === 0).length

test('a second’s worth passes at once, and then one for each share of a second', () => {
  const limit = createLimit()
  assert.equal(passed(limit, 0, 25, rate(10)), 10)
  assert.equal(passed(limit, 250, 25, rate(10)), 2)
  assert.equal(passed(limit, 10_250, 25, rate(10)), 10)
})

test('no limit lets all pass, and a new limit starts full', () => {
  const limit = createLimit()
  assert.equal(passed(limit, 0, 1000, rate(0)), 1000)
  assert.equal(passed(limit, 0, 2, rate(1)), 1)
  assert.equal(passed(limit, 0, 3, rate(2)), 2)
})

test('a burst is all that passes at once, more or less than a second’s worth', () => {
  assert.equal(passed(createLimit(), 0, 100, rate(10, { burst: 3 })), 3)
  assert.equal(passed(createLimit(), 0, 100, rate(10, { burst: 50 })), 50)
})

test('a strict limit counts whole seconds of its clock', () => {
  const limit = createLimit()
  const strict = rate(10, { strict: true })
  assert.equal(passed(limit, 900, 25, strict), 10)
  assert.equal(limit.take(900, strict), 100)
  assert.equal(passed(limit, 999, 25, strict), 0)
  assert.equal(passed(limit, 1000, 25, strict), 10)
  assert.equal(passed(limit, 9000, 25, strict), 10)
})

test('what is owed waits its turn: the n-th above the limit waits n shares of a second', () => {
  for (const strict of [false, true]) {
    const limit = createLimit()
    const waits = Array.from({ length: 30 }, () => limit.owe(0, rate(10, { strict })))
    const expected = waits.map((_, i) =>
      i < 10 ? 0 : strict ? Math.ceil((i - 9) / 10) * 1000 : (i - 9) * 100,
    )
    assert.deepEqual(waits.map(Math.round), expected)
  }
})

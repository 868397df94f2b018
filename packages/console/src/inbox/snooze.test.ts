import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snoozeChoices } from './snooze.ts'

const offered = (at: Date) => snoozeChoices(at).map(({ choice }) => choice)

test('an evening is offered before it, a Monday when it is neither tomorrow nor a week away', () => {
  assert.deepEqual(offered(new Date(2026, 10, 20, 10)), ['hour', 'evening', 'tomorrow', 'monday', 'week'])
  assert.deepEqual(offered(new Date(2026, 10, 20, 17)), ['hour', 'tomorrow', 'monday', 'week'])
  assert.deepEqual(offered(new Date(2026, 10, 22, 20)), ['hour', 'tomorrow', 'week'], 'on a Sunday')
  assert.deepEqual(offered(new Date(2026, 10, 23, 20)), ['hour', 'tomorrow', 'week'], 'on a Monday')
})

test('every choice lies ahead', () => {
  for (let hour = 0; hour < 24 * 14; hour++) {
    const now = new Date(2026, 10, 16, hour, 59, 30)
    for (const { until } of snoozeChoices(now)) assert.ok(until > now)
  }
})

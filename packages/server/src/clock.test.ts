import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSharedClock } from './clock.ts'

const at = (ms: number) => ({ now: () => new Date(ms), monotonic: () => 0 })
const noon = Date.UTC(2026, 10, 22, 12)

test('a node whose clock is wrong goes by that of the database', () => {
  const clock = createSharedClock(at(noon + 90_000))
  clock.heard(noon, 20)
  assert.equal(clock.now().getTime(), noon + 10, 'it was asked half a round trip ago')
  clock.heard(noon + 40_000, 0)
  assert.equal(clock.now().getTime(), noon + 40_000, 'and follows it where it goes')
})

test('what the network adds is no reason to step', () => {
  const clock = createSharedClock(at(noon))
  clock.heard(noon + 40, 10)
  clock.heard(noon - 50, 600)
  clock.heard(noon + 5_000, 5_000)
  assert.equal(clock.now().getTime(), noon)
})

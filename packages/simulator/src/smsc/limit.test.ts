import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createThrottle } from './throttle.ts'

test('a second’s worth passes at once, and then one for each share of a second', () => {
  let now = 0
  const pass = createThrottle(() => now)
  const passed = (tries: number) => Array.from({ length: tries }, () => pass(10)).filter(Boolean).length
  assert.equal(passed(25), 10)
  now += 250
  assert.equal(passed(25), 2)
  now += 10_000
  assert.equal(passed(25), 10)
})

test('no limit lets all pass, and a new limit starts full', () => {
  const pass = createThrottle(() => 0)
  for (let i = 0; i < 1000; i += 1) assert.equal(pass(0), true)
  assert.deepEqual([pass(1), pass(1), pass(2), pass(2), pass(2)], [true, false, true, true, false])
})

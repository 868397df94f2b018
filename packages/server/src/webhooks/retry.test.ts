import assert from 'node:assert/strict'
import { it } from 'node:test'
import { retryDelay, retryDelays } from './retry.ts'

const hour = 3_600_000

it('tries twelve times over about five days, later and later', () => {
  const delays = Array.from({ length: 12 }, (_, at) => retryDelay(at + 1, 0.5))
  assert.equal(delays.filter((delay) => delay !== undefined).length, 11)
  assert.equal(delays.at(-1), undefined)
  const total = retryDelays.reduce((sum, delay) => sum + delay)
  assert.ok(total > 4 * 24 * hour && total < 6 * 24 * hour)
  assert.deepEqual(
    [...retryDelays],
    [...retryDelays].sort((a, b) => a - b),
  )
})

it('spreads what failed together, and honours Retry-After up to a day', () => {
  assert.equal(retryDelay(1, 0), 4_000)
  assert.equal(retryDelay(1, 1), 6_000)
  assert.equal(retryDelay(1, 0.5, 60_000), 60_000)
  assert.equal(retryDelay(5, 0.5, 60_000), hour)
  assert.equal(retryDelay(1, 0.5, 1_000 * hour), 24 * hour)
})

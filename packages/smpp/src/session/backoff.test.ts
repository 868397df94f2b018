import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBackoff } from './backoff.ts'

test('the delays double up to the limit, and jitter takes up to half away', () => {
  const longest = createBackoff(100, 1_000, () => 1)
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(longest.next), [100, 200, 400, 800, 1_000, 1_000])
  const shortest = createBackoff(100, 1_000, () => 0)
  assert.deepEqual([1, 2, 3].map(shortest.next), [50, 100, 200])
})

test('a link that held begins anew, one that dropped at once does not', () => {
  const backoff = createBackoff(100, 1_000, () => 1)
  for (let i = 0; i < 3; i++) backoff.next()
  backoff.held(10)
  assert.equal(backoff.next(), 800)
  backoff.held(5_000)
  assert.equal(backoff.next(), 100)
})

test('a thousand attempts later the delay is still the limit', () => {
  const backoff = createBackoff(100, 1_000, () => 1)
  for (let i = 0; i < 1_000; i++) backoff.next()
  assert.equal(backoff.next(), 1_000)
})

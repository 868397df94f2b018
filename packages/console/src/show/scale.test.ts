import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scaleTop, sparse } from './scale.ts'

for (const [most, top] of [
  [0, 1],
  [0.3, 0.4],
  [1, 1],
  [7.2, 8],
  [99, 100],
  [100, 100],
  [101, 200],
  [1300, 2000],
] as const) {
  test(`an axis for ${most} ends at ${top}`, () => {
    assert.ok(Math.abs(scaleTop(most) - top) < 1e-9)
  })
}

test('of times close together the last stays, and those far enough before it', () => {
  assert.deepEqual(sparse([0, 2, 4, 6, 8, 10, 11], 5), [0, 3, 6])
  assert.deepEqual(sparse([], 5), [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChance, purposes, unit } from './chance.ts'

test('draws are spread evenly, by key and by purpose', () => {
  for (const draw of [(n: number) => unit(n, 1), (n: number) => unit(1, n)]) {
    const buckets = new Array<number>(10).fill(0)
    for (let n = 0; n < 100_000; n += 1) buckets[Math.floor(draw(n) * 10)]! += 1
    for (const count of buckets) assert.ok(Math.abs(count - 10_000) < 500, `${count} of 10,000`)
  }
})

test('purposes are different numbers', () => {
  const numbers = Object.values(purposes)
  assert.equal(new Set(numbers).size, numbers.length)
})

test('one purpose tells nothing of another', () => {
  let both = 0
  for (let key = 0; key < 100_000; key += 1) if (unit(key, 1) < 0.1 && unit(key, 2) < 0.1) both += 1
  assert.ok(Math.abs(both - 1000) < 150, `${both} of 100,000`)
})

test('the n-th message to a recipient has its own key, whatever goes to others, until the seed is another', () => {
  const keys = (seed: number, others: readonly string[]) => {
    const chance = createChance(seed)
    return Array.from({ length: 5 }, () => {
      for (const other of others) chance.message(other)
      return chance.message('4915112345678')
    })
  }
  const alone = keys(1, [])
  assert.equal(new Set(alone).size, 5)
  assert.deepEqual(keys(1, ['491', '492', '493']), alone)
  assert.notDeepEqual(keys(2, []), alone)
})

test('events of one kind are counted apart from those of another', () => {
  const chance = createChance(1)
  const first = [chance.event(1), chance.event(1)]
  chance.reset(1)
  const again = [chance.event(1), chance.event(2), chance.event(1)]
  assert.deepEqual([again[0], again[2]], first)
  assert.notEqual(again[1], first[0])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriedOn } from './earlier.ts'

const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => ({ id: `ent_${from + n}` }))

test('what a new entry pushes out of the newest ones stays in the row', () => {
  const earlier = { entries: entries(1, 10), next: 'ent_1' }
  const next = carriedOn(earlier, entries(11, 60), entries(13, 62))
  assert.deepEqual(next, { entries: entries(1, 12), next: 'ent_1' })
  assert.equal(carriedOn(earlier, entries(11, 60), entries(11, 60)), earlier)
})

test('where more came than the newest ones hold, the earlier ones are asked for anew', () => {
  assert.equal(
    carriedOn({ entries: entries(1, 10), next: undefined }, entries(11, 60), entries(70, 119)),
    undefined,
  )
})

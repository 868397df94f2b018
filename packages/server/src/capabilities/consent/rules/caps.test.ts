import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { brokenCap, type Caps, capSpans, nextWithin, strictest } from './caps.ts'

const hour = 3_600_000
const anySent = fc
  .array(fc.integer({ min: 0, max: 900 }), { maxLength: 12 })
  .map((hours) => hours.sort((a, b) => a - b).map((each) => each * hour))
const anyCaps: fc.Arbitrary<Caps> = fc.record(
  {
    day: fc.integer({ min: 1, max: 3 }),
    week: fc.integer({ min: 1, max: 4 }),
    month: fc.integer({ min: 1, max: 6 }),
  },
  { requiredKeys: [] },
)

/** Every span that starts at a whole hour: all is in whole hours here. */
const brokenByWalking = (caps: Caps, all: number[], at: number): boolean =>
  (['day', 'week', 'month'] as const).some((span) => {
    const limit = caps[span]
    if (limit === undefined) return false
    for (let start = at - capSpans[span] + hour; start <= at; start += hour)
      if (all.filter((each) => each >= start && each < start + capSpans[span]).length >= limit) return true
    return false
  })

test('a cap is broken exactly when some span with the new message in it would hold too many', () => {
  fc.assert(
    fc.property(anySent, anyCaps, fc.integer({ min: 0, max: 900 }), (sent, caps, at) => {
      assert.equal(brokenCap(caps, sent, at * hour) !== undefined, brokenByWalking(caps, sent, at * hour))
    }),
  )
})

test('the next moment within the caps is the first one', () => {
  fc.assert(
    fc.property(anySent, anyCaps, fc.integer({ min: 0, max: 900 }), (sent, caps, from) => {
      const found = nextWithin(caps, sent, from * hour)!
      assert.equal(brokenByWalking(caps, sent, found), false)
      for (let at = from * hour; at < found; at += hour) assert.equal(brokenByWalking(caps, sent, at), true)
    }),
    { numRuns: 60 },
  )
})

test('a cap of zero is never', () => {
  assert.equal(nextWithin({ week: 0 }, [], 0), null)
})

test('of several caps the strictest holds, span by span', () => {
  assert.deepEqual(strictest([{ day: 3, month: 8 }, { day: 2, week: 5 }, {}]), { day: 2, week: 5, month: 8 })
})

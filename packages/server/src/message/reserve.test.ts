import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Lane, laneNames } from './lane.ts'
import { createReserve } from './reserve.ts'

/** As a claim sees it: the highest lane from there on that waits. */
const highest = (waiting: readonly Lane[], from: Lane = laneNames[0]!): Lane | undefined =>
  laneNames.slice(laneNames.indexOf(from)).find((lane) => waiting.includes(lane))

test('while any lanes wait for ever, the highest has seven of eight claims, and each of the others its turn', () => {
  fc.assert(
    fc.property(fc.subarray(laneNames, { minLength: 1 }), (waiting) => {
      const reserve = createReserve()
      const claims = new Map<Lane, number>()
      for (let n = 0; n < 800; n++) {
        const from = reserve.next()
        const lane = highest(waiting, from)
        if (from === undefined) reserve.took(lane!)
        if (lane) claims.set(lane, (claims.get(lane) ?? 0) + 1)
      }
      const top = highest(waiting)!
      assert.ok(claims.get(top)! >= 650, `${top}: ${claims.get(top)}`)
      for (const lane of waiting) assert.ok((claims.get(lane) ?? 0) >= 20, `${lane}: ${claims.get(lane)}`)
    }),
  )
})

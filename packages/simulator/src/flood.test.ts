import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFlood } from './flood.ts'
import type { Outbox, Parcel } from './smsc/outbox.ts'

test('a flood keeps its rate though every timer is late', () => {
  let now = 0
  let next = (): void => {}
  const parcels: Parcel[] = []
  const flood = createFlood({
    time: { now: () => now, after: () => () => {} },
    schedule: { after: (_ms, task) => (next = task), clear() {}, size: 0 },
    outbox: { add: (parcel) => parcels.push(parcel) > 0 } as Partial<Outbox> as Outbox,
  })
  flood.start({ perSecond: 500, count: 800, to: '12345' })
  for (; now < 1000; now += 25) next()
  next()
  assert.deepEqual([parcels.length, flood.left], [500, 300])
  now = 10_000
  next()
  assert.deepEqual([parcels.length, flood.left], [800, 0])
})

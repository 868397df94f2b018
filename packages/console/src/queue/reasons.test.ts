import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Carrier, CarrierState, Queue } from '../api/operate-types.ts'
import { reasonsOf } from './reasons.ts'

const carrier = (
  id: string,
  state: CarrierState,
  values: { rate?: number; limit?: number; used?: number } = {},
) =>
  ({
    id,
    name: id,
    settings: {},
    health: { state },
    binds: [
      {
        rate: values.rate ?? 0,
        segments_per_second: values.limit ?? null,
        in_flight: values.used ?? 0,
        window: 10,
        answer_ms: null,
      },
    ],
  }) as unknown as Carrier

const queue = (ready: Record<string, number>, noRoute = 0, uncertain = 0): Queue => ({
  lanes: [
    {
      lane: 'transactional',
      ready: Object.values(ready).reduce((sum, count) => sum + count, 0),
      scheduled: 0,
      uncertain,
      oldest_at: null,
    },
  ],
  on_wire: 0,
  carriers: Object.entries(ready).map(([id, count]) => ({ carrier_id: id, carrier: id, ready: count })),
  no_route: noRoute,
  as_of: '2026-01-01T00:00:00Z',
})
const codes = (...given: Parameters<typeof reasonsOf>) =>
  reasonsOf(...given).map(({ code, carrier: at, count }) => `${code} ${at?.id ?? ''} ${count}`)

test('an empty queue is held up by nothing, and one that flows neither', () => {
  assert.deepEqual(codes(queue({}), []), [])
  assert.deepEqual(codes(queue({ a: 50 }), [carrier('a', 'up', { rate: 30, limit: 100, used: 10 })]), [])
})

test('the carrier that is down, paused or drained is named, the one with most waiting first', () => {
  const carriers = [carrier('a', 'down'), carrier('b', 'paused'), carrier('c', 'drained')]
  assert.deepEqual(codes(queue({ a: 1, b: 3, c: 2 }), carriers), ['paused b 3', 'drained c 2', 'down a 1'])
})

test('a carrier at its limit, or with its window full, holds up what it cannot take in a moment', () => {
  const carriers = [
    carrier('a', 'up', { rate: 95, limit: 100 }),
    carrier('b', 'up', { rate: 5, limit: 100, used: 10 }),
    carrier('c', 'degraded', { rate: 5 }),
  ]
  assert.deepEqual(codes(queue({ a: 900, b: 800, c: 700 }), carriers), ['limit a 900', 'busy b 800'])
})

test('messages without a route, without any carrier, and of unknown fate are told of', () => {
  assert.deepEqual(codes(queue({}, 4, 2), [carrier('a', 'up')]), ['noRoute  4', 'uncertain  2'])
  assert.deepEqual(codes(queue({}, 4), []), ['noCarrier  0'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Carrier, CarrierBind } from '../api/operate-types.ts'
import { errorsOf, measures, remember, samplesOf, windowOf } from './history.ts'

const bind = (given: Partial<CarrierBind>): CarrierBind => ({
  slot: 0,
  type: 'transceiver',
  state: 'bound',
  node: 1,
  host: 'smsc:2775',
  since: null,
  window: 10,
  in_flight: 0,
  segments_per_second: null,
  rate: 0,
  answer_ms: null,
  errors: [],
  last_error: null,
  ...given,
})
const carrier = (binds: CarrierBind[], settings = {}) =>
  ({ id: 'car_1', binds, settings }) as unknown as Carrier

test('a carrier is as fast as its binds together and as slow as its slowest', () => {
  const two = carrier([
    bind({ rate: 40, segments_per_second: 50, in_flight: 3, answer_ms: { p50: 5, p99: 90 } }),
    bind({ rate: 20, segments_per_second: 50, in_flight: 4, answer_ms: { p50: 9, p99: 30 } }),
  ])
  assert.deepEqual(measures(two), { rate: 60, limit: 100, p50: 9, p99: 90 })
  assert.deepEqual(windowOf(two), { used: 7, size: 20 })
})

test('a bind without a limit leaves the carrier without one, unless its contract names one', () => {
  const binds = [bind({ segments_per_second: 50 }), bind({})]
  assert.equal(measures(carrier(binds)).limit, null)
  assert.equal(measures(carrier(binds, { segments_per_second: 80 })).limit, 80)
  assert.equal(measures(carrier([])).limit, null)
})

test('errors of all binds are counted together, most frequent first', () => {
  const errors = errorsOf(
    carrier([
      bind({ errors: [{ code: 'timeout', count: 1 }] }),
      bind({
        errors: [
          { code: 'ESME_RTHROTTLED', count: 4 },
          { code: 'timeout', count: 2 },
        ],
      }),
    ]),
  )
  assert.deepEqual(errors, [
    { code: 'ESME_RTHROTTLED', count: 4 },
    { code: 'timeout', count: 3 },
  ])
})

test('samples older than five minutes are forgotten', () => {
  const one = carrier([bind({ rate: 1 })])
  remember(one, 1_000)
  remember(one, 200_000)
  remember(one, 301_001)
  assert.deepEqual(
    samplesOf('car_1').map(({ at }) => at),
    [200_000, 301_001],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CarrierError } from '../carriers/carrier.ts'
import { handClock } from '../message/testing.ts'
import { createBreaker } from './breaker.ts'

const fault = new CarrierError('ESME_RSYSERR', { retry: 'later', sent: 'no' })
const timeout = new CarrierError('timeout', { retry: 'elsewhere', sent: 'maybe' })
const refused = new CarrierError('ESME_RINVDSTADR', { retry: 'never', sent: 'no' })
const tooFast = new CarrierError('ESME_RTHROTTLED', { retry: 'later', sent: 'no', throttled: true })

function setup() {
  const clock = handClock()
  let turns = 0
  const breaker = createBreaker({ clock, changed: () => turns++ })
  const answer = (count: number, failure?: CarrierError) => {
    for (let n = 0; n < count; n++) breaker.answered(failure)
  }
  return { clock, breaker, answer, turns: () => turns }
}

for (const [what, failure] of [
  ['faults', fault],
  ['timeouts', timeout],
] as const) {
  test(`ten ${what} in a row open the circuit, nine and an answer do not`, () => {
    const { breaker, answer, turns } = setup()
    answer(9, failure)
    answer(1)
    answer(9, failure)
    assert.equal(breaker.circuit, 'closed')
    answer(1, failure)
    assert.deepEqual([breaker.circuit, turns()], ['open', 1])
  })
}

test('half of twenty answers that are faults open it, though never ten come in a row', () => {
  const { breaker, answer } = setup()
  for (let n = 0; n < 9; n++) {
    answer(1, fault)
    answer(1)
  }
  assert.equal(breaker.circuit, 'closed')
  answer(2, fault)
  assert.equal(breaker.circuit, 'open')
})

test('faults of long ago count no more', () => {
  const { breaker, answer, clock } = setup()
  for (let n = 0; n < 9; n++) {
    answer(1, fault)
    answer(1)
  }
  clock.forward(21_000)
  answer(9, fault)
  assert.equal(breaker.circuit, 'closed')
})

test('what is refused for itself or for speed, or lost with the link, says nothing against the carrier', () => {
  const { breaker, answer } = setup()
  answer(100, refused)
  answer(100, tooFast)
  answer(100, new CarrierError('closed', { retry: 'elsewhere', sent: 'maybe' }))
  assert.equal(breaker.circuit, 'closed')
})

test('after a pause one probe decides: it closes the circuit, or the pause is twice as long', () => {
  const { breaker, answer, clock } = setup()
  answer(10, fault)
  clock.forward(4_999)
  assert.equal(breaker.circuit, 'open')
  clock.forward(1)
  assert.equal(breaker.circuit, 'probing')
  answer(1, fault)
  assert.equal(breaker.circuit, 'open')
  clock.forward(9_999)
  assert.deepEqual([breaker.circuit, breaker.reopensInMs], ['open', 1])
  clock.forward(1)
  answer(1)
  assert.equal(breaker.circuit, 'closed')
  answer(10, fault)
  assert.equal(breaker.reopensInMs, 5_000, 'and the next pause is short again')
})

test('pauses grow to five minutes and no further', () => {
  const { breaker, answer, clock } = setup()
  answer(10, fault)
  for (let n = 0; n < 20; n++) {
    clock.forward(breaker.reopensInMs)
    answer(1, fault)
  }
  assert.equal(breaker.reopensInMs, 300_000)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageState } from './receipt.ts'

type States = Parameters<typeof messageState>[1]
const s = (index: number, state: States[number]['state']) => ({ index, state })

const cases: readonly [what: string, segments: number, states: States, expected: string | undefined][] = [
  ['nothing is known', 1, [], undefined],
  ['one is with the network', 1, [s(1, 'submitted')], undefined],
  ['one has arrived', 1, [s(1, 'delivered')], 'delivered'],
  ['one has failed', 1, [s(1, 'expired')], 'expired'],
  ['two of two have arrived', 2, [s(1, 'delivered'), s(2, 'delivered')], 'delivered'],
  ['one of two has arrived, the other is out', 2, [s(1, 'delivered'), s(2, 'submitted')], undefined],
  ['one of two has arrived, the other was never answered for', 2, [s(1, 'delivered')], undefined],
  ['one of two has failed', 2, [s(1, 'delivered'), s(2, 'undelivered')], 'undelivered'],
  [
    'one has failed and the other is out: it cannot become whole',
    2,
    [s(1, 'rejected'), s(2, 'submitted')],
    'rejected',
  ],
  [
    'a segment failed on one attempt and is out on another',
    1,
    [s(1, 'undelivered'), s(1, 'submitted')],
    undefined,
  ],
  [
    'a segment failed on one attempt and arrived on another',
    1,
    [s(1, 'undelivered'), s(1, 'delivered')],
    'delivered',
  ],
  ['the same, told in the other order', 1, [s(1, 'delivered'), s(1, 'undelivered')], 'delivered'],
  ['a segment failed on every attempt', 1, [s(1, 'expired'), s(1, 'expired')], 'expired'],
  [
    'each segment arrived on another attempt',
    2,
    [s(1, 'delivered'), s(1, 'undelivered'), s(2, 'submitted'), s(2, 'delivered')],
    'delivered',
  ],
]
for (const [what, segments, states, expected] of cases) {
  test(`${what}: ${expected ?? 'not decided'}`, () => assert.equal(messageState(segments, states), expected))
}

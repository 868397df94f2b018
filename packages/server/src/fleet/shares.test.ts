import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Hand, HeldSlot } from './nodes.store.ts'
import { mayTake, toGive } from './shares.ts'

const hand = (number: number, more: Partial<Hand> = {}): Hand => ({
  number,
  draining: false,
  age_ms: 60_000,
  ...more,
})
const slots = (node: number, count: number, carrier_id = 'a'): HeldSlot[] =>
  Array.from({ length: count }, (_, slot) => ({ carrier_id, slot: node * 100 + slot, node }))

test('a node takes while nobody has fewer', () => {
  const held = [...slots(1, 2), ...slots(2, 1)]
  assert.equal(mayTake(1, [hand(1), hand(2)], held), false)
  assert.equal(mayTake(2, [hand(1), hand(2)], held), true)
  assert.equal(mayTake(3, [hand(1), hand(2)], held), false, 'who is not among the living takes nothing')
})

test('a node that drains takes nothing, and is no reason to wait', () => {
  const hands = [hand(1), hand(2, { draining: true })]
  assert.equal(mayTake(2, hands, slots(1, 3)), false)
  assert.equal(mayTake(1, hands, slots(1, 3)), true)
})

test('it gives from the carrier of which it holds most, and not to one that has only just started', () => {
  const held = [...slots(1, 3, 'a'), ...slots(1, 1, 'b')]
  assert.equal(toGive(1, [hand(1), hand(2)], held)?.carrier_id, 'a')
  assert.equal(toGive(1, [hand(1), hand(2, { age_ms: 10 })], held), undefined)
  assert.equal(toGive(2, [hand(1), hand(2)], held), undefined, 'who has none gives none')
})

test('whatever nodes come and go, after a few steps shares differ by one at most, and then nothing moves', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }),
      (nodes, holders) => {
        const hands = Array.from({ length: nodes }, (_, number) => hand(number))
        // Those of node 5, or of any beyond the last, are free: their holder is gone.
        let held = holders.map((node, slot) => ({ carrier_id: String(slot % 3), slot, node }))
        const free = () => held.filter(({ node }) => node >= nodes)
        for (let step = 0; step < 100; step++) {
          const before = JSON.stringify(held)
          const slot = free()[0]
          const taker = hands.find(({ number }) => mayTake(number, hands, held))
          const given = hands
            .map(({ number }) => toGive(number, hands, held))
            .find((found) => found !== undefined)
          if (slot && taker)
            held = held.map((each) => (each === slot ? { ...each, node: taker.number } : each))
          else if (given) held = held.map((each) => (each === given ? { ...each, node: 9 } : each))
          if (JSON.stringify(held) === before) break
          assert.ok(step < 99, 'it comes to rest')
        }
        const counts = hands.map(({ number }) => held.filter(({ node }) => node === number).length)
        assert.equal(free().length, 0)
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join())
      },
    ),
  )
})

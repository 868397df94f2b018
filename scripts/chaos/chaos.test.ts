import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copiesOf, judge, mostInASecond } from './check.ts'
import { planFaults } from './plan.ts'
import { runChaos } from './run.ts'

test('a seed is a plan: the same faults for the same one, others for another', () => {
  assert.deepEqual(planFaults(7, 20, 1000), planFaults(7, 20, 1000))
  assert.notDeepEqual(planFaults(7, 20, 1000), planFaults(8, 20, 1000))
})

test('copies are octets that came to a recipient again; parts of a long message are none', () => {
  const taken = [
    { to: '+1', octets: 'aa' },
    { to: '+1', octets: 'bb' },
    { to: '+2', octets: 'aa' },
    { to: '+2', octets: 'aa' },
  ].map((entry, at) => ({ ...entry, carrier: 'c', id: String(at), receipted: true }))
  assert.deepEqual([...copiesOf(taken)], [['+2', 1]])
})

test('the fullest second may begin at any moment, and late sightings say nothing', () => {
  const at = (...times: number[]) => times.map((time) => ({ at: time, late: false }))
  assert.equal(mostInASecond(at(0, 900, 1_100, 1_700, 1_749)), 4)
  assert.equal(mostInASecond(at(0, 1_000, 2_000)), 1)
  assert.equal(mostInASecond([...at(0, 1), { at: 2, late: true }, ...at(3)]), 2)
})

test('an order that is lost, is there without a reason, or has no receipt of its own is a promise broken', () => {
  const stored = (id: string, recipient: string, state = 'delivered') => ({
    ...{ id, recipient, state, error_code: null, possible_duplicate: false, segments: 1, life: '' },
  })
  const order = (to: string, id: string, unsure = 0) => ({ to, id, unsure, reference: 7 })
  const given = (state: string, reference = 7) => [{ state, reference }]
  const verdicts = judge({
    ...{ sent: [], texts: [], complaints: [], told: new Map(), publicId: (id: string) => id, rates: [] },
    ...{ mostDuplicates: 0, mostReceiptsAgain: 0 },
    orders: [
      ...[order('+1', 'a'), order('+2', 'lost'), order('+3', 'c'), order('+4', 'd', 1), order('+5', 'f')],
      ...[order('+6', 'g')],
    ],
    receipts: new Map([
      ...[['a', given('delivered')] as const, ['c', given('delivered', 8)] as const],
      ...[['d', [...given('delivered'), ...given('delivered')]] as const, ['f', given('expired')] as const],
    ]),
    evidence: {
      messages: [
        ...[stored('a', '+1'), stored('c', '+3'), stored('c2', '+3'), stored('d', '+4'), stored('d2', '+4')],
        ...[stored('f', '+5', 'expired'), stored('g', '+6')],
      ],
      ...{ segments: new Map(), orphans: new Set<string>(), inbound: new Map(), queued: 0, claims: 0 },
      taken: [],
    },
  })
  const broken = (words: RegExp) => verdicts.find(({ promise }) => words.test(promise))!.broken
  assert.deepEqual(
    broken(/answered OK was delivered/).map((line) => line.slice(0, 2)),
    ['+2', '+3', '+5'],
  )
  assert.deepEqual(
    broken(/has its receipt/).map((line) => line.slice(0, 2)),
    ['+2', '+3', '+5', '+6'],
  )
  assert.deepEqual(broken(/came again/), ['1 again, at most 0'])
})

test('killed, cut and stalled, a house of two nodes and two carriers keeps every promise', {
  timeout: 240_000,
}, async () => {
  const { verdicts, figures } = await runChaos({
    seed: 20261163,
    kills: 5,
    spacingMs: 1_200,
    nodes: 2,
    carriers: [undefined, 40],
    window: 10,
    perSecond: 30,
    say: () => {},
  })
  assert.ok(figures.messages > 100, 'there was traffic')
  for (const { promise, looked, broken } of verdicts) {
    assert.deepEqual(broken, [], promise)
    if (!/twice|flagged|came again/.test(promise))
      assert.ok(looked > 0, `something was looked at: ${promise}`)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copiesOf, mostInASecond } from './check.ts'
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

test('killed, cut and stalled, a house of two nodes and two carriers keeps every promise', {
  timeout: 240_000,
}, async () => {
  const { verdicts, figures } = await runChaos({
    seed: 20261122,
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
    if (!/twice|flagged/.test(promise)) assert.ok(looked > 0, `something was looked at: ${promise}`)
  }
})

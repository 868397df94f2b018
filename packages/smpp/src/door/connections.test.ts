import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAddressList } from './address.ts'
import { createConnections } from './connections.ts'

const create = (limits: Partial<Parameters<typeof createConnections>[0]> = {}) =>
  createConnections({
    maxPerAddress: 3,
    maxRatePerAddress: 60,
    maxRemembered: 100,
    exempt: createAddressList([]),
    ...limits,
  })

test('an address has so many connections at a time, and one that leaves makes room', () => {
  const connections = create()
  for (let i = 0; i < 3; i++) assert.equal(connections.enter('192.0.2.1', 0), 'admitted')
  assert.equal(connections.enter('192.0.2.1', 0), 'too_many_connections')
  assert.equal(connections.enter('192.0.2.2', 0), 'admitted')
  connections.left('192.0.2.1')
  assert.equal(connections.enter('192.0.2.1', 0), 'admitted')
})

test('the hosts of one IPv6 /64 count as one', () => {
  const connections = create()
  for (const host of ['1', '2', '3']) assert.equal(connections.enter(`2001:db8::${host}`, 0), 'admitted')
  assert.equal(connections.enter('2001:db8::4', 0), 'too_many_connections')
  assert.equal(connections.enter('2001:db8:0:1::4', 0), 'admitted')
})

test('an address may come so often a minute, in a burst or spread', () => {
  const connections = create({ maxRatePerAddress: 60 })
  const come = (now: number): string => {
    const verdict = connections.enter('192.0.2.1', now)
    if (verdict === 'admitted') connections.left('192.0.2.1')
    return verdict
  }
  for (let i = 0; i < 60; i++) assert.equal(come(0), 'admitted')
  assert.equal(come(0), 'too_fast')
  assert.equal(come(999), 'too_fast')
  assert.equal(come(1_000), 'admitted')
  assert.equal(come(1_000), 'too_fast')
  for (let i = 0; i < 60; i++) assert.equal(come(3_600_000), 'admitted')
  assert.equal(come(3_600_000), 'too_fast')
})

test('exempt addresses are not limited and not remembered', () => {
  const connections = create({ exempt: createAddressList(['127.0.0.0/8']) })
  for (let i = 0; i < 1_000; i++) assert.equal(connections.enter('127.0.0.1', 0), 'admitted')
  connections.left('127.0.0.1')
  assert.deepEqual(connections.size, { open: 0, remembered: 0 })
})

test('group 56: ten thousand connects a minute from as many addresses are remembered in a table of fixed size', () => {
  const connections = create({ maxRemembered: 100 })
  for (let i = 0; i < 10_000; i++) {
    const address = `10.0.${i >> 8}.${i & 255}`
    assert.equal(connections.enter(address, i * 6), 'admitted')
    connections.left(address)
  }
  assert.deepEqual(connections.size, { open: 0, remembered: 100 })
})

test('an exempt address that leaves takes no place from its neighbours in the /64', () => {
  const connections = create({ maxPerAddress: 1, exempt: createAddressList(['2001:db8::1']) })
  assert.equal(connections.enter('2001:db8::1', 0), 'admitted')
  assert.equal(connections.enter('2001:db8::2', 0), 'admitted')
  connections.left('2001:db8::1')
  assert.equal(connections.enter('2001:db8::3', 0), 'too_many_connections')
})

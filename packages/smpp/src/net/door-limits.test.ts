import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bindAs, openDoor, peerFrom } from '../testing/door.ts'
import { connectPeer } from '../testing/peer.ts'

test('an address has so many connections, others are let in meanwhile, and leaving makes room', async (t) => {
  const { server, notes } = await openDoor(t, { maxPerAddress: 2, exempt: [] })
  const first = await connectPeer(server.port)
  const second = await connectPeer(server.port)
  assert.deepEqual([await bindAs(first), await bindAs(second)], [0, 0])
  const third = await connectPeer(server.port)
  await third.closed
  assert.deepEqual(
    notes.entries.map(({ what, detail }) => [what, detail]),
    [['connection_refused', 'too many connections of this address']],
  )
  const other = await peerFrom(server.port, '127.0.0.2')
  assert.equal(await bindAs(other), 0)
  const session = [...server.sessions][0]!
  session.destroy()
  await first.closed
  assert.equal(await bindAs(await connectPeer(server.port)), 0)
})

test('an address that connects too fast is shut out until it has waited', async (t) => {
  const { server, notes, time } = await openDoor(t, { maxRatePerAddress: 3, exempt: [] })
  for (let i = 0; i < 3; i++) assert.equal(await bindAs(await connectPeer(server.port)), 0)
  await (await connectPeer(server.port)).closed
  assert.equal(notes.entries[0]?.detail, 'too many new connections of this address')
  time.advance(20_000)
  assert.equal(await bindAs(await connectPeer(server.port)), 0)
})

test('when too many have not bound, the oldest of them goes and a customer still comes in', async (t) => {
  const { server, notes } = await openDoor(t, { maxUnbound: 3 })
  const strangers = [
    await connectPeer(server.port),
    await connectPeer(server.port),
    await connectPeer(server.port),
  ]
  assert.equal(await bindAs(await connectPeer(server.port)), 0)
  await strangers[0]!.closed
  assert.deepEqual(
    notes.entries.map(({ detail }) => detail),
    ['too many connections that are not bound'],
  )
  assert.equal(server.unbound, 2)
  strangers[1]!.send({ command: 'enquire_link', sequence: 1 })
  assert.equal((await strangers[1]!.next()).command, 'enquire_link_resp')
})

test('an address that is not on the list of the server is closed before anything is read', async (t) => {
  const { server, notes } = await openDoor(t, { allow: ['127.0.0.2/32'] })
  await (await connectPeer(server.port)).closed
  assert.equal(notes.entries[0]?.detail, 'address not allowed')
  assert.equal(await bindAs(await peerFrom(server.port, '127.0.0.2')), 0)
})

test('connections beyond all that the server takes are closed and counted', async (t) => {
  const { server, notes } = await openDoor(t, { maxConnections: 1 })
  assert.equal(await bindAs(await connectPeer(server.port)), 0)
  await (await connectPeer(server.port)).closed
  assert.equal(notes.entries[0]?.detail, 'too many connections')
})

test('the addresses of an option that cannot be read are refused at the start, and so is a server that lets nobody in', async (t) => {
  await assert.rejects(openDoor(t, { allow: ['localhost'] }), RangeError)
  await assert.rejects(
    openDoor(t, { accounts: [{ systemId: 'a', password: 'b', allow: ['x'] }] }),
    RangeError,
  )
  const { createServer } = await import('./server.ts')
  await assert.rejects(createServer({ port: 0, onRequest: () => undefined }), TypeError)
  await assert.rejects(openDoor(t, { proxyProtocol: 'require' }), TypeError)
  const accounts = [{ systemId: 'a', password: 'b', certificates: ['AB:CD'] }]
  await assert.rejects(createServer({ port: 0, accounts }), TypeError)
})

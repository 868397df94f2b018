import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Status } from '../pdu/status.ts'
import { bindAs, openDoor, peerFrom } from '../testing/door.ts'
import { connectPeer, journal } from '../testing/peer.ts'

const come = async (port: number, credentials: Parameters<typeof bindAs>[1] = {}) => {
  const peer = await connectPeer(port)
  return { peer, status: await bindAs(peer, credentials) }
}

test('group 23: a system_id has so many binds, another one its own, and one that leaves makes room', async (t) => {
  const ended = journal<string>()
  const { server, notes } = await openDoor(t, {
    maxBinds: 2,
    accounts: [
      { systemId: 'post', password: 'secret' },
      { systemId: 'one', password: 'secret', maxBinds: 1 },
    ],
    onClose: (session) => ended.add(session.systemId),
  })
  const first = await come(server.port)
  assert.deepEqual([first.status, (await come(server.port)).status], [0, 0])
  const third = await come(server.port)
  assert.equal(third.status, Status.bindFailed)
  await third.peer.closed
  assert.deepEqual(
    notes.entries.map(({ what, detail }) => [what, detail]),
    [['bind_refused', '"post": too many binds']],
  )
  assert.equal((await come(server.port, { system_id: 'one' })).status, 0)
  assert.equal((await come(server.port, { system_id: 'one' })).status, Status.bindFailed)
  const over = ended.next(() => true)
  first.peer.send({ command: 'unbind', sequence: 9 })
  await over
  assert.equal((await come(server.port)).status, 0)
})

test('group 23: binds that are judged at the same time do not slip past the number', async (t) => {
  const gate = Promise.withResolvers<void>()
  const asked = journal<true>()
  const { server } = await openDoor(t, {
    maxBinds: 1,
    onBind: async () => {
      asked.add(true)
      await gate.promise
      return 0
    },
  })
  const statuses = [come(server.port), come(server.port), come(server.port)]
  while (asked.entries.length < 3) await asked.next(() => true)
  gate.resolve()
  assert.deepEqual(
    (await Promise.all(statuses)).map(({ status }) => status).sort((a, b) => a - b),
    [0, Status.bindFailed, Status.bindFailed],
  )
  assert.equal(server.sessions.size, 1)
})

test('group 23: all sessions of one system_id share what may be with the handlers, and more is throttled', async (t) => {
  const gate = Promise.withResolvers<void>()
  const { server } = await openDoor(t, {
    accounts: [{ systemId: 'post', password: 'secret', maxHandling: 2 }],
    onRequest: () => gate.promise.then(() => ({ message_id: 'm' })),
  })
  const a = (await come(server.port)).peer
  const b = (await come(server.port)).peer
  a.send(
    { command: 'submit_sm', sequence: 2 },
    { command: 'submit_sm', sequence: 3 },
    { command: 'enquire_link', sequence: 4 },
  )
  assert.equal((await a.next()).command, 'enquire_link_resp')
  b.send({ command: 'submit_sm', sequence: 2 })
  assert.equal((await b.next()).status, Status.throttled)
  gate.resolve()
  assert.deepEqual([(await a.next()).status, (await a.next()).status], [0, 0])
  b.send({ command: 'submit_sm', sequence: 3 })
  assert.equal((await b.next()).status, 0)
})

test('who guesses is slowed, then shut out, and the customer at another address is not', async (t) => {
  const { server, notes, time } = await openDoor(t, {
    enquireLinkMs: 600_000,
    lockout: { freeFailures: 1, maxFailures: 2, delayMs: 1_000, lockMs: 60_000 },
  })
  assert.equal((await come(server.port, { password: 'wrong' })).status, Status.invalidPassword)
  const bind = { command: 'bind_transceiver', sequence: 1, system_id: 'post' } as const
  const peer = await connectPeer(server.port)
  // The enquiry is answered while the answer to the bind waits.
  peer.send({ ...bind, password: 'wrong' }, { command: 'enquire_link', sequence: 2 })
  assert.equal((await peer.next()).command, 'enquire_link_resp')
  time.advance(999)
  assert.deepEqual(peer.received, [])
  time.advance(1)
  assert.equal((await peer.next()).status, Status.invalidPassword)
  assert.equal((await come(server.port)).status, Status.bindFailed)
  const elsewhere = await peerFrom(server.port, '127.0.0.9')
  assert.equal(await bindAs(elsewhere), 0)
  time.advance(60_000)
  assert.ok(!JSON.stringify(notes.entries).includes('wrong"'))
  assert.deepEqual(
    notes.entries.map(({ what, detail, count }) => [what, detail, count]),
    [
      ['bind_refused', '"post": wrong password, failure 1', 1],
      ['bind_refused', '"post": locked out for 59 s more', 2],
    ],
  )
  const returning = await connectPeer(server.port)
  returning.send({ ...bind, password: 'secret' }, { command: 'enquire_link', sequence: 2 })
  assert.equal((await returning.next()).command, 'enquire_link_resp')
  time.advance(2_000)
  assert.equal((await returning.next()).status, 0)
})

test('an operator sees who is there: address, system_id, version, since when, and how much is under way', async (t) => {
  const { server, opened } = await openDoor(t, { onRequest: () => new Promise(() => {}) })
  const arrived = opened.next(() => true)
  const peer = await connectPeer(server.port)
  assert.equal(await bindAs(peer, { interface_version: 0x50 }), 0)
  const session = await arrived
  peer.send({ command: 'submit_sm', sequence: 2 }, { command: 'enquire_link', sequence: 3 })
  await peer.next()
  void session.request({ command: 'deliver_sm' }).catch(() => {})
  const { address, systemId, version, inFlight, handling, since } = [...server.sessions][0]!
  assert.deepEqual(
    [address, systemId, version, inFlight, handling, since instanceof Date],
    ['127.0.0.1', 'post', 0x50, 1, 1, true],
  )
})

test('closing waits for what is under way, and cuts at its deadline who does not let go', async (t) => {
  const reasons = journal<string>()
  const { server, time } = await openDoor(t, { onClose: (_session, reason) => reasons.add(reason) })
  const holdout = (await come(server.port)).peer
  const polite = (await come(server.port)).peer
  const closing = server.close({ graceMs: 3_000 })
  assert.equal((await polite.next()).command, 'unbind')
  polite.send({ command: 'unbind_resp', sequence: 1 })
  await polite.closed
  assert.equal((await holdout.next()).command, 'unbind')
  time.advance(2_999)
  assert.equal(server.sessions.size, 1)
  time.advance(1)
  await closing
  await holdout.closed
  assert.deepEqual(reasons.entries, ['unbound', 'destroyed'])
  assert.equal(time.armed, 0)
})

test('group 23: a look-up that takes two spellings for one account counts their binds as of one', async (t) => {
  const account = { systemId: 'post', password: 'secret', maxBinds: 1 }
  const { server } = await openDoor(t, { accounts: (name) => (/^post$/i.test(name) ? account : undefined) })
  assert.equal((await come(server.port)).status, 0)
  assert.equal((await come(server.port, { system_id: 'POST' })).status, Status.bindFailed)
})

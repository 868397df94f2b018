import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { SmppError } from '../errors.ts'
import { server as serverIdentity } from '../testing/door-certificates.ts'
import { createManualTime } from '../testing/manual-time.ts'
import { connectPeer, journal, listenPeer } from '../testing/peer.ts'
import type { ClientState, SmppClient } from './client-options.ts'
import { createOutbindListener, type OutbindListenerOptions } from './outbind-listener.ts'
import { createServer } from './server.ts'

const smsc = { systemId: 'smsc', password: 'calling' }

async function setUp(t: TestContext, more: Partial<OutbindListenerOptions> = {}) {
  const states = journal<ClientState>()
  const clients = journal<SmppClient>()
  const listener = await createOutbindListener({
    listenPort: 0,
    systemId: 'post',
    password: 'secret',
    bindType: 'receiver',
    accept: ({ systemId, password }) => systemId === 'smsc' && password === 'calling',
    onRequest: () => ({ status: 0 }),
    onState: states.add,
    onClient: clients.add,
    ...more,
  })
  t.after(() => listener.close())
  const server = await createServer({
    port: 0,
    onBind: ({ password }) => (password === 'secret' ? 0 : 0x0e),
    onRequest: () => ({ message_id: 'm' }),
  })
  t.after(() => server.close({ graceMs: 1 }))
  const call = (given = smsc, port = listener.port) => server.outbind({ host: '127.0.0.1', port, ...given })
  return { listener, server, states, clients, call }
}

const coded = (promise: Promise<unknown>): Promise<SmppError> =>
  promise.then(
    () => assert.fail('it should have been rejected'),
    (error) => {
      assert.ok(error instanceof SmppError, String(error))
      return error
    },
  )

test('group 15: an SMSC calls an ESME, which binds over this connection and is delivered to', async (t) => {
  const { server, listener, call } = await setUp(t)
  const session = await call()
  assert.deepEqual([session.systemId, session.bindType, server.sessions.size], ['post', 'receiver', 1])
  assert.equal((await session.request({ command: 'deliver_sm' })).status, 0)
  assert.equal(listener.clients.size, 1)
  await session.close()
})

test('group 15: an outbind with the wrong password is not bound to, and the caller hears it', async (t) => {
  const { call, listener } = await setUp(t)
  const error = await coded(call({ systemId: 'smsc', password: 'guessed' }))
  assert.deepEqual([error.code, listener.clients.size], ['closed', 0])
})

test('group 15: an ESME whose bind is refused, one that is not there and a server that closes are coded errors', async (t) => {
  const { call, server } = await setUp(t, { password: 'stale' })
  assert.match((await coded(call())).message, /bind_refused/)
  const gone = await listenPeer()
  gone.close()
  assert.equal((await coded(call(smsc, gone.port))).code, 'connect_failed')
  const silent = await listenPeer()
  t.after(() => silent.close())
  const calling = coded(call(smsc, silent.port))
  const peer = await silent.next()
  const outbind = await peer.next()
  assert.ok(outbind.command === 'outbind' && outbind.password === 'calling')
  await server.close({ graceMs: 1 })
  assert.equal((await calling).code, 'closed')
})

test('a caller who sends no outbind, or something else, is left when the time is over', async (t) => {
  const time = createManualTime()
  const { listener, states } = await setUp(t, { time, bindTimeoutMs: 3_000 })
  const peer = await connectPeer(listener.port)
  peer.send({ command: 'deliver_sm', sequence: 1 }, { command: 'enquire_link', sequence: 2 })
  const [first, second] = [await peer.next(), await peer.next()]
  assert.deepEqual([first.status, second.command], [0x04, 'enquire_link_resp'])
  const closed = states.next((state) => state === 'closed')
  time.advance(3_000)
  await closed
  await peer.closed
})

test('group 15: an outbind to whoever is bound already is told and changes nothing', async (t) => {
  const notes = journal<string>()
  const { listener, states } = await setUp(t, { onLog: ({ what }) => notes.add(what) })
  const peer = await connectPeer(listener.port)
  peer.send({ command: 'outbind', system_id: 'smsc', password: 'calling' })
  const bound = states.next((state) => state === 'bound')
  await peer.letIn()
  await bound
  const told = notes.next((what) => what === 'unexpected')
  peer.send({ command: 'outbind', system_id: 'smsc', password: 'calling' })
  await told
  peer.send({ command: 'deliver_sm', sequence: 5 })
  assert.equal((await peer.next()).command, 'deliver_sm_resp')
  peer.socket.destroy()
})

test('group 15: alert_notification goes out without a place in the window and without an answer', async (t) => {
  const { call } = await setUp(t, { onRequest: (pdu) => void heard.add(pdu.command) })
  const heard = journal<string>()
  const session = await call()
  const arrived = heard.next((command) => command === 'alert_notification')
  await session.notify({ source_addr: '49170', esme_addr: 'post' })
  assert.equal(session.inFlight, 0)
  await arrived
  session.destroy()
  assert.equal((await coded(session.notify({}))).code, 'closed')
})

test('group 15: of outbinds that come one after the other only the first is judged and bound to', async (t) => {
  let judged = 0
  const notes = journal<string>()
  const { listener } = await setUp(t, {
    accept: () => ++judged > 0,
    onLog: ({ what }) => notes.add(what),
  })
  const peer = await connectPeer(listener.port)
  const outbind = { command: 'outbind', system_id: 'smsc', password: 'calling' } as const
  const told = notes.next((what) => what === 'unexpected')
  peer.send(outbind, outbind)
  await told
  await peer.letIn()
  assert.deepEqual([judged, peer.received.length], [1, 0])
  peer.socket.destroy()
})

test('a listener closes although a stranger is in the middle of a TLS handshake', async (t) => {
  const { listener } = await setUp(t, { tls: { ...serverIdentity } })
  const stranger = await connectPeer(listener.port)
  await listener.close()
  await stranger.closed
})

test('a client that was called cannot call back: started again it has failed to connect', async (t) => {
  const { listener, clients } = await setUp(t)
  const came = clients.next(() => true)
  const peer = await connectPeer(listener.port)
  const client = await came
  client.destroy()
  await peer.closed
  assert.equal((await coded(client.connect())).code, 'connect_failed')
})

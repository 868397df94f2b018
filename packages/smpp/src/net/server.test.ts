import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { SmppError } from '../errors.ts'
import { readTlv } from '../pdu/tlv.ts'
import { certificate, key } from '../testing/certificate.ts'
import { frame } from '../testing/frame.ts'
import { createManualTime } from '../testing/manual-time.ts'
import { connectPeer, journal } from '../testing/peer.ts'
import { createClient } from './client.ts'
import type { ClientOptions, ClientState } from './client-options.ts'
import { createServer } from './server.ts'
import type { ServerOptions, ServerSession } from './server-options.ts'

async function setUp(t: TestContext, options: Partial<ServerOptions> = {}) {
  const time = createManualTime()
  const notes = journal<{ what: string; detail: string }>()
  const opened = journal<ServerSession>()
  const ended = journal<string>()
  const server = await createServer({
    port: 0,
    time,
    onBind: ({ password }) => (password === 'secret' ? 0 : 0x0e),
    onRequest: () => ({ message_id: 'm-1' }),
    onLog: notes.add,
    onSession: opened.add,
    onClose: (_session, reason) => ended.add(reason),
    ...options,
  })
  t.after(() => {
    // A peer by hand does not answer an unbind, and time stands still here.
    for (const session of server.sessions) session.destroy()
    return server.close()
  })
  const bound = async (more: Partial<ClientOptions> = {}) => {
    const states = journal<ClientState>()
    const client = createClient({
      host: '127.0.0.1',
      port: server.port,
      systemId: 'post',
      password: 'secret',
      reconnect: false,
      onState: states.add,
      ...more,
    })
    t.after(() => client.destroy())
    const arrived = opened.next(() => true)
    const ready = states.next((state) => state === 'bound')
    client.start()
    const session = await arrived
    await ready
    return { client, session, states }
  }
  return { server, time, notes, opened, ended, bound }
}

test('client and server talk both ways, and close politely', async (t) => {
  const { server, bound, ended } = await setUp(t)
  const got = journal<string>()
  const { client, session } = await bound({
    onRequest: (pdu) => {
      got.add(pdu.command)
      return { status: 0 }
    },
  })
  assert.deepEqual(
    [session.systemId, session.bindType, session.bound, server.sessions.size],
    ['post', 'transceiver', true, 1],
  )
  assert.equal((await client.submit({ short_message: Buffer.from('hi') })).message_id, 'm-1')
  assert.equal((await session.request({ command: 'deliver_sm' })).status, 0)
  assert.deepEqual(got.entries, ['deliver_sm'])
  const over = ended.next(() => true)
  await client.close()
  assert.equal(await over, 'peer_unbound')
  assert.equal(server.sessions.size, 0)
})

test('a session can deliver as soon as onSession tells of it', async (t) => {
  const delivered = journal<number>()
  const { bound } = await setUp(t, {
    onSession: (session) =>
      void session.request({ command: 'deliver_sm' }).then(({ status }) => delivered.add(status)),
  })
  const first = delivered.next(() => true)
  void bound({ onRequest: () => ({ status: 0 }) })
  assert.equal(await first, 0)
})

test('group 14: the bind answer names the lower of both versions, and sends no TLV to a 3.3 peer', async (t) => {
  const { server } = await setUp(t, { systemId: 'smsc' })
  for (const [interface_version, told] of [
    [0x50, 0x50],
    [0x34, 0x34],
    [0x33, undefined],
  ] as const) {
    const peer = await connectPeer(server.port)
    peer.send({ command: 'bind_receiver', sequence: 5, password: 'secret', interface_version })
    const answer = await peer.next()
    assert.ok(answer.command === 'bind_receiver_resp' && answer.system_id === 'smsc' && answer.sequence === 5)
    assert.equal(readTlv(answer, 'sc_interface_version'), told)
    peer.socket.destroy()
  }
})

test('a wrong password is refused and the connection closed; an onBind that throws refuses too', async (t) => {
  const { server, notes } = await setUp(t)
  const throwing = await setUp(t, {
    onBind: () => {
      throw new Error('no database')
    },
  })
  for (const [port, status] of [
    [server.port, 0x0e],
    [throwing.server.port, 0x0d],
  ] as const) {
    const peer = await connectPeer(port)
    peer.send({ command: 'bind_transceiver', password: 'wrong' })
    assert.equal((await peer.next()).status, status)
    await peer.closed
  }
  assert.ok(!JSON.stringify(notes.entries).includes('wrong'))
})

const junk: Record<string, Buffer> = {
  HTTP: Buffer.from('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n'),
  'a TLS hello': Buffer.from('16030100c2010000be0303', 'hex'),
  AMQP: Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  RDP: Buffer.from('0300001300e00000000000', 'hex'),
}
for (const [name, octets] of Object.entries(junk)) {
  test(`group 3: ${name} on the port is closed at once with one line of log, and hurts nobody`, async (t) => {
    const { server, bound, notes } = await setUp(t)
    const { client } = await bound()
    const peer = await connectPeer(server.port)
    const line = notes.next(({ what }) => what === 'broken_framing')
    peer.send(octets)
    assert.deepEqual([(await peer.next()).command, (await line).what], ['generic_nack', 'broken_framing'])
    await peer.closed
    assert.equal(notes.entries.length, 1)
    assert.equal((await client.submit({})).status, 0)
  })
}

test('group 3: half a header is closed when the read timeout is over', async (t) => {
  const { server, notes, time } = await setUp(t, { readTimeoutMs: 3_000, bindTimeoutMs: 60_000 })
  const peer = await connectPeer(server.port)
  // The answer to what stands before it tells that the half header has arrived.
  peer.send({ command: 'enquire_link' }, Buffer.of(0, 0, 0))
  await peer.next()
  time.advance(2_999)
  assert.deepEqual(notes.entries, [])
  const line = notes.next(() => true)
  time.advance(1)
  assert.equal((await line).what, 'read_timeout')
  await peer.closed
})

test('group 3: a stranger who says nothing is closed when the time to bind is over', async (t) => {
  const { server, time, notes } = await setUp(t, { bindTimeoutMs: 5_000 })
  const peer = await connectPeer(server.port)
  peer.send({ command: 'enquire_link', sequence: 1 })
  assert.equal((await peer.next()).command, 'enquire_link_resp')
  const line = notes.next(() => true)
  time.advance(5_000)
  assert.equal((await line).what, 'bind_timeout')
  await peer.closed
})

test('group 12: bad bodies and unknown commands are answered, and the session goes on', async (t) => {
  const { server } = await setUp(t)
  const peer = await connectPeer(server.port)
  peer.send({ command: 'bind_transceiver', password: 'secret' })
  await peer.next()
  peer.send(frame(0x04, '00', { sequence: 2 }), frame(0x7777, '', { sequence: 3 }))
  peer.send({ command: 'submit_sm', sequence: 4 })
  const answers = [await peer.next(), await peer.next(), await peer.next()]
  assert.deepEqual(
    answers.map(({ command, sequence, status }) => [command, sequence, status]),
    [
      ['submit_sm_resp', 2, 0x02],
      ['generic_nack', 3, 0x03],
      ['submit_sm_resp', 4, 0],
    ],
  )
})

test('group 1: a bind and a submit that come octet by octet are understood', async (t) => {
  const { server } = await setUp(t)
  const peer = await connectPeer(server.port)
  const { encodePdu } = await import('../pdu/encode.ts')
  const octets = encodePdu({ command: 'bind_transmitter', sequence: 1, password: 'secret' })
  for (const octet of octets) {
    peer.socket.write(Buffer.of(octet))
    await new Promise(setImmediate)
  }
  assert.equal((await peer.next()).command, 'bind_transmitter_resp')
})

test('a client that vanishes rejects what the session had asked of it', async (t) => {
  const { server, opened, ended } = await setUp(t)
  const peer = await connectPeer(server.port)
  const arrived = opened.next(() => true)
  peer.send({ command: 'bind_receiver', password: 'secret' })
  const session = await arrived
  await peer.next()
  const delivering = session.request({ command: 'deliver_sm' }).catch((error: SmppError) => error)
  await peer.next()
  const over = ended.next(() => true)
  peer.socket.destroy()
  const error = await delivering
  assert.ok(error instanceof SmppError && error.code === 'closed' && error.sent === 'maybe')
  await over
  assert.deepEqual([session.bound, session.freeWindow], [false, 0])
})

test('closing the server unbinds everybody and cuts strangers', async (t) => {
  const { server, bound } = await setUp(t)
  const { states } = await bound()
  const stranger = await connectPeer(server.port)
  const closed = states.next((state) => state === 'closed')
  await server.close()
  await closed
  await stranger.closed
  const late = connect({ port: server.port, host: '127.0.0.1' })
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
  assert.equal(error.code, 'ECONNREFUSED')
})

test('a taken port is a coded error', async (t) => {
  const { server } = await setUp(t)
  await assert.rejects(
    createServer({ port: server.port, onBind: () => 0, onRequest: () => undefined }),
    (error) => error instanceof SmppError && error.code === 'listen_failed',
  )
})

test('group 24: TLS works with a known certificate and is refused with an unknown one', async (t) => {
  const { server, bound } = await setUp(t, { tls: { key, cert: certificate } })
  const { client } = await bound({ host: 'localhost', tls: { ca: certificate } })
  assert.equal((await client.submit({})).status, 0)
  const details = journal<string | undefined>()
  const wary = createClient({
    host: 'localhost',
    port: server.port,
    tls: true,
    systemId: 'post',
    password: 'secret',
    reconnect: false,
    onState: (state, { detail }) => state === 'closed' && details.add(detail),
  })
  const closed = details.next(() => true)
  wary.start()
  assert.equal(await closed, 'DEPTH_ZERO_SELF_SIGNED_CERT')
})

test('group 24: a plain client on a TLS port is shut out and hurts nobody', async (t) => {
  const { server, bound } = await setUp(t, { tls: { key, cert: certificate } })
  const peer = await connectPeer(server.port)
  peer.socket.removeAllListeners('data')
  peer.socket.resume()
  peer.send({ command: 'bind_transceiver' })
  await peer.closed
  const { client } = await bound({ host: 'localhost', tls: { ca: certificate } })
  assert.equal((await client.submit({})).status, 0)
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { type ConnectionOptions, connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls'
import type { BindRequest } from '../door/bind.ts'
import { bindAs, openDoor } from '../testing/door.ts'
import {
  authority,
  client as clientIdentity,
  expired,
  server as identity,
  named,
  otherAuthority,
  renewed,
  stranger,
} from '../testing/door-certificates.ts'
import { connectPeer, peerOf } from '../testing/peer.ts'

const dial = (port: number, options: ConnectionOptions = {}): TLSSocket =>
  connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority, ...options })

/** How the connection ends: the code of the client's error. */
async function failureOf(socket: TLSSocket): Promise<string> {
  socket.resume()
  const failed = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    socket.once('error', resolve)
    socket.once('close', () => resolve(undefined))
  })
  return failed?.code ?? 'closed'
}
const nameOf = (socket: TLSSocket): string => String(socket.getPeerCertificate().subject.CN)

test('group 24: a client that verifies refuses an expired certificate, a wrong name and an unknown CA, and takes a right one', async (t) => {
  const right = await openDoor(t, { tls: identity })
  const old = await openDoor(t, { tls: expired })
  assert.equal(await bindAs(peerOf(dial(right.server.port))), 0)
  assert.deepEqual(
    [
      await failureOf(dial(old.server.port)),
      await failureOf(dial(right.server.port, { servername: 'other.example' })),
      await failureOf(dial(right.server.port, { ca: otherAuthority })),
    ],
    ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  )
})

test('group 24: with mTLS a verified client certificate is handed to onBind', async (t) => {
  const asked: BindRequest[] = []
  const { server } = await openDoor(t, {
    tls: { ...identity, ca: authority, requestCert: true },
    onBind: (bind) => {
      asked.push(bind)
      return 0
    },
  })
  const socket = dial(server.port, clientIdentity)
  assert.equal(await bindAs(peerOf(socket)), 0)
  const { fingerprint256 } = socket.getCertificate() as { fingerprint256: string }
  assert.deepEqual(asked[0]?.certificate, {
    subject: { CN: 'post', O: 'Post Ltd' },
    issuer: { CN: 'Kurzpost test CA' },
    fingerprint256,
    san: ['DNS:post.example', 'IP Address:192.0.2.1'],
  })
})

test('group 24: with mTLS who shows no certificate, or one of another CA, does not come in', async (t) => {
  for (const [shown, code] of [
    [{}, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE'],
    [stranger, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const) {
    const { server, notes } = await openDoor(t, { tls: { ...identity, ca: authority, requestCert: true } })
    const line = notes.next(() => true)
    assert.match(await failureOf(dial(server.port, shown)), /closed|ECONNRESET|ALERT|EPIPE/)
    assert.deepEqual([(await line).what, (await line).detail, server.unbound], ['tls_failed', code, 0])
  }
})

test('group 24: a certificate that was not verified is not handed on', async (t) => {
  const asked: BindRequest[] = []
  const { server } = await openDoor(t, {
    tls: { ...identity, ca: authority, requestCert: true, rejectUnauthorized: false },
    onBind: (bind) => {
      asked.push(bind)
      return 0
    },
  })
  for (const shown of [{}, stranger, clientIdentity])
    assert.equal(await bindAs(peerOf(dial(server.port, shown))), 0)
  assert.deepEqual(
    asked.map(({ certificate }) => certificate?.issuer.CN),
    [undefined, undefined, 'Kurzpost test CA'],
  )
})

test('group 24: an account can be held to its certificate', async (t) => {
  const probe = await openDoor(t, { tls: identity })
  const socket = dial(probe.server.port, clientIdentity)
  await once(socket, 'secureConnect')
  const { fingerprint256 } = socket.getCertificate() as { fingerprint256: string }
  socket.destroy()
  const { server } = await openDoor(t, {
    tls: { ...identity, ca: authority, requestCert: true, rejectUnauthorized: false },
    accounts: [{ systemId: 'post', password: 'secret', certificates: [fingerprint256] }],
  })
  const bindWith = (shown: ConnectionOptions): Promise<number> => bindAs(peerOf(dial(server.port, shown)))
  assert.deepEqual(
    [await bindWith(stranger), await bindWith({}), await bindWith(clientIdentity)],
    [0x0e, 0x0e, 0],
  )
})

test('group 24: the name that a client asks for (SNI) chooses the certificate', async (t) => {
  const context = createSecureContext(named)
  const { server } = await openDoor(t, {
    tls: {
      ...identity,
      SNICallback: (name, done) => done(null, name === 'smsc.example' ? context : undefined),
    },
  })
  for (const [servername, subject] of [
    ['smsc.example', 'smsc.example'],
    ['localhost', 'smsc'],
  ] as const) {
    const socket = dial(server.port, { servername })
    await once(socket, 'secureConnect')
    assert.equal(nameOf(socket), subject)
    socket.destroy()
  }
})

test('group 24: a new certificate is taken without a restart, sessions live on, and a broken one changes nothing', async (t) => {
  const { server } = await openDoor(t, { tls: identity })
  const before = dial(server.port)
  const peer = peerOf(before)
  assert.equal(await bindAs(peer), 0)
  server.setSecureContext(renewed)
  assert.throws(() => server.setSecureContext({ cert: 'no certificate' }))
  const after = dial(server.port)
  assert.equal(await bindAs(peerOf(after)), 0)
  assert.deepEqual([nameOf(before), nameOf(after)], ['smsc', 'smsc renewed'])
  peer.send({ command: 'submit_sm', sequence: 2 })
  assert.equal((await peer.next()).status, 0)
  const plain = await openDoor(t)
  assert.throws(() => plain.server.setSecureContext(renewed), TypeError)
})

test('group 24: what a new context does not give stays as it was', async (t) => {
  const { server } = await openDoor(t, { tls: { ...identity, ca: authority, requestCert: true } })
  server.setSecureContext(renewed)
  server.setSecureContext({ ca: [authority, otherAuthority] })
  for (const shown of [clientIdentity, stranger]) {
    const socket = dial(server.port, shown)
    assert.equal(await bindAs(peerOf(socket)), 0)
    assert.equal(nameOf(socket), 'smsc renewed')
  }
})

test('group 24: TLS below 1.2 is not spoken', async (t) => {
  const { server, notes } = await openDoor(t, { tls: identity })
  const line = notes.next(() => true)
  const socket = dial(server.port, {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  assert.notEqual(await failureOf(socket), 'closed')
  assert.equal((await line).what, 'tls_failed')
})

test('group 24: junk on a TLS port and half a handshake are closed with one line each, and a neighbour works on', async (t) => {
  const { server, notes, time } = await openDoor(t, { tls: identity, handshakeTimeoutMs: 3_000 })
  const neighbour = peerOf(dial(server.port))
  assert.equal(await bindAs(neighbour), 0)
  const junk = connect({ port: server.port, host: '127.0.0.1' })
  junk.on('error', () => {}).resume()
  junk.write('GET / HTTP/1.1\r\n\r\n')
  await once(junk, 'close')
  const silent = await connectPeer(server.port)
  // It was accepted before whoever binds after it.
  const late = peerOf(dial(server.port))
  assert.equal(await bindAs(late), 0)
  assert.equal(server.unbound, 1)
  time.advance(3_000)
  await silent.closed
  neighbour.send({ command: 'submit_sm', sequence: 2 })
  assert.equal((await neighbour.next()).status, 0)
  assert.deepEqual([notes.entries.length, notes.entries[0]?.what, server.unbound], [1, 'tls_failed', 0])
  time.advance(60_000)
  assert.deepEqual([notes.entries[1]?.detail, notes.entries[1]?.count], ['handshake timed out', 1])
})

test('group 24: a higher least version of TLS that is asked for holds', async (t) => {
  const { server } = await openDoor(t, { tls: { ...identity, minVersion: 'TLSv1.3' } })
  const old = dial(server.port, { maxVersion: 'TLSv1.2' })
  t.after(() => old.destroy())
  const spoken = once(old, 'secureConnect').then(
    () => true,
    () => false,
  )
  assert.equal(await spoken, false)
  assert.equal(await bindAs(peerOf(dial(server.port))), 0)
})

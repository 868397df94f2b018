import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type ConnectionOptions, createSecureContext, type TlsOptions } from 'node:tls'
import { rejection } from '../testing/client.ts'
import {
  authority,
  expired,
  client as identity,
  named,
  server as right,
} from '../testing/door-certificates.ts'
import { createClient } from './client.ts'
import { createServer } from './server.ts'

async function connectTo(t: TestContext, tls: TlsOptions, options: boolean | ConnectionOptions) {
  const server = await createServer({ port: 0, tls, onBind: () => 0 })
  t.after(() => server.close({ graceMs: 1 }))
  const client = createClient({
    host: 'localhost',
    port: server.port,
    tls: options,
    systemId: 'post',
    password: 'secret',
    reconnect: false,
  })
  t.after(() => client.destroy())
  return client.connect()
}

const refused: Record<string, [TlsOptions, boolean | ConnectionOptions, string]> = {
  'an expired certificate': [expired, { ca: authority }, 'CERT_HAS_EXPIRED'],
  'a certificate for another name': [named, { ca: authority }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  'a certificate of an unknown authority': [right, true, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
}
for (const [name, [tls, options, code]] of Object.entries(refused))
  test(`group 24: connect is refused with ${code} for ${name}`, async (t) => {
    const error = await rejection(connectTo(t, tls, options))
    assert.equal(error.code, 'connect_failed')
    assert.ok(error.message.includes(code), error.message)
  })

test('group 24: a client that asks for the name of the certificate is let in, and so is one that shows its own', async (t) => {
  await connectTo(t, named, { ca: authority, servername: 'smsc.example' })
  await connectTo(t, { ...right, ca: authority, requestCert: true }, { ca: authority, ...identity })
})

test('group 24: where a certificate is asked for, a client without one hears so', async (t) => {
  const error = await rejection(
    connectTo(t, { ...right, ca: authority, requestCert: true, rejectUnauthorized: true }, { ca: authority }),
  )
  assert.ok(['closed', 'connect_failed'].includes(error.code))
  assert.match(error.message, /CERTIFICATE_REQUIRED|socket_closed|ECONNRESET|HANDSHAKE/)
})

test('group 24: the name that a client connects to is asked for (SNI), or the one it is given', async (t) => {
  const asked: string[] = []
  const context = createSecureContext(right)
  const tls: TlsOptions = {
    ...right,
    SNICallback(name, done) {
      asked.push(name)
      done(null, context)
    },
  }
  await connectTo(t, tls, { ca: authority })
  await rejection(connectTo(t, tls, { ca: authority, servername: 'smsc.example' }))
  assert.deepEqual(asked, ['localhost', 'smsc.example'])
})

test('group 24: TLS below 1.2 is not spoken by a client', async (t) => {
  const old = { ...right, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const
  assert.equal((await rejection(connectTo(t, old, { ca: authority }))).code, 'connect_failed')
})

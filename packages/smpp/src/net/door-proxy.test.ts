import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { encodePdu } from '../pdu/encode.ts'
import { bindAs, connectWith, openDoor } from '../testing/door.ts'
import { authority, server as identity } from '../testing/door-certificates.ts'
import { connectPeer, peerOf } from '../testing/peer.ts'

const line = Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 56324 2775\r\n')
const binary = Buffer.from('0d0a0d0a000d0a515549540a 21 21 0024'.replaceAll(' ', ''), 'hex')
const binaryIpv6 = Buffer.concat([
  binary,
  Buffer.from('20010db8000000000000000000000007', 'hex'),
  Buffer.alloc(16),
  Buffer.from('dc0c0ad7', 'hex'),
])
const local = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex')
const bind = encodePdu({ command: 'bind_transceiver', sequence: 1, system_id: 'post', password: 'secret' })

const behindProxy = (t: TestContext, options: Parameters<typeof openDoor>[1] = {}) =>
  openDoor(t, { proxyProtocol: 'require', trustedProxies: ['127.0.0.1'], exempt: [], ...options })

for (const [name, header, address] of [
  ['version 1', line, '192.0.2.7'],
  ['version 2', binaryIpv6, '2001:db8::7'],
  ['LOCAL', local, '127.0.0.1'],
] as const) {
  test(`group 24: behind a ${name} header the session has the address of the client, in one segment with the bind or cut anywhere`, async (t) => {
    const { server, notes, opened } = await behindProxy(t)
    for (const cut of [0, 1, 12, header.length - 1, header.length, header.length + 1]) {
      const arrived = opened.next(() => true)
      const all = Buffer.concat([header, bind])
      const socket = await connectWith(server.port, all.subarray(0, cut))
      await new Promise(setImmediate)
      socket.write(all.subarray(cut))
      assert.equal((await peerOf(socket).next()).status, 0)
      assert.equal((await arrived).address, address)
    }
    assert.deepEqual(notes.entries, [])
  })
}

test('group 24: a PROXY header is believed only from a trusted proxy', async (t) => {
  const { server, notes } = await behindProxy(t)
  const socket = await connectWith(server.port, Buffer.concat([line, bind]), '127.0.0.2')
  socket.on('error', () => {})
  await once(socket, 'close')
  assert.deepEqual(
    notes.entries.map(({ what, detail, address }) => [what, detail, address]),
    [['connection_refused', 'not a trusted proxy', '127.0.0.2']],
  )
})

test('group 24: without a PROXY header, or with a broken one, the connection is closed at once', async (t) => {
  for (const first of [
    bind,
    Buffer.from('PROXY TCP9 a b c d\r\n'),
    Buffer.concat([binary, Buffer.alloc(36)]).fill(0xff, 13, 14),
  ]) {
    const { server, notes } = await behindProxy(t)
    const socket = await connectWith(server.port, first)
    socket.on('error', () => {})
    await once(socket, 'close')
    assert.deepEqual(
      notes.entries.map(({ what }) => what),
      ['proxy_failed'],
    )
  }
})

test('group 24: a PROXY header that never ends is closed when the read timeout is over', async (t) => {
  const { server, notes, time } = await behindProxy(t, { readTimeoutMs: 3_000 })
  const socket = await connectWith(server.port, line.subarray(0, 10))
  // Whoever binds behind it was accepted after it.
  assert.equal(await bindAs(peerOf(await connectWith(server.port, line))), 0)
  assert.equal(server.unbound, 1)
  time.advance(2_999)
  assert.deepEqual(notes.entries, [])
  time.advance(1)
  await once(socket.resume(), 'close')
  assert.deepEqual(
    notes.entries.map(({ what, address }) => [what, address]),
    [['read_timeout', '127.0.0.1']],
  )
})

test('group 24: limits hold for the client behind the proxy, not for the proxy', async (t) => {
  const { server, notes } = await behindProxy(t, {
    maxPerAddress: 1,
    maxRatePerAddress: 2,
    allow: ['192.0.2.0/24', '127.0.0.1'],
  })
  const come = async (header: Buffer) => peerOf(await connectWith(server.port, header))
  assert.equal(await bindAs(await come(line)), 0)
  await (await come(line)).closed
  for (let i = 0; i < 5; i++) assert.equal(await bindAs(await come(local)), 0)
  await (await come(binaryIpv6)).closed
  assert.deepEqual(
    notes.entries.map(({ detail, address }) => [detail, address]),
    [
      ['too many connections of this address', '192.0.2.7'],
      ['address not allowed', '2001:db8::7'],
    ],
  )
})

/** A proxy: sends the header and then what comes, in one segment or in two. */
async function relay(t: TestContext, port: number, together: boolean): Promise<number> {
  const proxy = createServer((inward) => {
    const outward = connect({ port, host: '127.0.0.1' })
    inward.on('error', () => {}).on('close', () => outward.destroy())
    outward.on('error', () => {}).on('close', () => inward.destroy())
    if (!together) outward.write(line)
    inward.once('data', (first: Buffer) => {
      outward.write(together ? Buffer.concat([line, first]) : first)
      inward.pipe(outward).pipe(inward)
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.after(() => proxy.close())
  return (proxy.address() as AddressInfo).port
}

for (const together of [true, false]) {
  test(`group 24: the PROXY header comes in the clear and TLS behind it, in ${together ? 'one segment' : 'two'}`, async (t) => {
    const { server, opened, notes } = await behindProxy(t, { tls: identity })
    const arrived = opened.next(() => true)
    const port = await relay(t, server.port, together)
    const peer = peerOf(connectTls({ port, host: '127.0.0.1', ca: authority, servername: 'localhost' }))
    assert.equal(await bindAs(peer), 0)
    assert.equal((await arrived).address, '192.0.2.7')
    assert.deepEqual(notes.entries, [])
    peer.socket.destroy()
  })
}

test('a proxy that only looks whether the port is open leaves no line', async (t) => {
  const { server, notes } = await behindProxy(t)
  const socket = await connectWith(server.port, local)
  socket.end()
  await once(socket.resume(), 'close')
  await (await connectPeer(server.port)).socket.destroy()
  assert.equal(await bindAs(peerOf(await connectWith(server.port, line))), 0)
  assert.deepEqual(notes.entries, [])
})

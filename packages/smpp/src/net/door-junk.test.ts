import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodePdu } from '../pdu/encode.ts'
import { bindAs, openDoor } from '../testing/door.ts'
import { createManualTime } from '../testing/manual-time.ts'
import { connectPeer, journal, type Peer } from '../testing/peer.ts'

const hello = Buffer.from('16030100c2010000be0303', 'hex')
const answeredJunk: Record<string, Buffer> = {
  'an HTTP request': Buffer.from('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n'),
  'a TLS hello': hello,
  'an AMQP header': Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  'an RDP connection request': Buffer.from('0300001300e00000000000', 'hex'),
  'an SSH banner': Buffer.from('SSH-2.0-OpenSSH_9.9\r\n'),
  'a PROXY header that nobody asked for': Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 1 2775\r\n'),
}

async function neighbour(port: number): Promise<() => Promise<void>> {
  const peer = await connectPeer(port)
  assert.equal(await bindAs(peer), 0)
  let sequence = 1
  return async () => {
    sequence++
    peer.send({ command: 'submit_sm', sequence })
    const answer = await peer.next()
    assert.deepEqual([answer.command, answer.status, answer.sequence], ['submit_sm_resp', 0, sequence])
  }
}

for (const [name, octets] of Object.entries(answeredJunk)) {
  test(`group 3: ${name} is closed at once with one line of log, and a neighbour works on`, async (t) => {
    const { server, notes } = await openDoor(t)
    const works = await neighbour(server.port)
    const peer = await connectPeer(server.port)
    peer.send(octets)
    await works()
    await peer.closed
    await works()
    assert.deepEqual(
      notes.entries.map(({ what, count }) => [what, count]),
      [['broken_framing', 1]],
    )
    assert.deepEqual([server.unbound, server.sessions.size], [0, 1])
  })
}

/** A clock that tells when the server looks at it, which it does when something has come. */
function watchedTime() {
  const manual = createManualTime()
  const looks = journal<true>()
  return {
    time: {
      now: () => {
        looks.add(true)
        return manual.now()
      },
      after: manual.after,
    },
    advance: manual.advance,
    async send(peer: Peer, octets: Buffer) {
      const seen = looks.next(() => true)
      peer.send(octets)
      await seen
    },
  }
}

const header = encodePdu({ command: 'submit_sm', sequence: 2 }).subarray(0, 16)
const slow: Record<string, Buffer[]> = {
  'a line break and no more': [Buffer.from('\r\n')],
  'half a header and no more': [header.subarray(0, 8)],
  'an octet a second for ever': [...header].map((octet) => Buffer.of(octet)),
  'an octet a second of a body for ever': [
    Buffer.from('0000ffff00000004', 'hex'),
    ...Array.from({ length: 60 }, () => Buffer.of(0)),
  ],
}
for (const [name, parts] of Object.entries(slow)) {
  test(`group 3: ${name} is closed when the read timeout is over, with one line of log`, async (t) => {
    const { time, advance, send } = watchedTime()
    const { server, notes } = await openDoor(t, { time, readTimeoutMs: 5_000, bindTimeoutMs: 60_000 })
    const works = await neighbour(server.port)
    const peer = await connectPeer(server.port)
    // Its answer tells that the server has seen the connection.
    peer.send({ command: 'enquire_link', sequence: 1 })
    await peer.next()
    const line = notes.next(() => true)
    for (let second = 0; second < 5; second++) {
      const part = parts[second]
      if (part !== undefined) await send(peer, part)
      assert.deepEqual(notes.entries, [])
      if (second === 4) await works()
      advance(1_000)
    }
    assert.equal((await line).what, 'read_timeout')
    await peer.closed
    await works()
    assert.equal(notes.entries.length, 1)
  })
}

test('group 3: who says nothing is closed when the time to bind is over, with one line of log', async (t) => {
  const { server, notes, time } = await openDoor(t, { bindTimeoutMs: 5_000 })
  const works = await neighbour(server.port)
  const peer = await connectPeer(server.port)
  // The neighbour's answer comes after the silent one was accepted.
  await works()
  assert.equal(server.unbound, 1)
  time.advance(4_999)
  assert.deepEqual(notes.entries, [])
  time.advance(1)
  await peer.closed
  await works()
  assert.deepEqual(
    notes.entries.map(({ what }) => what),
    ['bind_timeout'],
  )
})

test('group 3: who asks and asks without ever binding is closed when the time to bind is over', async (t) => {
  const { server, notes, time } = await openDoor(t, { bindTimeoutMs: 5_000 })
  const peer = await connectPeer(server.port)
  for (let second = 1; second <= 5; second++) {
    peer.send({ command: 'submit_sm', sequence: second })
    assert.equal((await peer.next()).status, 0x04)
    time.advance(1_000)
  }
  await peer.closed
  assert.deepEqual(
    notes.entries.map(({ what }) => what),
    ['bind_timeout'],
  )
})

test('group 3: a scanner that comes again and again makes one line at once, and one with the count', async (t) => {
  const { server, notes, time } = await openDoor(t, { logIntervalMs: 60_000 })
  for (let i = 0; i < 50; i++) {
    const peer = await connectPeer(server.port)
    peer.send(hello)
    await peer.closed
  }
  assert.equal(notes.entries.length, 1)
  time.advance(60_000)
  assert.deepEqual(
    notes.entries.map(({ what, count, address }) => [what, count, address]),
    [
      ['broken_framing', 1, '127.0.0.1'],
      ['broken_framing', 49, '127.0.0.1'],
    ],
  )
})

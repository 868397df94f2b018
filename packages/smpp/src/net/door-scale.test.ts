import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { encodePdu } from '../pdu/encode.ts'
import { bindAs, connectWith, openDoor } from '../testing/door.ts'
import { connectPeer, journal } from '../testing/peer.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('group 56: a thousand idle binds cost less than 40 KiB each, with both sockets, and all answer', async (t) => {
  const { server } = await openDoor(t)
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  collect()
  const before = used()
  const peers = await Promise.all(Array.from({ length: 1_000 }, () => connectPeer(server.port)))
  const statuses = await Promise.all(peers.map((peer) => bindAs(peer)))
  assert.ok(statuses.every((status) => status === 0))
  collect()
  const each = (used() - before) / 1_000
  t.diagnostic(`${Math.round(each)} octets a bind`)
  // About 28 here: 20 are ours, the rest are the two sockets and the peer by hand. A slab of 64 KiB for each would show.
  assert.ok(each < 40 * 1024, `${each} octets`)
  assert.deepEqual([server.sessions.size, server.unbound], [1_000, 0])
  const ends = peers.map((peer) => {
    peer.send({ command: 'enquire_link', sequence: 2 })
    return peer.next()
  })
  assert.ok((await Promise.all(ends)).every(({ command }) => command === 'enquire_link_resp'))
  for (const peer of peers) peer.socket.destroy()
  await Promise.all(peers.map(({ closed }) => closed))
})

test('group 56: two thousand connects in a row are served or shut out, and leave nothing behind', async (t) => {
  const over = journal<true>()
  const { server, notes, time } = await openDoor(t, {
    maxRatePerAddress: 500,
    exempt: [],
    onClose: () => over.add(true),
  })
  let bound = 0
  const bind = encodePdu({ command: 'bind_transceiver', sequence: 1, system_id: 'post', password: 'secret' })
  for (let i = 0; i < 2_000; i++) {
    const socket = await connectWith(server.port, bind)
    socket.on('error', () => {})
    const answer = await new Promise<Buffer | undefined>((resolve) => {
      socket.once('data', resolve)
      socket.once('close', () => resolve(undefined))
    })
    if (answer !== undefined) bound++
    socket.destroy()
  }
  while (over.entries.length < bound) await over.next(() => true)
  assert.equal(bound, 500)
  assert.deepEqual([server.sessions.size, server.unbound], [0, 0])
  time.advance(60_000)
  assert.deepEqual(
    notes.entries.map(({ what, count }) => [what, count]),
    [
      ['connection_refused', 1],
      ['connection_refused', 1_499],
    ],
  )
})

test('group 56: a peer that does not read its answers is not read either, holds a bounded heap, and is cut', async (t) => {
  const ended = journal<string>()
  let taken = 0
  const { server, time, notes, opened } = await openDoor(t, {
    writeTimeoutMs: 30_000,
    enquireLinkMs: 600_000,
    onRequest: () => {
      taken++
      return { message_id: 'x'.repeat(64) }
    },
    onClose: (_session, reason) => ended.add(reason),
  })
  const neighbour = await connectPeer(server.port)
  assert.equal(await bindAs(neighbour), 0)
  const arrived = opened.next(() => true)
  const deaf = await connectPeer(server.port)
  assert.equal(await bindAs(deaf), 0)
  await arrived
  deaf.socket.pause()
  const requests = Buffer.concat(
    Array.from({ length: 2_000 }, (_, i) => encodePdu({ command: 'submit_sm', sequence: i + 2 })),
  )
  // It sends until nobody takes anything any more: two rounds in which the server has not come further.
  let sent = 0
  for (let last = -1, still = 0; still < 50; still = taken === last ? still + 1 : 0) {
    last = taken
    if (deaf.socket.writableLength < 4 * 1024 * 1024) {
      deaf.socket.write(requests)
      sent += 2_000
    }
    await new Promise(setImmediate)
  }
  assert.ok(taken < sent, 'reading has stopped')
  neighbour.send({ command: 'submit_sm', sequence: 2 })
  assert.equal((await neighbour.next()).status, 0)
  assert.deepEqual(ended.entries, [])
  time.advance(29_999)
  assert.deepEqual(ended.entries, [])
  time.advance(1)
  assert.deepEqual(ended.entries, ['write_timeout'])
  assert.deepEqual(
    notes.entries.map(({ what, systemId }) => [what, systemId]),
    [['write_timeout', 'post']],
  )
  deaf.socket.resume()
  await deaf.closed
  neighbour.send({ command: 'submit_sm', sequence: 3 })
  assert.equal((await neighbour.next()).status, 0)
})

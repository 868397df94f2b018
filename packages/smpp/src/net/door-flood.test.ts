import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodePdu } from '../pdu/encode.ts'
import { Status } from '../pdu/status.ts'
import { findTlv, tlv } from '../pdu/tlv.ts'
import { bindAs, openDoor } from '../testing/door.ts'
import { connectPeer, journal } from '../testing/peer.ts'

const submit = (sequence: number) => ({
  command: 'submit_sm' as const,
  sequence,
  short_message: Buffer.alloc(140),
})

test('group 25: of a flood so many are with the handlers, the rest stays with the peer, and every one is answered in the end', async (t) => {
  const waiting: (() => void)[] = []
  const taken = journal<number>()
  let most = 0
  let now = 0
  const { server } = await openDoor(t, {
    maxHandling: 50,
    onRequest: () => {
      now++
      most = Math.max(most, now)
      return new Promise((resolve) => {
        waiting.push(() => {
          now--
          resolve({ message_id: 'm' })
        })
        taken.add(waiting.length)
      })
    },
  })
  const peer = await connectPeer(server.port)
  assert.equal(await bindAs(peer), 0)
  // 20 MB: more than the buffers of both sockets take.
  const flood = 5_000
  const tlvs = [tlv('message_payload', Buffer.alloc(4_000))]
  const batch = Buffer.concat(
    Array.from({ length: flood }, (_, i) => encodePdu({ command: 'submit_sm', sequence: i + 2, tlvs })),
  )
  const full = taken.next((held) => held === 50)
  peer.send(batch)
  await full
  // What TCP holds back has not left the peer's own buffer.
  assert.ok(peer.socket.writableLength > 0)
  for (let answered = 0; answered < flood; answered++) {
    if (waiting.length === 0) await taken.next(() => true)
    waiting.shift()!()
    assert.equal((await peer.next()).status, 0)
  }
  assert.equal(most, 50)
})

test('group 25: while handlers hang, the peer is throttled and its enquire_link is answered', async (t) => {
  const gate = Promise.withResolvers<void>()
  const taken = journal<number>()
  let held = 0
  const { server, time } = await openDoor(t, {
    maxHandling: 10,
    stallMs: 2_000,
    onRequest: () => {
      taken.add(++held)
      return gate.promise.then(() => ({ message_id: 'm' }))
    },
  })
  const peer = await connectPeer(server.port)
  assert.equal(await bindAs(peer), 0)
  const full = taken.next((count) => count === 10)
  peer.send(...Array.from({ length: 3_000 }, (_, i) => submit(i + 2)))
  await full
  await new Promise(setImmediate)
  peer.send({ command: 'enquire_link', sequence: 5_000 })
  time.advance(2_000)
  let throttled = 0
  for (;;) {
    const answer = await peer.next()
    if (answer.command === 'enquire_link_resp') break
    assert.equal(answer.status, Status.throttled)
    throttled++
  }
  assert.ok(throttled > 0)
  assert.equal(held, 10)
  gate.resolve()
})

test('group 25: a 5.0 peer is told in the answers how near the limit is, a 3.4 peer is not', async (t) => {
  for (const [interface_version, told] of [
    [0x50, [100, 90, undefined]],
    [0x34, [undefined, undefined, undefined]],
  ] as const) {
    const waiting: (() => void)[] = []
    const { server } = await openDoor(t, {
      maxHandling: 10,
      onRequest: () => new Promise((resolve) => waiting.push(() => resolve({ message_id: 'm' }))),
    })
    const peer = await connectPeer(server.port)
    assert.equal(await bindAs(peer, { interface_version }), 0)
    peer.send(...Array.from({ length: 10 }, (_, i) => submit(i + 2)), {
      command: 'enquire_link',
      sequence: 99,
    })
    await peer.next()
    const states: (number | undefined)[] = []
    for (let i = 0; i < 3; i++) {
      waiting.shift()!()
      states.push(findTlv((await peer.next()).tlvs, 'congestion_state')?.value[0])
    }
    assert.deepEqual(states, told)
  }
})

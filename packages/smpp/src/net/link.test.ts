import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { decodePdu } from '../pdu/decode.ts'
import { encodePdu } from '../pdu/encode.ts'
import { createManualTime } from '../testing.ts'
import { guarded } from './callback.ts'
import { limitsOf } from './limits.ts'
import { createLink } from './link.ts'

/** As much of a socket as a link touches, with a peer that reads nothing. */
function deafPeer() {
  let paused = false
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    writable: true,
    writableLength: 0,
    setNoDelay() {},
    isPaused: () => paused,
    pause: () => {
      paused = true
    },
    resume: () => {
      paused = false
    },
    destroy() {},
    destroySoon() {},
    written: [] as Buffer[],
    write(octets: Buffer) {
      socket.writableLength += octets.length
      socket.written.push(octets)
    },
  })
  return socket
}

/** The PDUs that a peer would have read by now. */
function pdusOf(written: readonly Buffer[]) {
  const octets = Buffer.concat(written)
  const pdus = []
  for (let at = 0; at < octets.length; at += octets.readUInt32BE(at)) {
    const decoded = decodePdu(octets.subarray(at, at + octets.readUInt32BE(at)))
    assert.ok(decoded.ok)
    pdus.push(decoded.pdu)
  }
  return pdus
}

/** Resolves when the octets of this turn are with the socket. */
const flushed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function open(t: TestContext) {
  const socket = deafPeer()
  const link = createLink(
    socket as unknown as Socket,
    { role: 'server', interfaceVersion: 0x34, ...limitsOf({}), time: createManualTime() },
    {
      onRequest: () => ({}),
      onBind: async () => ({ command: 'bind_transceiver_resp' }),
      onNote() {},
      onClose() {},
    },
  )
  t.after(() => link.destroy())
  return { socket, link }
}

const enquiries = (count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => encodePdu({ command: 'enquire_link', sequence: 1 })))

test('group 56: a stranger who reads no answers is not read from 16 KiB on', async (t) => {
  const { socket } = open(t)
  socket.emit('data', enquiries(1_000))
  await flushed()
  assert.equal(socket.isPaused(), false)
  socket.emit('data', enquiries(100))
  await flushed()
  assert.equal(socket.isPaused(), true)
  socket.writableLength = 0
  socket.emit('drain')
  assert.equal(socket.isPaused(), false)
})

test('group 56: who has bound may leave a mebibyte unread', async (t) => {
  const { socket } = open(t)
  socket.emit('data', encodePdu({ command: 'bind_transceiver', system_id: 'a', sequence: 1 }))
  await flushed()
  socket.emit('data', enquiries(60_000))
  await flushed()
  assert.equal(socket.isPaused(), false)
  socket.emit('data', enquiries(10_000))
  await flushed()
  assert.equal(socket.isPaused(), true)
})

test('what a callback throws is thrown behind us, and not lost', async () => {
  const thrown: unknown[] = []
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error))
  try {
    const failure = new Error('of the program')
    guarded((what: Error) => {
      throw what
    })(failure)
    assert.deepEqual(thrown, [])
    await flushed()
    assert.deepEqual(thrown, [failure])
  } finally {
    process.setUncaughtExceptionCaptureCallback(null)
  }
})

const brokenFraming = Buffer.from('000000080000000400000000', 'hex')
const endings: Record<
  string,
  (link: ReturnType<typeof createLink>, socket: ReturnType<typeof deafPeer>) => void
> = {
  'a PDU that is none': (_link, socket) => socket.emit('data', brokenFraming),
  'the end of what the peer says': (_link, socket) => socket.emit('end'),
  'an error of the socket': (_link, socket) => socket.emit('error', new Error('reset')),
  'our own end': (link) => link.destroy(),
}

for (const [what, end] of Object.entries(endings))
  test(`what is rejected as not sent never reaches the peer, when a link ends by ${what} in the turn that wrote it`, async () => {
    const socket = deafPeer()
    const link = createLink(
      socket as unknown as Socket,
      { role: 'client', interfaceVersion: 0x34, ...limitsOf({ window: 2 }), time: createManualTime() },
      { onRequest: () => ({}), onNote() {}, onClose() {} },
    )
    link.bind({ command: 'bind_transceiver', system_id: 'a' }, 'transceiver')
    socket.emit('data', encodePdu({ command: 'bind_transceiver_resp', sequence: 1 }))
    const submit = (to: string) =>
      link.submit({ destination_addr: to }).then(
        () => 'answered',
        (error) => `${error.code} ${error.sent}`,
      )
    const fates = [submit('1'), submit('2'), submit('3')]
    await flushed()
    // A place is free for the third, which is encoded; the peer's own question is answered in the same turn.
    socket.emit('data', encodePdu({ command: 'submit_sm_resp', sequence: 2, message_id: 'a' }))
    socket.emit('data', encodePdu({ command: 'enquire_link', sequence: 7 }))
    end(link, socket)
    await flushed()
    assert.deepEqual(await Promise.all(fates), ['answered', 'closed maybe', 'closed no'])
    const pdus = pdusOf(socket.written)
    const went = pdus.flatMap((pdu) => (pdu.command === 'submit_sm' ? [pdu.destination_addr] : []))
    assert.deepEqual(went, ['1', '2'])
    assert.ok(pdus.some(({ command, sequence }) => command === 'enquire_link_resp' && sequence === 7))
  })

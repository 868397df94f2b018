import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
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
    write(octets: Buffer) {
      socket.writableLength += octets.length
    },
  })
  return socket
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

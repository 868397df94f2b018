import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { SmppError } from '../errors.ts'
import { createClient } from './client.ts'
import type { ClientOptions, ClientState, StateDetail } from './client-options.ts'
import { createFence } from './fence.ts'
import { createServer } from './server.ts'
import type { ServerOptions, ServerSession } from './server-options.ts'

const notSent = (error: unknown): boolean =>
  error instanceof SmppError && error.code === 'closed' && error.sent === 'no'

async function pair(t: TestContext, server: Partial<ServerOptions>, client: Partial<ClientOptions>) {
  const sessions: ServerSession[] = []
  const smsc = await createServer({
    port: 0,
    onBind: () => 0,
    onSession: (session) => void sessions.push(session),
    ...server,
  })
  t.after(() => smsc.close({ graceMs: 1 }))
  const ends: StateDetail[] = []
  const states: ClientState[] = []
  const esme = createClient({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'post',
    password: 'secret',
    reconnect: false,
    onState: (state, detail) => {
      states.push(state)
      if (state === 'closed') ends.push(detail)
    },
    ...client,
  })
  t.after(() => esme.destroy())
  await esme.connect()
  return { esme, sessions, ends }
}

test('a request that is written when nothing may be written any more never leaves, and its link is cut', async (t) => {
  let may = true
  const came: string[] = []
  const { esme, ends } = await pair(
    t,
    {
      onRequest(_session, pdu) {
        came.push(pdu.command)
        return { message_id: '1' }
      },
    },
    { mayWrite: () => may },
  )
  assert.equal((await esme.submit({})).status, 0)
  const waiting = [esme.submit({}), esme.submit({})]
  // As after a stop of the process: they lie encoded in this turn of the event loop, and the world has moved on.
  may = false
  for (const each of waiting) await assert.rejects(each, notSent)
  assert.equal(ends[0]?.reason, 'fenced')
  assert.deepEqual(came, ['submit_sm'])
})

test('a request that waits for a place in the window is not sent when its turn comes too late', async (t) => {
  let may = true
  const { esme, ends } = await pair(
    t,
    {
      onRequest() {
        may = false
        return { message_id: '1' }
      },
    },
    { mayWrite: () => may, window: 1 },
  )
  const [first, second] = [esme.submit({}), esme.submit({})]
  assert.equal((await first).message_id, '1')
  await assert.rejects(second, notSent)
  assert.equal(ends[0]?.reason, 'fenced')
})

test('answers to what comes in, and signs of life, go out whether or not requests may', async (t) => {
  const { esme, sessions } = await pair(
    t,
    {},
    { mayWrite: () => false, onRequest: () => ({ status: 0 }), enquireLinkMs: 20 },
  )
  for (let at = 0; at < 3; at++)
    assert.equal((await sessions[0]!.request({ command: 'deliver_sm' })).status, 0)
  assert.equal(esme.state, 'bound')
})

test('of what a full socket does not take, 8 KiB are with Node and the rest can be held back', () => {
  const written: Buffer[] = []
  const callbacks: (() => void)[] = []
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    writableLength: 0,
    write(octets: Buffer, taken: () => void) {
      socket.writableLength += octets.length
      written.push(octets)
      callbacks.push(taken)
    },
    take() {
      socket.writableLength = 0
      callbacks.shift()?.()
    },
  })
  let may = true
  let refused = 0
  const fence = createFence(
    socket as unknown as Socket,
    () => may,
    () => refused++,
  )
  const octets = Buffer.alloc(30_000, 'x').fill('y', 8192, 16_384)
  fence.write(octets)
  fence.write(Buffer.from('last'))
  assert.deepEqual([written.length, fence.held], [1, 30_004 - 8192])
  socket.take()
  assert.deepEqual([written.length, fence.held], [2, 30_004 - 16_384])
  assert.deepEqual(Buffer.concat(written), octets.subarray(0, 16_384), 'in order, and each once')
  may = false
  socket.take()
  socket.take()
  assert.deepEqual([written.length, fence.held, refused], [2, 0, 1])
})

test('a slow peer gets everything, in order', async (t) => {
  const came: number[] = []
  const { esme } = await pair(
    t,
    {
      onRequest(_session, pdu) {
        if (pdu.command === 'submit_sm') came.push(Number(Buffer.from(pdu.short_message).toString()))
        return { message_id: '1' }
      },
    },
    { mayWrite: () => true, window: 2_000 },
  )
  const total = 2_000
  await Promise.all(
    Array.from({ length: total }, (_, at) =>
      esme.submit({ short_message: Buffer.from(String(at).padStart(200, '0')) }),
    ),
  )
  assert.deepEqual(
    came,
    Array.from({ length: total }, (_, at) => at),
  )
})

import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'
import { test } from 'node:test'
import { bindAs, openDoor } from '../testing/door.ts'
import { connectPeer, journal } from '../testing/peer.ts'
import type { SmppServer } from './server-options.ts'

test('a server that closes while a verdict is being made opens no session', async (t) => {
  const verdict = journal<true>()
  let server: SmppServer | undefined
  const { opened, ...door } = await openDoor(t, {
    onBind: () => {
      void server!.close().then(() => verdict.add(true))
      return 0
    },
  })
  server = door.server
  const over = verdict.next(() => true)
  const peer = await connectPeer(server.port)
  peer.send({ command: 'bind_transceiver', system_id: 'post', password: 'secret' })
  await Promise.all([peer.closed, over])
  assert.deepEqual([opened.entries.length, server.sessions.size], [0, 0])
})

test('a closed server leaves no timer behind, not even of an answer that was to wait', async (t) => {
  const { server, time, notes } = await openDoor(t, { lockout: { freeFailures: 1, delayMs: 4_000 } })
  const guesser = await connectPeer(server.port)
  await bindAs(guesser, { password: 'guess' })
  await guesser.closed
  const patient = await connectPeer(server.port)
  const before = time.armed
  patient.send({ command: 'bind_transceiver', system_id: 'post', password: 'guess' })
  while (time.armed <= before) await new Promise((resolve) => setImmediate(resolve))
  await server.close()
  await patient.closed
  assert.equal(time.armed, 0)
  assert.deepEqual(
    notes.entries.map(({ what }) => what).filter((what) => what !== 'bind_refused'),
    [],
  )
})

test('a closed server calls nobody', async (t) => {
  const { server } = await openDoor(t)
  await server.close()
  const target = { host: '127.0.0.1', port: server.port, systemId: 'smsc', password: 'calling' }
  await assert.rejects(server.outbind(target), { code: 'closed' })
})

test('an error of the port while it listens is a line of log', async (t) => {
  let port: Server | undefined
  const heard = (message: unknown): void => {
    port = (message as { server: Server }).server
  }
  subscribe('tracing:net.server.listen:asyncStart', heard)
  const { notes } = await openDoor(t)
  unsubscribe('tracing:net.server.listen:asyncStart', heard)
  port!.emit('error', Object.assign(new Error('accept'), { code: 'EMFILE' }))
  assert.deepEqual(
    notes.entries.map(({ what, detail }) => [what, detail]),
    [['connection_refused', 'EMFILE']],
  )
})

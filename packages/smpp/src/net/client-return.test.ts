import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rejection, setUpClient } from '../testing/client.ts'
import { createManualTime } from '../testing/manual-time.ts'
import { createClientOver } from './client.ts'

test('group 20: only a link that held begins the delays anew, one that drops at once does not', async (t) => {
  const { start, become, bind, time } = await setUpClient(t, {
    reconnect: { minMs: 1_000, maxMs: 60_000 },
    enquireLinkMs: Number.POSITIVE_INFINITY,
  })
  const waits: (number | undefined)[] = []
  let peer = await start()
  for (const heldMs of [0, 0, 0, 60_000, 0]) {
    time.advance(heldMs)
    const waiting = become('waiting')
    peer.socket.destroy()
    const { retryInMs } = (await waiting).detail
    waits.push(retryInMs)
    const back = bind()
    time.advance(retryInMs!)
    peer = await back
  }
  // Three quarters, as chance is half: of 1, 2, 4 seconds; then it held; and again.
  assert.deepEqual(waits, [750, 1_500, 3_000, 750, 1_500])
})

test('to give up waiting for a client that somebody else has started does not end it', async (t) => {
  const { client, smsc, become } = await setUpClient(t)
  client.start()
  const controller = new AbortController()
  const waiting = rejection(client.connect({ signal: controller.signal }))
  const patient = client.connect()
  controller.abort()
  assert.equal((await waiting).code, 'aborted')
  const bound = become('bound')
  await (await smsc.next()).letIn()
  await bound
  await patient
})

test('group 19: a client that closes answers what no loop has read as a temporary error, then unbinds', async (t) => {
  const { client, start } = await setUpClient(t)
  const peer = await start()
  const submitting = client.submit({})
  const { sequence } = await peer.next()
  peer.send({ command: 'deliver_sm', sequence: 5 }, { command: 'submit_sm_resp', sequence, message_id: 'm' })
  await submitting
  const closing = client.close()
  const answer = await peer.next()
  assert.deepEqual([answer.command, answer.sequence, answer.status], ['deliver_sm_resp', 5, 0x64])
  const unbind = await peer.next()
  assert.equal(unbind.command, 'unbind')
  peer.send({ command: 'unbind_resp', sequence: unbind.sequence })
  await closing
})

test('a client that was never started can be closed, and its loop ends', async (t) => {
  const { client, states } = await setUpClient(t)
  const loop = client[Symbol.asyncIterator]()
  const next = loop.next()
  await client.close()
  assert.equal((await next).done, true)
  assert.deepEqual(
    states.entries.map(({ state }) => state),
    ['closed'],
  )
})

test('a client that its own onState ends and starts again connects once', () => {
  let opened = 0
  let again = true
  const client = createClientOver(
    {
      systemId: 'post',
      password: 'secret',
      onState(state) {
        if (state !== 'connecting' || !again) return
        again = false
        client.destroy()
        client.start()
      },
    },
    {
      open() {
        opened++
        throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
      },
      time: createManualTime(),
      reconnect: false,
    },
  )
  client.start()
  assert.deepEqual([opened, client.state], [1, 'closed'])
})

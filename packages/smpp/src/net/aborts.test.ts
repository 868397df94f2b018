import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { rejection, setUpClient } from '../testing/client.ts'

test('ten thousand submits share one listener on their signal, and leave none behind', async (t) => {
  const { client, start } = await setUpClient(t, { window: 10 })
  const peer = await start()
  const { signal } = new AbortController()
  const submits = Array.from({ length: 10_000 }, () => client.submit({}, { signal }))
  assert.equal(getEventListeners(signal, 'abort').length, 1)
  for (const _ of submits)
    peer.send({ command: 'submit_sm_resp', sequence: (await peer.next()).sequence, message_id: 'm' })
  await Promise.all(submits)
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('a signal aborts all that hang on it, on the wire and waiting, and nothing else', async (t) => {
  const { client, start } = await setUpClient(t, { window: 2 })
  const peer = await start()
  const controller = new AbortController()
  const { signal } = controller
  const early = client.submit({}, { signal })
  peer.send({ command: 'submit_sm_resp', sequence: (await peer.next()).sequence, message_id: 'm' })
  await early
  const doomed = [client.submit({}, { signal }), client.submit({}, { signal }), client.submit({}, { signal })]
  const outcomes = doomed.map(rejection)
  const other = client.submit({ destination_addr: '1' })
  await peer.next()
  controller.abort()
  assert.deepEqual(
    (await Promise.all(outcomes)).map(({ code, sent }) => `${code} ${sent}`),
    ['aborted maybe', 'aborted maybe', 'aborted no'],
  )
  await peer.next()
  peer.send({ command: 'submit_sm_resp', sequence: (await peer.next()).sequence, message_id: 'o' })
  assert.equal((await other).message_id, 'o')
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('a link that ends lets go of the signals', async (t) => {
  const { client, start } = await setUpClient(t)
  await start()
  const { signal } = new AbortController()
  const outcome = rejection(client.submit({}, { signal }))
  client.destroy()
  assert.equal((await outcome).code, 'closed')
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rejection, setUpClient } from '../testing/client.ts'

const submission = { source_addr: '1', destination_addr: '4917', short_message: Buffer.from('hi') }
const settled = (promises: Promise<unknown>[]) => Promise.all(promises)

test('a wider window lets out at once what waits for it, over the link that stands, and every answer finds its request', async (t) => {
  const { client, start } = await setUpClient(t, { window: 2 })
  const peer = await start()
  const sent = Array.from({ length: 40 }, () => client.submit(submission))
  assert.deepEqual([client.inFlight, client.freeWindow], [2, 0])
  client.adjust({ window: 40 })
  assert.equal(client.inFlight, 40)
  for (let answered = 0; answered < 40; answered++) {
    const { sequence } = await peer.next()
    peer.send({ command: 'submit_sm_resp', message_id: `m${sequence}`, sequence })
  }
  const ids = (await Promise.all(sent)).map(({ message_id }) => message_id)
  assert.equal(new Set(ids).size, 40)
  assert.equal(client.freeWindow, 40)
})

test('a narrower window takes nothing back, and lets nothing out until it has room again', async (t) => {
  const { client, start } = await setUpClient(t, { window: 3 })
  const peer = await start()
  const sent = Array.from({ length: 3 }, () => client.submit(submission))
  client.adjust({ window: 1 })
  sent.push(client.submit(submission))
  for (const inFlight of [2, 1, 1]) {
    const { sequence } = await peer.next()
    peer.send({ command: 'submit_sm_resp', message_id: 'x', sequence })
    await Promise.race(sent.splice(0, 1))
    assert.equal(client.inFlight, inFlight)
  }
  const { sequence } = await peer.next()
  peer.send({ command: 'submit_sm_resp', message_id: 'x', sequence })
  await settled(sent)
})

test('other times hold for what is sent from then on, and limits that are none change nothing', async (t) => {
  const { client, start, time } = await setUpClient(t, { responseTimeoutMs: 60_000, enquireLinkMs: 600_000 })
  await start()
  const slow = rejection(client.submit(submission))
  client.adjust({ responseTimeoutMs: 1_000 })
  assert.throws(() => client.adjust({ window: 0 }), RangeError)
  time.advance(59_000)
  const quick = rejection(client.submit(submission))
  time.advance(1_000)
  assert.deepEqual([(await slow).code, (await quick).code], ['timeout', 'timeout'])
})

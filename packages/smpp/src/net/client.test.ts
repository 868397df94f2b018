import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestPdu } from '../pdu/commands.ts'
import { encodePdu } from '../pdu/encode.ts'
import { rejection, setUpClient } from '../testing/client.ts'
import { journal } from '../testing/peer.ts'

test('a client binds, submits, and gives the octets that went over the wire', async (t) => {
  const { client, smsc, become } = await setUpClient(t, { systemType: 'cp', bindType: 'transmitter' })
  const bound = become('bound')
  client.start()
  const peer = await smsc.next()
  const bind = await peer.letIn()
  assert.ok(bind.command === 'bind_transmitter')
  assert.deepEqual(
    [bind.system_id, bind.password, bind.system_type, bind.interface_version],
    ['post', 'secret', 'cp', 0x34],
  )
  assert.equal((await bound).detail.systemId, 'smsc')
  const submitting = client.submit({ destination_addr: '49170', short_message: Buffer.from('hello') })
  const submit = await peer.next()
  peer.send({ command: 'submit_sm_resp', sequence: submit.sequence, message_id: 'm-1' })
  const { status, message_id, request } = await submitting
  assert.deepEqual([status, message_id], [0, 'm-1'])
  assert.deepEqual(request, encodePdu(submit))
})

for (const [truncate, sent] of [
  [false, 'a-long-password'],
  [true, 'a-long-p'],
] as const)
  test(`group 8: a long password goes out as '${sent}' when truncate is ${truncate}`, async (t) => {
    const { client, smsc } = await setUpClient(t, { password: 'a-long-password', truncate })
    client.start()
    const bind = await (await smsc.next()).letIn()
    assert.ok(bind.command === 'bind_transceiver')
    assert.deepEqual([bind.system_id, bind.password], ['post', sent])
  })

test('before it is bound a request is rejected unsent', async (t) => {
  const { client } = await setUpClient(t)
  const error = await rejection(client.submit({}))
  assert.deepEqual([error.code, error.sent, client.freeWindow], ['not_bound', 'no', 0])
})

test('a whole window goes out in one write, and its answers come back each to its own request', async (t) => {
  const { client, start } = await setUpClient(t, { window: 100 })
  const peer = await start()
  const readsBefore = peer.reads
  const submits = Array.from({ length: 100 }, (_, i) => client.submit({ destination_addr: String(i) }))
  assert.equal(client.freeWindow, 0)
  const seen = []
  for (let i = 0; i < 100; i++) seen.push(await peer.next())
  assert.ok(peer.reads - readsBefore <= 2, `${peer.reads - readsBefore} reads`)
  for (const pdu of seen.reverse()) {
    assert.ok(pdu.command === 'submit_sm')
    peer.send({ command: 'submit_sm_resp', sequence: pdu.sequence, message_id: pdu.destination_addr })
  }
  const ids = (await Promise.all(submits)).map(({ message_id }) => message_id)
  assert.deepEqual(
    ids,
    Array.from({ length: 100 }, (_, i) => String(i)),
  )
  assert.equal(client.freeWindow, 100)
})

test('a generic_nack without a status does not look like success', async (t) => {
  const { client, start } = await setUpClient(t)
  const peer = await start()
  const submitting = client.submit({})
  peer.send({ command: 'generic_nack', sequence: (await peer.next()).sequence })
  assert.deepEqual([(await submitting).status, (await submitting).message_id], [8, ''])
})

test('a request without an answer times out, maybe sent, and its late answer is told with its number', async (t) => {
  const { client, start, time, notes } = await setUpClient(t, { responseTimeoutMs: 5_000 })
  const peer = await start()
  const outcome = rejection(client.submit({}))
  const submit = await peer.next()
  time.advance(4_999)
  assert.equal(client.inFlight, 1)
  time.advance(1)
  const error = await outcome
  assert.deepEqual([error.code, error.sent, error.sequence], ['timeout', 'maybe', submit.sequence])
  const late = notes.next(({ what }) => what === 'unmatched')
  peer.send({ command: 'submit_sm_resp', sequence: submit.sequence, message_id: 'late' })
  const { pdu } = await late
  assert.ok(pdu?.command === 'submit_sm_resp' && pdu.message_id === 'late')
})

test('an AbortSignal rejects at once: unsent in the queue, maybe sent on the wire', async (t) => {
  const { client, start } = await setUpClient(t, { window: 1 })
  const peer = await start()
  const [onWire, inQueue] = [new AbortController(), new AbortController()]
  const first = rejection(client.submit({}, { signal: onWire.signal }))
  const second = rejection(client.submit({}, { signal: inQueue.signal }))
  await peer.next()
  inQueue.abort()
  onWire.abort()
  assert.deepEqual([(await first).sent, (await second).sent], ['maybe', 'no'])
  assert.equal((await rejection(client.submit({}, { signal: AbortSignal.abort() }))).code, 'aborted')
  assert.equal(client.freeWindow, 1)
})

test('a request that cannot be encoded is rejected unsent and gives its place back', async (t) => {
  const { client, start } = await setUpClient(t, { window: 1 })
  await start()
  const error = await rejection(client.submit({ destination_addr: 'a\0b' }))
  assert.deepEqual([error.code, error.sent, client.freeWindow], ['invalid_pdu', 'no', 1])
})

test('the answer to a deliver_sm goes out when the handler resolves, and not before', async (t) => {
  const { promise, resolve } = Promise.withResolvers<{ status: number }>()
  const { start } = await setUpClient(t, { onRequest: () => promise })
  const peer = await start()
  peer.send({ command: 'deliver_sm', sequence: 41 }, { command: 'enquire_link', sequence: 42 })
  assert.equal((await peer.next()).command, 'enquire_link_resp')
  assert.deepEqual(peer.received, [])
  resolve({ status: 0 })
  const answer = await peer.next()
  assert.deepEqual([answer.command, answer.sequence, answer.status], ['deliver_sm_resp', 41, 0])
})

test('a handler that throws, or gives what cannot be encoded, is a temporary error; nothing of the text is told', async (t) => {
  const handlers = [
    () => {
      throw new Error('the text was hello')
    },
    () => Promise.reject(new TypeError('the text was hello')),
    () => ({ message_id: 'a\0b' }),
  ]
  const { start, notes } = await setUpClient(t, { onRequest: () => handlers.shift()!() })
  const peer = await start()
  for (const status of [0x64, 0x64, 0x08]) {
    peer.send({ command: 'deliver_sm', sequence: 1 })
    assert.equal((await peer.next()).status, status)
  }
  assert.equal(notes.entries.filter(({ what }) => what === 'handler_failed').length, 3)
  assert.ok(!JSON.stringify(notes.entries).includes('hello'))
})

test('group 29: when the link drops, each request in the window is told as maybe sent, and the client comes back', async (t) => {
  const { client, start, bind, become, time } = await setUpClient(t, { window: 2 })
  const peer = await start()
  const outcomes = [1, 2, 3].map(() => rejection(client.submit({})))
  await peer.next()
  const waiting = become('waiting')
  peer.socket.destroy()
  const sent = (await Promise.all(outcomes)).map((error) => `${error.code} ${error.sent}`)
  assert.deepEqual(sent, ['closed maybe', 'closed maybe', 'closed no'])
  const { detail } = await waiting
  assert.equal(detail.retryInMs, 750) // between half and all of 1,000, with random 0.5
  time.advance(detail.retryInMs)
  assert.equal(client.state, 'connecting')
  await bind()
  assert.equal(client.freeWindow, 2)
})

test('group 20: after refused binds the client keeps coming back, ever more slowly, and tells the status', async (t) => {
  const { client, smsc, become, bind, time } = await setUpClient(t)
  client.start()
  const delays = []
  for (const status of [0x0d, 0x0e, 0x05, 0x0f]) {
    const waiting = become('waiting')
    await (await smsc.next()).letIn(status)
    const { detail } = await waiting
    assert.deepEqual([detail.reason, detail.status], ['bind_refused', status])
    delays.push(detail.retryInMs)
    time.advance(detail.retryInMs!)
  }
  assert.deepEqual(delays, [750, 1_500, 3_000, 6_000])
  await bind()
  assert.equal(client.state, 'bound')
})

test('a port where nobody listens is tried again, and close ends the trying', async (t) => {
  const { client, smsc, become, time } = await setUpClient(t)
  smsc.close()
  const waiting = become('waiting')
  client.start()
  const { detail } = await waiting
  assert.deepEqual([detail.reason, detail.detail], ['connect_failed', 'ECONNREFUSED'])
  await client.close()
  assert.deepEqual([client.state, time.armed], ['closed', 0])
})

test('group 18: an SMSC that keeps the connection but says nothing is left', async (t) => {
  const { start, become, time } = await setUpClient(t, { enquireLinkMs: 10_000, responseTimeoutMs: 3_000 })
  const peer = await start()
  time.advance(10_000)
  assert.equal((await peer.next()).command, 'enquire_link')
  const waiting = become('waiting')
  time.advance(3_000)
  assert.equal((await waiting).detail.reason, 'link_dead')
})

test('close waits for the window, unbinds, and takes nothing new', async (t) => {
  const { client, start } = await setUpClient(t)
  const peer = await start()
  const submitting = client.submit({})
  const submit = await peer.next()
  const closing = client.close()
  assert.equal(client.state, 'unbinding')
  assert.equal((await rejection(client.submit({}))).sent, 'no')
  peer.send({ command: 'submit_sm_resp', sequence: submit.sequence, message_id: 'm' })
  assert.equal((await submitting).message_id, 'm')
  const unbind = await peer.next()
  assert.equal(unbind.command, 'unbind')
  peer.send({ command: 'unbind_resp', sequence: unbind.sequence })
  await closing
  await peer.closed
  assert.equal(client.state, 'closed')
})

test('group 19: an SMSC that unbinds gets its answer after ours, and is called again', async (t) => {
  const { client, start, become } = await setUpClient(t)
  const peer = await start()
  const submitting = client.submit({})
  const submit = await peer.next()
  peer.send({ command: 'unbind', sequence: 70 })
  const waiting = become('waiting')
  peer.send({ command: 'submit_sm_resp', sequence: submit.sequence, message_id: 'm' })
  assert.equal((await submitting).message_id, 'm')
  const answer = await peer.next()
  assert.deepEqual([answer.command, answer.sequence], ['unbind_resp', 70])
  assert.equal((await waiting).detail.reason, 'peer_unbound')
})

test('group 25: a flood waits in TCP and not in memory, every deliver_sm is handled once and in order', async (t) => {
  const held: { pdu: RequestPdu; resolve: () => void }[] = []
  const arrivals = journal<number>()
  const { start, notes } = await setUpClient(t, {
    maxHandling: 50,
    onRequest: (pdu) =>
      new Promise((resolve) => {
        held.push({ pdu, resolve: () => resolve({}) })
        arrivals.add(pdu.sequence)
      }),
  })
  const peer = await start()
  const total = 20_000
  const flooded = arrivals.next((sequence) => sequence === 50)
  const text = Buffer.alloc(140, 0x41)
  for (let i = 1; i <= total; i++) peer.send({ command: 'deliver_sm', sequence: i, short_message: text })
  await flooded
  assert.equal(held.length, 50)
  const last = arrivals.next((sequence) => sequence === total)
  let most = 0
  void (async () => {
    while (arrivals.entries.length < total || held.length > 0) {
      most = Math.max(most, held.length)
      held.shift()?.resolve()
      await null
      if (held.length === 0) await new Promise(setImmediate)
    }
  })()
  await last
  assert.ok(most <= 50, `${most} at once`)
  assert.deepEqual(
    arrivals.entries,
    Array.from({ length: total }, (_, i) => i + 1),
  )
  assert.deepEqual(notes.entries, [])
})

test('group 57: while the handlers hang, enquire_link behind a flood is still answered', async (t) => {
  const arrivals = journal<number>()
  const { start, time } = await setUpClient(t, {
    maxHandling: 1,
    stallMs: 5_000,
    onRequest: (pdu) => {
      arrivals.add(pdu.sequence)
      return new Promise(() => {})
    },
  })
  const peer = await start()
  const hanging = arrivals.next(() => true)
  const flood = Array.from({ length: 5_000 }, (_, i) => encodePdu({ command: 'deliver_sm', sequence: i + 1 }))
  peer.send(...flood, { command: 'enquire_link', sequence: 9_999 })
  await hanging
  time.advance(5_000)
  let refused = 0
  for (;;) {
    const answer = await peer.next()
    if (answer.command === 'enquire_link_resp') break
    assert.deepEqual([answer.command, answer.status], ['deliver_sm_resp', 0x64])
    refused++
  }
  assert.ok(refused > 0)
  assert.deepEqual(arrivals.entries, [1])
})

test('with reconnect off the client ends after its first link', async (t) => {
  const { start, become } = await setUpClient(t, { reconnect: false })
  const peer = await start()
  const closed = become('closed')
  peer.socket.destroy()
  assert.equal((await closed).detail.reason, 'socket_closed')
})

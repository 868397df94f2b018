import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { tlv } from '../pdu/tlv.ts'
import { rejection, setUpClient } from '../testing/client.ts'
import { journal } from '../testing/peer.ts'
import { systemTime } from '../time.ts'
import { createClient } from './client.ts'

test('connect resolves when the client is bound, and at once when it is already', async (t) => {
  const { client, bind } = await setUpClient(t)
  const connecting = client.connect()
  await bind()
  await connecting
  await client.connect()
  assert.deepEqual([client.state, client.version], ['bound', 0x34])
})

test('connect without reconnect tells in a code why there is no link', async (t) => {
  const { client, smsc, become } = await setUpClient(t, { reconnect: false })
  const refused = rejection(client.connect())
  await (await smsc.next()).letIn(0x0e)
  const error = await refused
  assert.deepEqual([error.code, error.status], ['bind_refused', 0x0e])
  assert.match(error.message, /ESME_RINVPASWD/)
  const cut = rejection(client.connect())
  const peer = await smsc.next()
  await peer.next()
  peer.socket.destroy()
  assert.equal((await cut).code, 'closed')
  const closed = become('closed')
  smsc.close()
  const failed = await rejection(client.connect())
  assert.deepEqual([failed.code, failed.message.includes('ECONNREFUSED')], ['connect_failed', true])
  await closed
})

test('connect with reconnect waits through refusals; its signal ends the client that it began', async (t) => {
  const { client, smsc, bind, become, time } = await setUpClient(t)
  const connecting = client.connect()
  const waiting = become('waiting')
  await (await smsc.next()).letIn(0x0d)
  time.advance((await waiting).detail.retryInMs!)
  await bind()
  await connecting
  client.destroy()
  const leaving = new AbortController()
  const aborted = rejection(client.connect({ signal: leaving.signal }))
  leaving.abort()
  assert.deepEqual([(await aborted).code, client.state, time.armed], ['aborted', 'closed', 0])
  assert.equal((await rejection(client.connect({ signal: AbortSignal.abort() }))).code, 'aborted')
})

test('a client may be closed by its own onState, in any state', async (t) => {
  for (const last of ['connecting', 'binding', 'bound', 'unbinding'] as const) {
    const { client, smsc, time } = await setUpClient(t, {
      onState: (state) => state === last && (state === 'bound' ? void client.close() : client.destroy()),
    })
    const connecting = client.connect().catch(() => {})
    if (last !== 'connecting') {
      const peer = await smsc.next()
      if (last !== 'binding') await peer.letIn()
      if (last === 'unbinding') await connecting.then(() => client.close())
      if (last === 'bound') peer.send({ command: 'unbind_resp', sequence: (await peer.next()).sequence })
      await peer.closed
    }
    await connecting
    await client.close()
    assert.deepEqual([client.state, time.armed], ['closed', 0])
  }
})

test('closing a client that connects rejects connect', async (t) => {
  const { client } = await setUpClient(t)
  const connecting = rejection(client.connect())
  await client.close()
  assert.equal((await connecting).code, 'closed')
})

test('a loop over a client goes on over its next link, and is done when the client is closed', async (t) => {
  const { client, start, bind, become, time } = await setUpClient(t)
  const got: number[] = []
  const read = journal<number>()
  const loop = (async () => {
    for await (const pdu of client) {
      client.respond(pdu, { status: 0 })
      got.push(pdu.sequence)
      read.add(pdu.sequence)
    }
  })()
  const peer = await start()
  peer.send({ command: 'deliver_sm', sequence: 1 })
  assert.deepEqual((await peer.next()).command, 'deliver_sm_resp')
  const waiting = become('waiting')
  peer.socket.destroy()
  time.advance((await waiting).detail.retryInMs!)
  const next = await bind()
  const second = read.next((sequence) => sequence === 2)
  next.send({ command: 'deliver_sm', sequence: 2 })
  await second
  const closing = client.close()
  assert.equal((await next.next()).command, 'deliver_sm_resp')
  const unbind = await next.next()
  next.send({ command: 'unbind_resp', sequence: unbind.sequence })
  await closing
  await loop
  assert.deepEqual(got, [1, 2])
})

test('an answer for a link that is gone is an error, and the peer is told nothing on the next link', async (t) => {
  const { client, start, bind, become, time } = await setUpClient(t)
  const loop = client[Symbol.asyncIterator]()
  const peer = await start()
  peer.send({ command: 'deliver_sm', sequence: 1 })
  const { value: pdu } = await loop.next()
  const waiting = become('waiting')
  peer.socket.destroy()
  time.advance((await waiting).detail.retryInMs!)
  const next = await bind()
  assert.throws(() => client.respond(pdu!), { code: 'closed' })
  next.send({ command: 'enquire_link', sequence: 9 })
  assert.equal((await next.next()).command, 'enquire_link_resp')
})

test('a loop beside onRequest is told at once', async (t) => {
  const { client } = await setUpClient(t, { onRequest: () => undefined })
  await assert.rejects(
    async () => {
      for await (const pdu of client) client.respond(pdu)
    },
    { code: 'requests_taken' },
  )
})

test('group 25: a loop that does not read holds the peer back like a handler, and is told', async (t) => {
  const { client, start, time, notes } = await setUpClient(t, { maxHandling: 2, stallMs: 5_000 })
  const peer = await start()
  peer.send(...[1, 2, 3].map((sequence) => ({ command: 'deliver_sm', sequence }) as const))
  peer.send({ command: 'enquire_link', sequence: 4 })
  assert.equal((await peer.next()).command, 'enquire_link_resp')
  const stalled = notes.next(({ what }) => what === 'stalled')
  time.advance(5_000)
  await stalled
  assert.ok(notes.entries.some(({ what }) => what === 'unanswered'))
  peer.send({ command: 'deliver_sm', sequence: 5 })
  const refused = await peer.next()
  assert.deepEqual([refused.sequence, refused.status], [5, 0x64])
  const order: number[] = []
  for await (const pdu of client) {
    client.respond(pdu)
    order.push(pdu.sequence)
    if (order.length === 3) break
  }
  assert.deepEqual(order, [1, 2, 3])
})

test('group 14: a 3.3 peer is sent no TLVs, and the octets told are the octets sent', async (t) => {
  const { client, smsc, become } = await setUpClient(t)
  const bound = become('bound')
  client.start()
  const peer = await smsc.next()
  const bind = await peer.next()
  const tlvs = [tlv('sc_interface_version', 0x33)]
  peer.send({ command: 'bind_transceiver_resp', sequence: bind.sequence, tlvs })
  assert.equal((await bound).detail.version, 0x33)
  const submitting = client.submit({ tlvs: [tlv('user_message_reference', 1)] })
  const submit = await peer.next()
  assert.deepEqual(submit.tlvs, [])
  peer.send({ command: 'submit_sm_resp', sequence: submit.sequence, message_id: 'm' })
  assert.equal((await submitting).request.length, 16 + 17)
  assert.equal((await rejection(client.request({ command: 'data_sm' }))).code, 'invalid_pdu')
})

test('group 18: a peer that asks before the bind answer has its answer, and a refused question is still a sign of life', async (t) => {
  const { client, smsc, become, time } = await setUpClient(t, { enquireLinkMs: 10_000 })
  const bound = become('bound')
  client.start()
  const peer = await smsc.next()
  const bind = await peer.next()
  peer.send({ command: 'enquire_link', sequence: 77 })
  assert.equal((await peer.next()).sequence, 77)
  peer.send({ command: 'bind_transceiver_resp', sequence: bind.sequence })
  await bound
  time.advance(10_000)
  const enquiry = await peer.next()
  peer.send({ command: 'enquire_link_resp', sequence: enquiry.sequence, status: 0x08 })
  peer.send({ command: 'enquire_link', sequence: 78 })
  assert.equal((await peer.next()).sequence, 78)
  time.advance(5_000)
  assert.equal(client.state, 'bound')
})

test('group 19: an SMSC that closes the connection in place of an unbind_resp ends the close', async (t) => {
  const { client, start } = await setUpClient(t)
  const peer = await start()
  const closing = client.close()
  assert.equal((await peer.next()).command, 'unbind')
  peer.socket.end()
  await closing
  assert.equal(client.state, 'closed')
})

test('group 19: a deliver_sm behind the unbind_resp is not acknowledged, and the connection ends', async (t) => {
  const handled: number[] = []
  const { client, start } = await setUpClient(t, { onRequest: (pdu) => void handled.push(pdu.sequence) })
  const peer = await start()
  const closing = client.close()
  const { sequence } = await peer.next()
  peer.send({ command: 'unbind_resp', sequence }, { command: 'deliver_sm', sequence: 5 })
  await closing
  await peer.closed
  assert.deepEqual([handled, peer.received], [[], []])
})

test('group 19: an SMSC that closes only its half is left, and what waits for it is told', async (t) => {
  const { client, start, become } = await setUpClient(t)
  const peer = await start()
  const outcome = rejection(client.submit({}))
  await peer.next()
  const waiting = become('waiting')
  peer.socket.end()
  assert.equal((await outcome).sent, 'maybe')
  assert.equal((await waiting).detail.reason, 'socket_closed')
  await peer.closed
})

test('group 20: after ESME_RALYBND the client waits as long as this SMSC needs, with jitter, and counts its attempts', async (t) => {
  const { client, smsc, become, bind, time } = await setUpClient(t, {
    reconnect: { minMs: 1_000, maxMs: 60_000, minMsByStatus: { 5: 30_000 } },
  })
  client.start()
  const told = []
  for (const status of [0x05, 0x0d, 0x05]) {
    const waiting = become('waiting')
    await (await smsc.next()).letIn(status)
    const { detail } = await waiting
    told.push([detail.status, detail.attempt, detail.retryInMs])
    time.advance(detail.retryInMs!)
  }
  assert.deepEqual(told, [
    [0x05, 1, 33_750],
    [0x0d, 2, 1_500],
    [0x05, 3, 33_750],
  ])
  await bind()
})

test('group 21: a bind that is never answered ends, and is tried again; another system_id is told', async (t) => {
  const { client, smsc, become, time } = await setUpClient(t, { bindTimeoutMs: 4_000 })
  client.start()
  await (await smsc.next()).next()
  const waiting = become('waiting')
  time.advance(4_000)
  const { detail } = await waiting
  assert.equal(detail.reason, 'bind_timeout')
  const bound = become('bound')
  time.advance(detail.retryInMs!)
  const peer = await smsc.next()
  const { sequence } = await peer.next()
  peer.send({ command: 'bind_transceiver_resp', sequence, system_id: 'node-7' })
  assert.equal((await bound).detail.systemId, 'node-7')
})

test('group 21: ESME_RALYBND counts as bound where the SMSC means it so', async (t) => {
  const { client, smsc } = await setUpClient(t, { boundOn: [0x05] })
  const connecting = client.connect()
  const peer = await smsc.next()
  await peer.letIn(0x05)
  await connecting
  const submitting = client.submit({})
  peer.send({ command: 'submit_sm_resp', sequence: (await peer.next()).sequence, message_id: 'm' })
  assert.equal((await submitting).message_id, 'm')
})

test('group 27: every answer tells how long it took, so that a pacer sees a queue before a timeout does', async (t) => {
  const told = journal<[number, number]>()
  const { client, start, time } = await setUpClient(t, {
    onAnswer: ({ status }, ms) => told.add([status, ms]),
  })
  const peer = await start()
  const submits = [client.submit({}), client.submit({}, { timeoutMs: 90_000 })]
  const [first, second] = [await peer.next(), await peer.next()]
  time.advance(1_500)
  peer.send({ command: 'submit_sm_resp', sequence: second.sequence })
  await submits[1]
  time.advance(2_500)
  peer.send({ command: 'submit_sm_resp', sequence: first.sequence, status: 0x58 })
  await submits[0]
  assert.deepEqual(told.entries, [
    [0, 1_500],
    [0x58, 4_000],
  ])
})

test('group 27: an answer slower than its timeout is not sent again, and still comes, with its number', async (t) => {
  const { client, start, time, notes } = await setUpClient(t, { window: 1 })
  const peer = await start()
  const late = rejection(client.submit({}, { timeoutMs: 2_000 }))
  const submit = await peer.next()
  time.advance(2_000)
  const { sent, sequence } = await late
  assert.deepEqual([sent, sequence, client.freeWindow], ['maybe', submit.sequence, 1])
  const noted = notes.next(({ what }) => what === 'unmatched')
  peer.send({ command: 'submit_sm_resp', sequence: submit.sequence, message_id: 'late' })
  const { pdu } = await noted
  assert.ok(pdu?.command === 'submit_sm_resp' && pdu.message_id === 'late')
  assert.deepEqual(peer.received, [])
})

test('group 30: an SMSC that does not know query_sm says so by status, or is silent until the timeout', async (t) => {
  const { client, start, time } = await setUpClient(t)
  const peer = await start()
  const asked = [1, 2, 3].map(() => client.request({ command: 'query_sm', message_id: 'm' }))
  const silent = rejection(asked[2]!)
  const [nack, error] = [await peer.next(), await peer.next()]
  peer.send({ command: 'generic_nack', sequence: nack.sequence, status: 0x03 })
  peer.send({ command: 'query_sm_resp', sequence: error.sequence, status: 0x08 })
  const answers = await Promise.all(asked.slice(0, 2))
  assert.deepEqual(
    answers.map(({ command, status }) => [command, status]),
    [
      ['generic_nack', 0x03],
      ['query_sm_resp', 0x08],
    ],
  )
  time.advance(30_000)
  assert.equal((await silent).code, 'timeout')
})

test('group 55: the clock on the wall may jump by an hour either way: nothing times out, nothing is late', async (t) => {
  const { client, smsc } = await setUpClient(t)
  client.destroy()
  const armed = new Set<() => void>()
  const after = (_ms: number, run: () => void) => {
    armed.add(run)
    return () => void armed.delete(run)
  }
  const real = createClient({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'post',
    password: 'secret',
    reconnect: false,
    time: { now: systemTime.now, after },
  })
  t.after(() => real.destroy())
  const connecting = real.connect()
  const peer = await smsc.next()
  await peer.letIn()
  await connecting
  const wall = Date.now
  t.after(() => {
    Date.now = wall
  })
  for (const jump of [3_600_000, -3_600_000]) {
    const submitting = real.submit({})
    const submit = await peer.next()
    Date.now = () => wall() + jump
    // Every timer looks at the clock now, and finds that nothing is due.
    for (const run of [...armed]) if (armed.delete(run)) run()
    peer.send({ command: 'enquire_link', sequence: 1 })
    assert.equal((await peer.next()).command, 'enquire_link_resp')
    peer.send({ command: 'submit_sm_resp', sequence: submit.sequence, message_id: 'm' })
    assert.equal((await submitting).status, 0)
  }
  assert.deepEqual([real.state, peer.received], ['bound', []])
  const closed = once(peer.socket, 'close')
  real.destroy()
  await closed
})

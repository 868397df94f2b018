import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import type { ResponseFields } from '../net/link-options.ts'
import { rejection, setUpClient } from '../testing/client.ts'
import { createClient } from './client.ts'
import type { ClientOptions } from './client-options.ts'
import { createOutbindListener } from './outbind-listener.ts'
import { createServer } from './server.ts'

const target = { host: '127.0.0.1', port: 1, systemId: 'post', password: 'secret' }

for (const [name, more, code] of [
  ['a port that is none', { port: 99_999 }, 'ERR_SOCKET_BAD_PORT'],
  ['a certificate that cannot be read', { tls: { cert: 'junk' } }, 'ERR_OSSL_PEM_NO_START_LINE'],
] as const) {
  test(`${name} is a failed connection, and no exception out of start or a timer`, async () => {
    const { signal } = new AbortController()
    const states: string[] = []
    const client = createClient({
      ...target,
      ...more,
      reconnect: false,
      onState: (state, { detail }) => states.push(`${state} ${detail ?? ''}`),
    })
    const error = await rejection(client.connect({ signal }))
    assert.deepEqual([error.code, client.state], ['connect_failed', 'closed'])
    assert.deepEqual(states, ['connecting ', `closed ${code}`])
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  test(`${name} is tried again as any other`, async (t) => {
    const { client, time, states } = await setUpClient(t, more as Partial<ClientOptions>)
    client.start()
    time.advance(1_000)
    assert.deepEqual(
      states.entries.map(({ state }) => state),
      ['connecting', 'waiting', 'connecting', 'waiting'],
    )
  })
}

for (const [name, value] of [
  ['window', 0],
  ['window', Number.POSITIVE_INFINITY],
  ['window', 1.5],
  ['maxWaiting', -1],
  ['maxHandling', 0],
  ['maxLength', 15],
  ['enquireLinkMs', 0],
  ['responseTimeoutMs', Number.NaN],
  ['stallMs', -1],
] as const)
  test(`a ${name} of ${value} is refused where it is given`, async () => {
    const refused = { name: 'RangeError', message: new RegExp(name) }
    assert.throws(() => createClient({ ...target, [name]: value }), refused)
    await assert.rejects(createServer({ port: 0, onBind: () => 0, [name]: value }), refused)
  })

test('times may be never, and nobody need wait', () => {
  const never = Number.POSITIVE_INFINITY
  createClient({ ...target, enquireLinkMs: never, stallMs: never, maxWaiting: 0, maxHandling: never })
})

test('a queue of thousands that cannot be encoded is rejected, one by one, and the link works on', async (t) => {
  const { client, start } = await setUpClient(t, { window: 1 })
  const peer = await start()
  const first = client.submit({})
  const outcomes = Array.from({ length: 9_000 }, () =>
    rejection(client.submit({ destination_addr: 'x'.repeat(50) })),
  )
  const last = client.submit({ destination_addr: '1' })
  peer.send({ command: 'submit_sm_resp', sequence: (await peer.next()).sequence, message_id: 'first' })
  assert.equal((await first).message_id, 'first')
  for (const error of await Promise.all(outcomes)) assert.equal(error.code, 'invalid_pdu')
  peer.send({ command: 'submit_sm_resp', sequence: (await peer.next()).sequence, message_id: 'last' })
  assert.equal((await last).message_id, 'last')
})

test('a handler may give a promise of another make: nothing is acknowledged before it is fulfilled', async (t) => {
  let fulfil: (fields: ResponseFields) => void = () => {}
  const thenable = {
    // biome-ignore lint/suspicious/noThenProperty: it is what this test is about.
    then(onFulfilled: typeof fulfil) {
      fulfil = onFulfilled
    },
  } as unknown as Promise<ResponseFields>
  const { start } = await setUpClient(t, { onRequest: () => thenable })
  const peer = await start()
  peer.send({ command: 'deliver_sm', sequence: 7 }, { command: 'enquire_link', sequence: 8 })
  assert.deepEqual([(await peer.next()).sequence, peer.received.length], [8, 0])
  fulfil({ status: 0x14 })
  const answer = await peer.next()
  assert.deepEqual([answer.command, answer.sequence, answer.status], ['deliver_sm_resp', 7, 0x14])
})

test('a handler that cuts the link is handed nothing more of the same read, and no timer stays', async (t) => {
  const seen: number[] = []
  const { client, start, time } = await setUpClient(t, {
    onRequest({ sequence }) {
      seen.push(sequence)
      client.destroy()
      return {}
    },
  })
  const peer = await start()
  peer.send({ command: 'deliver_sm', sequence: 1 }, { command: 'deliver_sm', sequence: 2 })
  await peer.closed
  assert.deepEqual([seen, time.armed], [[1], 0])
})

test('a text in place of octets is refused with a word on what to do', async (t) => {
  const { client, start } = await setUpClient(t)
  await start()
  const error = await rejection(client.submit({ short_message: 'Hello' as unknown as Uint8Array }))
  assert.match(error.message, /short_message is not octets; encode the text first/)
})

for (const [name, wrong] of [
  ['a system_id of 65 characters', { systemId: 'x'.repeat(65) }],
  ['a password that no octets can hold', { password: 'пароль' }],
  ['an address_range with a NUL', { addressRange: '49\0' }],
] as const)
  test(`${name} is refused where it is given, and not on a link that then waits for a bind`, async () => {
    const refused = { name: 'SmppError', code: 'invalid_pdu' }
    assert.throws(() => createClient({ ...target, ...wrong }), refused)
    await assert.rejects(
      createOutbindListener({ ...target, ...wrong, listenPort: 0, accept: () => true }),
      refused,
    )
  })

test('a server whose name no answer can hold does not open', async () => {
  await assert.rejects(createServer({ port: 0, onBind: () => 0, systemId: 'x'.repeat(65) }), {
    code: 'invalid_pdu',
  })
})

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { SmppError } from '../errors.ts'
import { messageIdKeys } from '../pdu/message-id.ts'
import { parseReceipt } from '../pdu/receipt.ts'
import { journal } from '../testing/peer.ts'
import { createClient } from './client.ts'
import type { ClientOptions, SmppClient } from './client-options.ts'
import { createServer } from './server.ts'
import type { ServerOptions, ServerSession, SmppServer } from './server-options.ts'

async function openServer(t: TestContext, options: Partial<ServerOptions> = {}): Promise<SmppServer> {
  const server = await createServer({ port: 0, onBind: () => 0, ...options })
  t.after(() => server.close({ graceMs: 1 }))
  return server
}

async function bindTo(t: TestContext, { port }: SmppServer, options: Partial<ClientOptions> = {}) {
  const fixed = { host: '127.0.0.1', systemId: 'post', password: 'secret', reconnect: false } as const
  const client = createClient({ ...fixed, port, ...options })
  t.after(() => client.destroy())
  await client.connect()
  return client
}

const receiptOf = (id: string) =>
  ({
    command: 'deliver_sm',
    esm_class: 0x04,
    short_message: Buffer.from(`id:${id} stat:DELIVRD err:000`),
  }) as const

test('group 22: receipts come on the receivers for submits on the transmitter, half of them before the answer', async (t) => {
  const receivers: ServerSession[] = []
  let number = 0
  const server = await openServer(t, {
    onSession: (session) => void (session.bindType === 'receiver' && receivers.push(session)),
    async onRequest() {
      const id = (++number * 977).toString(16).padStart(8, '0')
      const receipt = receivers[number % receivers.length]!.request(receiptOf(id))
      if (number % 2 === 0) await receipt
      return { message_id: id.toUpperCase() }
    },
  })
  const total = 50
  const submitted = new Set<string>()
  const orphans = new Set<string>()
  const matched = journal<string>()
  const all = matched.next(() => matched.entries.length === total)
  for (const _bind of [1, 2]) {
    const receiver = await bindTo(t, server, { bindType: 'receiver' })
    void (async () => {
      for await (const pdu of receiver) {
        const keys = messageIdKeys(parseReceipt(pdu)!.id)
        const key = keys.find((one) => submitted.delete(one))
        if (key !== undefined) matched.add(key)
        else for (const one of keys) orphans.add(one)
        receiver.respond(pdu)
      }
    })()
  }
  const transmitter = await bindTo(t, server, { bindType: 'transmitter' })
  let early = 0
  await Promise.all(
    Array.from({ length: total }, async () => {
      const [key] = messageIdKeys((await transmitter.submit({})).message_id)
      if (orphans.has(key!)) {
        early++
        matched.add(key!)
      } else submitted.add(key!)
    }),
  )
  await all
  assert.ok(early > 0)
  assert.deepEqual([new Set(matched.entries).size, submitted.size], [total, 0])
})

test('a session of a server is looped over, answers what it is asked, and its loop ends with it', async (t) => {
  const ended = journal<string>()
  const server = await openServer(t, {
    async onSession(session) {
      for await (const pdu of session)
        session.respond(pdu, { message_id: `${session.systemId}-${pdu.sequence}` })
      ended.add(session.systemId)
    },
  })
  const client = await bindTo(t, server)
  assert.match((await client.submit({})).message_id, /^post-\d+$/)
  const over = ended.next(() => true)
  await client.close()
  assert.equal(await over, 'post')
})

test('a loop over a session of a server with onRequest is told at once', async (t) => {
  const told = journal<unknown>()
  const server = await openServer(t, {
    onRequest: () => undefined,
    async onSession(session) {
      try {
        for await (const pdu of session) session.respond(pdu)
      } catch (error) {
        told.add(error)
      }
    },
  })
  const first = told.next(() => true)
  await bindTo(t, server)
  const error = await first
  assert.ok(error instanceof SmppError && error.code === 'requests_taken')
})

test('whatever either side does on a real connection, every promise settles, once', async (t) => {
  const step = fc.constantFrom(
    ...(['submit', 'submit', 'deliver', 'deliver', 'notify', 'abort', 'turn', 'turn'] as const),
    ...(['close', 'unbind', 'destroy', 'cut', 'mute'] as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const sessions = journal<ServerSession>()
      const muted = { value: false }
      const server = await openServer(t, {
        onSession: sessions.add,
        onRequest: () => (muted.value ? new Promise(() => {}) : { message_id: 'm' }),
        responseTimeoutMs: 200,
      })
      const arrived = sessions.next(() => true)
      const client: SmppClient = await bindTo(t, server, {
        window: 3,
        responseTimeoutMs: 200,
        onRequest: async () => ({ status: 0 }),
      })
      const session = await arrived
      const outcomes: Promise<unknown>[] = []
      const track = (promise: Promise<unknown>): void =>
        void outcomes.push(
          promise.catch((error: unknown) => assert.ok(error instanceof SmppError, String(error))),
        )
      for (const one of steps) {
        const abort = new AbortController()
        if (one === 'submit') track(client.submit({}))
        if (one === 'deliver') track(session.request({ command: 'deliver_sm' }))
        if (one === 'notify') track(session.notify({}))
        if (one === 'abort') track(client.submit({}, { signal: abort.signal }))
        if (one === 'abort') abort.abort()
        if (one === 'turn') await new Promise(setImmediate)
        if (one === 'close') track(client.close())
        if (one === 'unbind') track(session.close())
        if (one === 'destroy') client.destroy()
        if (one === 'cut') session.destroy()
        if (one === 'mute') muted.value = true
      }
      track(client.close())
      track(server.close({ graceMs: 300 }))
      await Promise.all(outcomes)
      assert.deepEqual([client.state, client.inFlight, server.sessions.size], ['closed', 0, 0])
    }),
    { numRuns: 30 },
  )
})

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  type ClientState,
  createClient,
  messageIdKey,
  messageIdKeys,
  type Pdu,
  parseReceipt,
  type Receipt,
  SmppError,
  type Submitted,
} from '@kurzpost/smpp'
import { isProfileName, type ProfileName, profileNames, profileSettings, profiles } from './profiles.ts'
import { createMailbox, simulate, submission } from './testing.ts'

const MESSAGES = 200

/** Times that a test does not wait for; what they are of is in tests of their own. */
const hurried = {
  answerDelayMs: 'uniform 0..5',
  receiptDelayMs: 'uniform 0..5',
  bindDelayMs: 0,
  bindPauseMs: 0,
  redeliverMs: 1,
}

/** Two binds of one system against a profile, and everything that comes of some hundred messages. */
async function run(t: TestContext, profile: ProfileName) {
  const { simulator, call } = await simulate(t, { profile, ...hurried })
  const receipts: Receipt[] = []
  const arrived = createMailbox<Receipt>()
  const onRequest = (pdu: Pdu) => {
    const receipt = parseReceipt(pdu)
    if (receipt) {
      receipts.push(receipt)
      arrived.put(receipt)
    }
    return {}
  }
  const states = createMailbox<ClientState>()
  const clients = [0, 1].map(() => {
    const client = createClient({
      host: '127.0.0.1',
      port: simulator.smppPort,
      systemId: 'kurzpost',
      password: 'secret',
      responseTimeoutMs: 300,
      bindTimeoutMs: 300,
      enquireLinkMs: 200,
      reconnect: { minMs: 1, maxMs: 20 },
      onRequest,
      onState: (state) => states.put(state),
    })
    t.after(() => client.destroy())
    client.start()
    return client
  })
  for (let ready = 0; ready < clients.length; ) {
    const state = await states.next()
    if (state === 'bound' || state === 'waiting') ready += 1
  }
  const settled = await Promise.all(
    Array.from({ length: MESSAGES }, (_, i) => {
      const fields = submission('x', { destination_addr: `49151${10_000_000 + i}` })
      return patient(() => clients[i % 2]!.submit(fields))
    }),
  )
  return { settled, receipts, arrived, call }
}

/** What came of a request. A link that is down is given some turns to come up again, as any sender does. */
async function patient(submit: () => Promise<Submitted>): Promise<Submitted | SmppError> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await submit()
    } catch (error) {
      assert.ok(error instanceof SmppError, String(error))
      if (error.code !== 'not_bound' || tries === 20) return error
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

const taken = (settled: readonly (Submitted | SmppError)[]): Submitted[] =>
  settled.filter((one): one is Submitted => !(one instanceof SmppError) && one.status === 0)

const withoutReceipts: readonly ProfileName[] = ['dead', 'mute', 'hostile']

for (const profile of profileNames) {
  test(`against ${profile} every request settles, and nothing breaks`, async (t) => {
    const { settled, receipts, arrived } = await run(t, profile)
    assert.equal(settled.length, MESSAGES)
    if (withoutReceipts.includes(profile)) return
    const answered = taken(settled).filter(({ message_id }) => message_id !== '')
    assert.ok(answered.length > 0, 'some were taken')
    const missing = new Map(answered.map(({ message_id }) => [messageIdKey(message_id), message_id]))
    const found = (receipt: Receipt): void => {
      for (const id of receipt.ids) for (const key of messageIdKeys(id)) missing.delete(key)
    }
    for (const receipt of receipts) found(receipt)
    while (missing.size > 0) found(await arrived.next())
  })
}

test('a profile is data that its settings take, with a sentence', () => {
  for (const name of profileNames) {
    assert.ok(Object.keys(profileSettings(name)).length > 30, name)
    assert.match(profiles[name].what, /\.$/, name)
  }
  assert.equal(isProfileName('toString'), false)
})

test('a profile sets every other setting to its default, but not who may bind', async (t) => {
  const { call } = await simulate(t, { password: 'secret', receiptsFirst: true })
  const { body } = await call<Record<string, unknown>>('PATCH', '/settings', {
    profile: 'throttling',
    limitBurst: 7,
  })
  assert.deepEqual(
    [body.limitPerSecond, body.limitBurst, body.receiptsFirst, body.receiptDelayMs, body.password],
    [50, 7, 0, 1000, 'set'],
  )
})

test('GET /profiles tells them all, and a profile that is none is refused', async (t) => {
  const { get, call } = await simulate(t)
  const listed = await get<{ name: string; what: string }[]>('/profiles')
  assert.deepEqual(
    listed.map(({ name }) => name),
    profileNames,
  )
  assert.equal((await call('PATCH', '/settings', { profile: 'perfect' })).status, 422)
})

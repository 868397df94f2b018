import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import {
  type BindType,
  createClient,
  type Pdu,
  parseReceipt,
  SmppError,
  type SubmitFields,
  tlv,
} from '@kurzpost/smpp'
import { ask } from '../message/testing.ts'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'
import { freePort, startServer } from './process.ts'

/** Two processes, one database: systems are bound to the one or the other, and notice nothing of it. */

const { url: databaseUrl, db } = await testDatabase()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 20 })
after(() => simulator.close())
const ports = [await freePort(), await freePort()] as const
const nodes = await Promise.all(
  ports.map((port) =>
    startServer({
      ...storyEnv({ databaseUrl, smppPort: simulator.smppPort }),
      KURZPOST_SMPP_PORT: String(port),
    }),
  ),
)
const api = (method: string, path: string, body?: unknown) =>
  call(nodes[0]!.url + path, method, body, { authorization: `Bearer ${storyKey}` })

async function login(system_id: string, more: object = {}): Promise<string> {
  const { status, body } = await api('POST', '/v1/smpp-logins', { system_id, ...more })
  assert.equal(status, 201, JSON.stringify(body))
  return body.password
}

/** A system bound to one of the nodes, and what it was told. */
async function system(node: 0 | 1, systemId: string, password: string, bindType: BindType) {
  const got: Pdu[] = []
  const client = createClient({
    ...{ host: '127.0.0.1', port: ports[node], systemId, password, bindType, window: 100, reconnect: false },
    onRequest(pdu) {
      got.push(pdu as Pdu)
      return {}
    },
  })
  await client.connect()
  after(() => client.destroy())
  return {
    client,
    got,
    receipts: () => got.flatMap((pdu) => parseReceipt(pdu) ?? []),
    submit: (n: number, text: string, more: SubmitFields = {}) =>
      client.submit({
        ...{ source_addr_ton: 5, source_addr: 'Shop', dest_addr_ton: 1, dest_addr_npi: 1 },
        destination_addr: `49152${40_000_000 + n}`,
        registered_delivery: 1,
        short_message: Buffer.from(text),
        ...more,
      }),
  }
}

test('what goes in at one node has its receipts at the other, where alone its system listens: each, and once', async () => {
  const password = await login('split')
  const sender = await system(0, 'split', password, 'transmitter')
  const listener = await system(1, 'split', password, 'receiver')
  const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => sender.submit(n, `n ${n}`)))
  assert.ok(answers.every(({ status }) => status === 0))
  await eventually(async () => listener.receipts().length >= 100)
  assert.deepEqual(
    listener
      .receipts()
      .map(({ id }) => id)
      .sort(),
    answers.map(({ message_id }) => message_id).sort(),
  )
  assert.ok(listener.receipts().every(({ state }) => state === 'delivered'))
  await eventually(async () => (await ask(db, 'select from smpp_deliveries')).length === 0)
})

test('parts that come in over two nodes at once are one message each, with one id and one receipt', async () => {
  const password = await login('joined')
  const [left, right] = [
    await system(0, 'joined', password, 'transceiver'),
    await system(1, 'joined', password, 'transceiver'),
  ]
  const messages = 40
  const sent = await Promise.all(
    Array.from({ length: messages }, (_, n) =>
      Promise.all(
        [1, 2, 3].map((part) =>
          ((n + part) % 2 === 0 ? left : right).submit(1_000 + n, `${n}, part ${part}. `, {
            tlvs: [tlv('sar_msg_ref_num', n), tlv('sar_total_segments', 3), tlv('sar_segment_seqnum', part)],
          }),
        ),
      ),
    ),
  )
  for (const parts of sent) {
    assert.ok(parts.every(({ status }) => status === 0))
    assert.equal(new Set(parts.map(({ message_id }) => message_id)).size, 1)
  }
  const receipts = () => [...left.receipts(), ...right.receipts()]
  await eventually(async () => receipts().length >= messages)
  assert.deepEqual(
    receipts()
      .map(({ id }) => id)
      .sort(),
    sent.map(([first]) => first!.message_id).sort(),
  )
  const rows = await ask<{ body: string }>(
    db,
    `select body from messages where recipient like '+4915240001%'`,
  )
  assert.deepEqual(
    rows.map(({ body }) => body).sort(),
    sent.map((_, n) => `${n}, part 1. ${n}, part 2. ${n}, part 3. `).sort(),
  )
  assert.deepEqual(await ask(db, 'select * from smpp_parts'), [])
})

test('a node that is asked to stop answers what was submitted, says goodbye, and leaves nobody in doubt', async () => {
  const password = await login('leaving')
  const esme = await system(1, 'leaving', password, 'transceiver')
  let taken = 0
  const doubtful: unknown[] = []
  const working = Promise.all(
    Array.from({ length: 50 }, async (_, worker) => {
      for (let n = 0; ; n++) {
        try {
          const { status } = await esme.submit(2_000 + worker, `n ${n}`)
          if (status === 0) taken++
        } catch (error) {
          assert.ok(error instanceof SmppError, String(error))
          if (error.sent === 'maybe') doubtful.push(error.code)
          return
        }
      }
    }),
  )
  await eventually(async () => taken > 200)
  await nodes[1]!.kill('SIGTERM')
  await working
  assert.equal(nodes[1]!.child.exitCode, 0)
  assert.deepEqual(doubtful, [])
  const [row] = await ask<{ n: number }>(
    db,
    `select count(*)::integer as n from messages where recipient like '+4915240002%'`,
  )
  assert.equal(row!.n, taken, 'what was answered OK is there, and nothing else')
})

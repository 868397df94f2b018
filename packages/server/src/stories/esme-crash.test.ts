import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { createClient, parseReceipt, SmppError } from '@kurzpost/smpp'
import { ask } from '../message/testing.ts'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, storyEnv, storyKey } from './house.ts'
import { freePort, type ServerProcess, startServer } from './process.ts'

const total = 1_500
const kills = 2
const window = 50

const { url: databaseUrl, db } = await testDatabase()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 50 })
after(() => simulator.close())

const port = await freePort()
const env = {
  ...storyEnv({ databaseUrl, smppPort: simulator.smppPort }),
  KURZPOST_SMPP_PORT: String(port),
  KURZPOST_UNCERTAIN_SECONDS: '1',
}

test(`kill -9 of the server, ${kills} times, and of the links: what was answered OK exists, and each has its receipt`, async () => {
  let server: ServerProcess = await startServer(env)
  const made = await call(
    `${server.url}/v1/smpp-logins`,
    'POST',
    { system_id: 'shop' },
    { authorization: `Bearer ${storyKey}` },
  )
  assert.equal(made.status, 201)
  const answered: string[] = []
  const receipts = new Map<string, number>()
  const connect = () => {
    const client = createClient({
      ...{ host: '127.0.0.1', port, systemId: 'shop', password: made.body.password, window },
      reconnect: { minMs: 20, maxMs: 200 },
      onRequest(pdu) {
        const receipt = parseReceipt(pdu)
        if (receipt) receipts.set(receipt.id, (receipts.get(receipt.id) ?? 0) + 1)
        return {}
      },
    })
    client.start()
    return client
  }
  let client = connect()
  after(() => client.destroy())

  let next = 0
  let doubtful = 0
  async function work(): Promise<void> {
    while (next < total) {
      const n = next++
      for (let tried = false; ; tried = true) {
        try {
          const { status, message_id } = await client.submit({
            ...{ source_addr_ton: 5, source_addr: 'Shop', dest_addr_ton: 1, dest_addr_npi: 1 },
            destination_addr: `49152${30_000_000 + n}`,
            registered_delivery: 1,
            short_message: Buffer.from(`n ${n}`),
          })
          if (status === 0) {
            answered.push(message_id)
            break
          }
        } catch (error) {
          assert.ok(error instanceof SmppError, String(error))
          if (error.sent === 'maybe') doubtful++
        }
        if (tried) await eventually(async () => client.freeWindow > 0)
      }
    }
  }
  const working = Promise.all(Array.from({ length: window }, work))
  for (let kill = 1; kill <= kills; kill++) {
    await eventually(async () => answered.length >= (kill * total) / (kills + 1))
    await server.kill('SIGKILL')
    // The system goes down too, with receipts on its wire.
    const old = client
    client = connect()
    old.destroy()
    server = await startServer(env)
  }
  await working
  assert.equal(new Set(answered).size, total)

  const rows = await ask<{ id: string; body: string }>(
    db,
    `select id, body from messages where direction = 'outbound'`,
  )
  assert.equal(new Set(rows.map(({ body }) => body)).size, total, 'what was answered OK exists')
  assert.ok(rows.length <= total + doubtful, 'only what was left open was sent twice')
  await eventually(async () => answered.every((id) => receipts.has(id)))
  const again = [...receipts.values()].reduce((sum, count) => sum + count - 1, 0)
  assert.ok(
    again <= (kills * 2 + 1) * window * 2,
    `${again} receipts came again, at most what was on the links`,
  )
  await eventually(async () => (await ask(db, 'select 1 from smpp_deliveries limit 1')).length === 0)
  assert.deepEqual(await ask(db, 'select * from smpp_given_up'), [])
  await client.close()
  await server.kill('SIGTERM')
  assert.equal(server.child.exitCode, 0, 'a clean stop')
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createClient, type Pdu, parseReceipt, type SmppClient } from '@kurzpost/smpp'
import { eventually, openStory } from './house.ts'

const story = await openStory({ env: { KURZPOST_SMPP_PORT: '0' } })
const [port] = story.server.smppPorts

/** A customer's system: binds, and keeps what is delivered to it. */
async function system(
  options: { systemId: string; password: string } & Partial<Parameters<typeof createClient>[0]>,
) {
  const got: Pdu[] = []
  const client: SmppClient = createClient({
    host: '127.0.0.1',
    port: port!,
    reconnect: false,
    onRequest(pdu) {
      got.push(pdu)
      return {}
    },
    ...options,
  })
  await client.connect()
  after(() => client.close())
  return { client, got, receipts: () => got.flatMap((pdu) => parseReceipt(pdu as never) ?? []) }
}

test('a text goes from a bind to a phone, and its receipt comes back to the bind', async () => {
  const { status, body } = await story.api('POST', '/v1/smpp-logins', { system_id: 'shop' })
  assert.equal(status, 201, JSON.stringify(body))
  const shop = await system({ systemId: 'shop', password: body.password })
  const answer = await shop.client.submit({
    source_addr_ton: 5,
    source_addr: 'Shop',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: '4915123456789',
    registered_delivery: 1,
    short_message: Buffer.from('Hello'),
  })
  assert.equal(answer.status, 0)
  assert.match(answer.message_id, /^msg_/)
  await eventually(async () => shop.receipts().length > 0)
  const [receipt] = shop.receipts()
  assert.equal(receipt!.id, answer.message_id)
  assert.equal(receipt!.state, 'delivered')
  const detail = await story.api('GET', `/v1/messages/${answer.message_id}`)
  assert.equal(detail.body.state, 'delivered')
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createRequire } from 'node:module'
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

/** The npm package, which has no types: the library that half of the systems in the field are made with. */
interface Foreign {
  on(name: string, listener: (pdu: ForeignPdu) => void): void
  once(name: string, listener: () => void): void
  send(pdu: unknown): void
  close(): void
  [verb: string]: unknown
}
type ForeignPdu = Record<string, unknown> & {
  response(): unknown
  command_status: number
  message_id: string
}
const foreign = createRequire(import.meta.url)('smpp') as { connect(options: object): Foreign }

const ask = (session: Foreign, verb: string, fields: object): Promise<ForeignPdu> =>
  new Promise((resolve) =>
    (session[verb] as (fields: object, done: (pdu: ForeignPdu) => void) => void)(fields, resolve),
  )

test('a system made with the npm package smpp submits, is told, hears a phone, asks, cancels and leaves', async () => {
  const made = await story.api('POST', '/v1/smpp-logins', { system_id: 'foreign', receives: ['+4930777*'] })
  const session = foreign.connect({ url: `smpp://127.0.0.1:${port}` })
  await once(session as never, 'connect')
  const got: ForeignPdu[] = []
  session.on('deliver_sm', (pdu) => {
    got.push(pdu)
    session.send(pdu.response())
  })
  const bound = await ask(session, 'bind_transceiver', { system_id: 'foreign', password: made.body.password })
  assert.equal(bound.command_status, 0)
  const sent = await ask(session, 'submit_sm', {
    source_addr: 'Shop',
    source_addr_ton: 5,
    destination_addr: '+4915111199001',
    registered_delivery: 1,
    short_message: 'Grüße, Zoë 🚚',
  })
  assert.equal(sent.command_status, 0)
  await eventually(async () => got.length === 1)
  const {
    receipted_message_id: id,
    message_state: state,
    short_message: text,
  } = got[0]! as Record<string, unknown>
  assert.equal(String(id), sent.message_id)
  assert.equal(state, 2)
  assert.match((text as { message: string }).message, /stat:DELIVRD err:000/)
  const [onPhone] = await story.phone('GET', `/handsets/${encodeURIComponent('+4915111199001')}/messages`)
  assert.equal(onPhone.text, 'Grüße, Zoë 🚚')

  const long = 'Ein langer Satz von einem Telefon. '.repeat(8)
  await story.phone('POST', `/handsets/${encodeURIComponent('+4915111199002')}/messages`, {
    to: '+49307771',
    text: long,
  })
  await eventually(async () => got.length === 3)
  const parts = got.slice(1).map((pdu) => pdu.short_message as { message: string; udh: Buffer[] })
  assert.equal(parts.map((part) => part.message).join(''), long)

  const asked = await ask(session, 'query_sm', { message_id: sent.message_id })
  assert.equal(asked.message_state, 2)
  const later = await ask(session, 'submit_sm', {
    destination_addr: '+4915111199003',
    schedule_delivery_time: '000001000000000R',
    short_message: 'tomorrow',
  })
  assert.equal((await ask(session, 'cancel_sm', { message_id: later.message_id })).command_status, 0)
  const { body } = await story.api('GET', `/v1/messages/${later.message_id}`)
  assert.equal(body.state, 'cancelled')
  const gone = once(session as never, 'close')
  assert.equal((await ask(session, 'unbind', {})).command_status, 0)
  session.close()
  await gone
})

test('parts with headers of their own reach the phone as one text, also with a character cut in two', async () => {
  const made = await story.api('POST', '/v1/smpp-logins', { system_id: 'parts' })
  const parts = await system({ systemId: 'parts', password: made.body.password })
  const octets = Buffer.from(`${'Привет '.repeat(8)}😀 und weiter`, 'utf16le').swap16()
  // Between the two halves of the face.
  const cut = 2 * ('Привет '.repeat(8).length + 1)
  const to = '4915111199010'
  const answers = await Promise.all(
    [octets.subarray(0, cut), octets.subarray(cut)].map((body, at) =>
      parts.client.submit({
        ...{
          source_addr_ton: 5,
          source_addr: 'Parts',
          dest_addr_ton: 1,
          dest_addr_npi: 1,
          destination_addr: to,
        },
        ...{ esm_class: 0x40, data_coding: 8, registered_delivery: 1 },
        short_message: Buffer.concat([Buffer.from([5, 0, 3, 200, 2, at + 1]), body]),
      }),
    ),
  )
  assert.deepEqual(
    answers.map(({ status }) => status),
    [0, 0],
  )
  await eventually(async () => parts.receipts().length === 2)
  assert.deepEqual(
    new Set(parts.receipts().map(({ id }) => id)),
    new Set(answers.map(({ message_id }) => message_id)),
  )
  const [onPhone] = await story.phone('GET', `/handsets/${encodeURIComponent(`+${to}`)}/messages`)
  assert.equal(onPhone.text, octets.swap16().toString('utf16le'))
  const { status, body } = await story.api('GET', `/v1/messages/${answers[0]!.message_id}`)
  assert.equal(status, 200)
  assert.equal(body.segments, 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseReceipt, tlv } from '@kurzpost/smpp'
import { createManualTime } from '@kurzpost/smpp/testing'
import { simulate, submission } from '../testing.ts'

const SOURCE = { source_addr: 'Shop' }

test('query_sm tells what became of a message: under way, then its final state', async (t) => {
  const time = createManualTime()
  const { bind } = await simulate(t, {
    receiptDelayMs: 1000,
    receiptState: 'undelivered',
    idInAnswer: 'hex-upper',
    time,
  })
  const { client } = await bind()
  const { message_id } = await client.submit(submission('x'))
  const before = await client.request({ command: 'query_sm', message_id, ...SOURCE })
  assert.ok(before.command === 'query_sm_resp')
  assert.deepEqual(
    [before.status, before.message_id, before.message_state, before.final_date],
    [0, message_id, 1, ''],
  )
  time.advance(1000)
  const after = await client.request({ command: 'query_sm', message_id, ...SOURCE })
  assert.ok(after.command === 'query_sm_resp')
  assert.deepEqual([after.message_state, after.error_code], [5, 1])
  assert.match(after.final_date, /^\d{13}00\+$/)
})

test('cancel_sm takes back what is under way, and the receipt says so; later it is too late', async (t) => {
  const time = createManualTime()
  const { bind } = await simulate(t, { receiptDelayMs: 1000, time })
  const { client, delivered } = await bind()
  const { message_id } = await client.submit(submission('x'))
  const cancel = () => client.request({ command: 'cancel_sm', message_id, ...SOURCE })
  assert.equal((await cancel()).status, 0)
  time.advance(1000)
  assert.equal(parseReceipt(await delivered.next())?.state, 'deleted')
  assert.equal((await cancel()).status, 0x11)
})

test('replace_sm brings another text to the handset, as long as the message is under way', async (t) => {
  const time = createManualTime()
  const { bind, messages } = await simulate(t, { receiptDelayMs: 1000, time })
  const { client } = await bind()
  const { message_id } = await client.submit(submission('old'))
  const replace = () =>
    client.request({ command: 'replace_sm', message_id, ...SOURCE, short_message: Buffer.from('new') })
  assert.equal((await replace()).status, 0)
  assert.deepEqual(
    (await messages('+4915112345678')).map(({ text }) => text),
    ['old', 'new'],
  )
  time.advance(1000)
  assert.equal((await replace()).status, 0x13)
})

test('group 30: operations must name id and source, or the id alone', async (t) => {
  const { bind, set } = await simulate(t, { receiptDelayMs: 1000 })
  const { client } = await bind()
  const { message_id } = await client.submit(submission('x'))
  const query = async (more: object) =>
    (await client.request({ command: 'query_sm', message_id, ...more })).status
  assert.deepEqual(
    [await query(SOURCE), await query({}), await query({ ...SOURCE, message_id: '1' })],
    [0, 0x67, 0x67],
  )
  assert.equal(
    await query({ ...SOURCE, message_id: `0${message_id}` }),
    0x67,
    'spelled otherwise it is another id',
  )
  await set({ operationsMatch: 'id' })
  assert.equal(await query({}), 0)
})

test('group 30: what is unsupported is refused with the status of the setting', async (t) => {
  const { bind } = await simulate(t, {
    unsupported: 'query_sm cancel_sm data_sm',
    unsupportedStatus: 'RSYSERR',
  })
  const { client } = await bind()
  const statuses = [
    (await client.request({ command: 'query_sm', message_id: '1' })).status,
    (await client.request({ command: 'cancel_sm', message_id: '1' })).status,
    (await client.request({ command: 'data_sm', destination_addr: '1' })).status,
    (await client.request({ command: 'replace_sm', message_id: '1' })).status,
  ]
  assert.deepEqual(statuses, [8, 8, 8, 0x0c])
})

test('group 15: broadcast_sm is accepted with an id of its own, and reaches no handset', async (t) => {
  const { bind, get } = await simulate(t)
  const { client } = await bind({ interfaceVersion: 0x50 })
  const ids = new Set<string>()
  for (let i = 0; i < 2; i += 1) {
    const answer = await client.request({
      command: 'broadcast_sm',
      ...SOURCE,
      tlvs: [tlv('message_payload', Buffer.from('to a cell'))],
    })
    assert.ok(answer.command === 'broadcast_sm_resp')
    assert.equal(answer.status, 0)
    ids.add(answer.message_id)
  }
  assert.equal(ids.size, 2)
  assert.deepEqual(await get('/handsets'), [])
})

test('group 15: submit_multi gives one id, a line for each that failed, and a receipt for each that did not', async (t) => {
  const { bind, messages } = await simulate(t, { refusals: 'RINVDSTADR for 43', receiptDelayMs: 0 })
  const { client, delivered } = await bind()
  const to = (destination_addr: string) => ({ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr })
  const answer = await client.request({
    command: 'submit_multi',
    ...SOURCE,
    registered_delivery: 1,
    dest_addresses: [to('4915111111111'), to('436601234567'), { dl_name: 'friends' }, to('4915122222222')],
    short_message: Buffer.from('all'),
  })
  assert.ok(answer.command === 'submit_multi_resp')
  assert.deepEqual(
    answer.unsuccess_smes.map(({ destination_addr, error_status_code }) => [
      destination_addr,
      error_status_code,
    ]),
    [
      ['436601234567', 0x0b],
      ['friends', 0x34],
    ],
  )
  const receipts = [await delivered.next(), await delivered.next()]
  assert.deepEqual(
    receipts.map((pdu) => [pdu.source_addr, parseReceipt(pdu)?.id]),
    [
      ['4915111111111', answer.message_id],
      ['4915122222222', answer.message_id],
    ],
  )
  assert.equal((await messages('+4915122222222'))[0]?.text, 'all')
})

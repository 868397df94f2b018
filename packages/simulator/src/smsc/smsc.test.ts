import assert from 'node:assert/strict'
import { test } from 'node:test'
import { segmentText } from '@kurzpost/gsm'
import { messageIdKeys, parseReceipt, SmppError, Status, tlv } from '@kurzpost/smpp'
import { simulate, submission } from '../testing.ts'

const PHONE = '+4915112345678'
const bindTypes = ['transceiver', 'transmitter', 'receiver'] as const

for (const bindType of bindTypes) {
  test(`a ${bindType} binds with any name and password`, async (t) => {
    const { bind, health } = await simulate(t)
    await bind({ bindType, systemId: 'anyone', password: 'anything' })
    assert.deepEqual((await health()).binds, [{ system_id: 'anyone', bind_type: bindType }])
  })
}

const refusals = [
  ['another name than the one set', { systemId: 'mine' }, Status.invalidSystemId],
  ['another password than the one set', { password: 'other' }, Status.invalidPassword],
  ['any bind, when told to', { bindStatus: Status.bindFailed }, Status.bindFailed],
] as const
for (const [what, settings, status] of refusals) {
  test(`refuses ${what}`, async (t) => {
    const { bind } = await simulate(t, settings)
    const { reach } = await bind({ reconnect: false })
    assert.equal((await reach('closed')).status, status)
  })
}

test('a text reaches the handset, the log and the receipt with one id', async (t) => {
  const { bind, messages, submits } = await simulate(t)
  const { client, delivered } = await bind()
  const { status, message_id } = await client.submit(submission('Hello'))
  assert.equal(status, 0)
  const [message] = await messages(PHONE)
  assert.equal(message?.text, 'Hello')
  assert.deepEqual(
    [message?.direction, message?.from, message?.to, message?.encoding, message?.segments],
    ['in', 'Shop', PHONE, 'gsm7', 1],
  )
  const log = await submits()
  assert.deepEqual(log, {
    next: 1,
    submits: [
      {
        n: 0,
        message_id,
        message_ids: [message_id],
        to: PHONE,
        from: 'Shop',
        text: 'Hello',
        segments: 1,
        at: Date.parse(message!.at),
      },
    ],
  })
  const receipt = await delivered.next()
  assert.equal(receipt.esm_class, 0x04)
  assert.deepEqual(
    [receipt.source_addr, receipt.source_addr_ton, receipt.destination_addr, receipt.dest_addr_ton],
    ['4915112345678', 1, 'Shop', 5],
  )
  assert.equal(parseReceipt(receipt)?.id, message_id)
  assert.equal(parseReceipt(receipt)?.state, 'delivered')
})

test('a submit_sm without a destination is refused and delivers nothing', async (t) => {
  const { bind, health, submits } = await simulate(t)
  const { client } = await bind()
  assert.equal((await client.submit(submission('x', { destination_addr: '' }))).status, 0x0b)
  assert.deepEqual((await submits()).submits, [])
  assert.equal((await health()).stats.rejected, 1)
})

for (const [encoding, text] of [
  ['gsm7', 'Zeile [eins] kostet 5 €. '.repeat(20)],
  ['ucs2', 'Привет 😀 '.repeat(30)],
] as const) {
  test(`a long text in ${encoding} is one message on the handset, whatever the order of its parts`, async (t) => {
    const { bind, messages, submits, health } = await simulate(t)
    const { client } = await bind()
    const { segments } = segmentText(text, { reference: 99 })
    const answers = await Promise.all(
      segments.toReversed().map(({ header, body }) =>
        client.submit(
          submission('', {
            esm_class: 0x40,
            data_coding: encoding === 'gsm7' ? 0 : 8,
            short_message: Buffer.concat([header, body]),
          }),
        ),
      ),
    )
    const received = await messages(PHONE)
    assert.deepEqual(
      received.map((message) => [message.text, message.encoding, message.segments]),
      [[text, encoding, segments.length]],
    )
    assert.deepEqual(
      (await submits()).submits[0]!.message_ids,
      answers.map(({ message_id }) => message_id).toReversed(),
    )
    const { stats } = await health()
    assert.deepEqual([stats.submit_sm, stats.messages, stats.incomplete], [segments.length, 1, 0])
  })
}

test('parts by SAR TLVs and a message_payload are understood too', async (t) => {
  const { bind, messages } = await simulate(t)
  const { client } = await bind()
  const part = (number: number, text: string) =>
    submission(text, {
      tlvs: [tlv('sar_msg_ref_num', 700), tlv('sar_total_segments', 2), tlv('sar_segment_seqnum', number)],
    })
  await client.submit(part(2, 'world'))
  await client.submit(part(1, 'Hello '))
  await client.submit(submission('', { tlvs: [tlv('message_payload', Buffer.from('x'.repeat(500)))] }))
  await client.request({
    command: 'data_sm',
    destination_addr: '4915112345678',
    tlvs: [tlv('message_payload', Buffer.from('data'))],
  })
  assert.deepEqual(
    (await messages(PHONE)).map(({ text }) => text),
    ['Hello world', 'x'.repeat(500), 'data'],
  )
})

test('who does not ask for a receipt gets none', async (t) => {
  const { bind, health } = await simulate(t)
  const { client, delivered } = await bind()
  await client.submit(submission('silent', { registered_delivery: 0 }))
  await client.submit(submission('on failure only', { registered_delivery: 2 }))
  const { message_id } = await client.submit(submission('loud'))
  // The receipts are due in the order of their submissions: the first to come is the only one.
  assert.equal(parseReceipt(await delivered.next())?.id, message_id)
  assert.equal((await health()).stats.scheduled, 0)
})

test('receiptNever sends none to those who ask', async (t) => {
  const { bind, set, health } = await simulate(t, { receiptNever: true })
  const { client, delivered } = await bind()
  await client.submit(submission('a'))
  assert.equal((await health()).stats.scheduled, 0)
  await set({ receiptNever: false })
  const { message_id } = await client.submit(submission('b'))
  assert.equal(parseReceipt(await delivered.next())?.id, message_id)
})

test('receipts say what the setting says, with the state in the TLV', async (t) => {
  const { bind, set } = await simulate(t)
  const { client, delivered } = await bind()
  for (const receiptState of ['undelivered', 'expired', 'rejected'] as const) {
    await set({ receiptState })
    await client.submit(submission('x'))
    assert.equal(parseReceipt(await delivered.next())?.state, receiptState)
  }
})

test('a peer below version 3.4 gets no TLVs', async (t) => {
  const { bind } = await simulate(t)
  const { client, delivered } = await bind({ interfaceVersion: 0x33 })
  await client.submit(submission('x'))
  const receipt = await delivered.next()
  assert.deepEqual(receipt.tlvs, [])
  assert.match(Buffer.from(receipt.short_message).toString(), /^id:\d+ .* stat:DELIVRD /)
})

test('duplicateReceipts sends each twice', async (t) => {
  const { bind } = await simulate(t, { duplicateReceipts: true })
  const { client, delivered } = await bind()
  const { message_id } = await client.submit(submission('x'))
  const ids = [await delivered.next(), await delivered.next()].map((pdu) => parseReceipt(pdu)?.id)
  assert.deepEqual(ids, [message_id, message_id])
})

test('receiptsFirst: the receipt is there before the answer', async (t) => {
  const { bind } = await simulate(t, { receiptsFirst: true, receiptDelayMs: 3_600_000 })
  const { client, delivered } = await bind()
  for (let i = 0; i < 20; i += 1) {
    const { message_id } = await client.submit(submission('x'))
    assert.equal(delivered.waiting, 1)
    assert.equal(parseReceipt(await delivered.next())?.id, message_id)
  }
})

test('ids in the answer and the receipt can differ in their base and still match', async (t) => {
  const { bind } = await simulate(t, { idInAnswer: 'hex', idInReceipt: 'decimal' })
  const { client, delivered } = await bind()
  const { message_id } = await client.submit(submission('x'))
  const id = parseReceipt(await delivered.next())!.id
  assert.notEqual(id, message_id)
  assert.equal(BigInt(`0x${message_id}`), BigInt(id))
  assert.ok(messageIdKeys(message_id).some((key) => messageIdKeys(id).includes(key)))
})

test('refusals refuse each n-th, and what is refused does not arrive', async (t) => {
  const { bind, submits } = await simulate(t, { refusals: 'RMSGQFUL every 3' })
  const { client } = await bind()
  const statuses: number[] = []
  for (let i = 1; i <= 7; i += 1) statuses.push((await client.submit(submission(String(i)))).status)
  assert.deepEqual(statuses, [0, 0, 0x14, 0, 0, 0x14, 0])
  assert.deepEqual(
    (await submits()).submits.map(({ text }) => text),
    ['1', '2', '4', '5', '7'],
  )
})

test('limitPerSecond answers ESME_RTHROTTLED above the limit', async (t) => {
  const { bind, health } = await simulate(t, { limitPerSecond: 1 })
  const { client } = await bind()
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.submit(submission('x'))))
  const throttled = answers.filter(({ status }) => status === Status.throttled).length
  // At one a second, 50 at once leave room for one, and for a few more only on a machine that takes seconds.
  assert.ok(throttled >= 40, `${throttled} throttled`)
  const { stats } = await health()
  assert.deepEqual([stats.throttled, stats.accepted], [throttled, 50 - throttled])
})

test('a command that it does not know is refused, and the link stays up', async (t) => {
  const { bind } = await simulate(t, { unsupported: 'query_sm' })
  const { client } = await bind()
  assert.equal(
    (await client.request({ command: 'query_sm', message_id: '1' })).status,
    Status.invalidCommandId,
  )
  assert.equal((await client.submit(submission('x'))).status, 0)
})

test('answerNever takes the message and leaves the sender in the dark; the receipt tells', async (t) => {
  const { bind, submits } = await simulate(t, { answerNever: true })
  const { client, delivered } = await bind()
  const lost = client.submit(submission('x'))
  const receipt = parseReceipt(await delivered.next())
  const log = await submits()
  assert.equal(log.submits[0]?.text, 'x')
  assert.equal(log.submits[0]?.message_id, receipt?.id)
  client.destroy()
  await assert.rejects(lost, (error: SmppError) => error.code === 'closed' && error.sent === 'maybe')
})

test('a delayed answer comes after the receipt that was due before it', async (t) => {
  const { bind } = await simulate(t, { answerDelayMs: 20, receiptDelayMs: 1 })
  const order: string[] = []
  const { client } = await bind({
    answer(pdu) {
      order.push(`receipt ${parseReceipt(pdu)?.id}`)
      return {}
    },
  })
  const { message_id } = await client.submit(submission('x'))
  order.push('answer')
  assert.deepEqual(order, [`receipt ${message_id}`, 'answer'])
})

test('dropLinkAfter cuts the link at that submit_sm, which arrives all the same, and then no more', async (t) => {
  const { bind, submits, get, set } = await simulate(t, { receiptNever: true })
  const { client, reach } = await bind()
  await set({ dropLinkAfter: 3 })
  assert.equal((await client.submit(submission('1'))).status, 0)
  assert.equal((await client.submit(submission('2'))).status, 0)
  await assert.rejects(client.submit(submission('3')), (error: SmppError) => error.sent === 'maybe')
  await reach('bound')
  assert.equal((await client.submit(submission('4'))).status, 0)
  assert.deepEqual(
    (await submits()).submits.map(({ text }) => text),
    ['1', '2', '3', '4'],
  )
  assert.equal((await get<{ dropLinkAfter: number }>('/settings')).dropLinkAfter, 0)
})

test('it ends although a submit_sm was never answered', async (t) => {
  const { bind, simulator, submits } = await simulate(t, { answerNever: true, receiptNever: true })
  const { client, reach } = await bind({ reconnect: false })
  await reach('bound')
  const lost = client.submit(submission('x'))
  const rejected = assert.rejects(lost, SmppError)
  while ((await submits()).submits.length === 0);
  await simulator.close()
  await rejected
})

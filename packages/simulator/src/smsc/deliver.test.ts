import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeGsm7, parseUserData } from '@kurzpost/gsm'
import { type PduOf, parseReceipt, Status } from '@kurzpost/smpp'
import { simulate, submission } from '../testing.ts'

const PHONE = '+4915112345678'
const textOf = (pdu: PduOf<'deliver_sm'>): string => decodeGsm7(pdu.short_message)

test('a text from a handset comes to the bind as from a phone', async (t) => {
  const { bind, write } = await simulate(t)
  const { delivered } = await bind()
  const { status, body } = await write(PHONE, '12345', 'STOP')
  assert.equal(status, 202)
  assert.deepEqual([body.direction, body.from, body.to, body.text], ['out', PHONE, '12345', 'STOP'])
  const pdu = await delivered.next()
  assert.equal(textOf(pdu), 'STOP')
  assert.deepEqual(
    [pdu.source_addr, pdu.source_addr_ton, pdu.source_addr_npi, pdu.destination_addr, pdu.esm_class],
    ['4915112345678', 1, 1, '12345', 0],
  )
  assert.equal(parseReceipt(pdu), undefined)
})

test('a long text comes in parts with a header, the next one with another reference', async (t) => {
  const { bind, write } = await simulate(t)
  const { delivered } = await bind()
  const text = 'Das ist zu lang für eine. '.repeat(12)
  const references: number[] = []
  for (let round = 0; round < 2; round += 1) {
    const { body } = await write(PHONE, '12345', text)
    const parts: string[] = []
    for (let i = 1; i <= body.segments; i += 1) {
      const pdu = await delivered.next()
      assert.equal(pdu.esm_class, 0x40)
      const { header, body: septets } = parseUserData(pdu.short_message, { udhi: true })
      assert.deepEqual([header?.concat?.part, header?.concat?.total], [i, body.segments])
      if (i === 1) references.push(header!.concat!.reference)
      parts.push(decodeGsm7(septets))
    }
    assert.equal(parts.join(''), text)
  }
  assert.equal(references[1], (references[0]! + 1) & 0xff)
})

test('partOrder sends the parts out of order', async (t) => {
  const { bind, write } = await simulate(t, { partOrder: 'reverse' })
  const { delivered } = await bind()
  await write(PHONE, '12345', 'x'.repeat(400))
  const order: (number | undefined)[] = []
  for (let i = 0; i < 3; i += 1) {
    const { header } = parseUserData((await delivered.next()).short_message, { udhi: true })
    order.push(header?.concat?.part)
  }
  assert.deepEqual(order, [3, 2, 1])
})

test('what was sent from a handset waits until somebody binds who may receive', async (t) => {
  const { bind, write, health } = await simulate(t)
  await write(PHONE, '12345', 'early')
  await bind({ bindType: 'transmitter' })
  assert.equal((await health()).stats.deliver_waiting, 1)
  const { delivered } = await bind({ bindType: 'receiver' })
  assert.equal(textOf(await delivered.next()), 'early')
})

test('receipts for a transmitter come to the receiver of the same system, and to no other', async (t) => {
  const { bind, health } = await simulate(t)
  const transmitter = await bind({ bindType: 'transmitter', systemId: 'mine' })
  const other = await bind({ bindType: 'receiver', systemId: 'other' })
  const { message_id } = await transmitter.client.submit(submission('x'))
  const mine = await bind({ bindType: 'receiver', systemId: 'mine' })
  assert.equal(parseReceipt(await mine.delivered.next())?.id, message_id)
  assert.equal(other.delivered.waiting, 0)
  assert.equal((await health()).stats.submit_sm, 1)
})

test('what is not answered OK comes again, until it is', async (t) => {
  const statuses: number[] = [Status.receiverTemporary, Status.queueFull, 0]
  const { bind, write, health } = await simulate(t, { redeliverMs: 1 })
  const { delivered } = await bind({ answer: () => ({ status: statuses.shift() ?? 0 }) })
  await write(PHONE, '12345', 'again')
  for (let i = 0; i < 3; i += 1) assert.equal(textOf(await delivered.next()), 'again')
  // The next one comes after the last answer to the first: the same link, in order.
  await write(PHONE, '12345', 'next')
  assert.equal(textOf(await delivered.next()), 'next')
  assert.equal((await health()).stats.redelivered, 2)
})

test('what was unanswered when the link was cut comes again on the next', async (t) => {
  const { bind, write, call } = await simulate(t)
  let answers = false
  const { delivered, reach } = await bind({ answer: () => (answers ? {} : new Promise(() => {})) })
  await write(PHONE, '12345', 'held')
  assert.equal(textOf(await delivered.next()), 'held')
  answers = true
  assert.deepEqual((await call('POST', '/binds/drop')).body, { dropped: 1 })
  await reach('bound')
  assert.equal(textOf(await delivered.next()), 'held')
})

test('what gets no answer in time comes again on the same link', async (t) => {
  const { bind, write } = await simulate(t, { responseTimeoutMs: 20 })
  let asked = 0
  const { delivered } = await bind({
    answer: () => {
      asked += 1
      return asked === 1 ? new Promise(() => {}) : {}
    },
  })
  await write(PHONE, '12345', 'twice')
  assert.equal(textOf(await delivered.next()), 'twice')
  assert.equal(textOf(await delivered.next()), 'twice')
})

test('no more than the window is on the way unanswered', async (t) => {
  const { bind, write, health } = await simulate(t, { window: 2 })
  const release: (() => void)[] = []
  const { delivered } = await bind({
    answer: () => new Promise((resolve) => release.push(() => resolve({}))),
  })
  for (const text of ['1', '2', '3']) await write(PHONE, '12345', text)
  await delivered.next()
  await delivered.next()
  assert.equal((await health()).stats.deliver_waiting, 3)
  assert.equal(delivered.waiting, 0)
  release[0]!()
  assert.equal(textOf(await delivered.next()), '3')
})

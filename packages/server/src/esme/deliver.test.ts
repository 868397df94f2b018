import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeUserData } from '@kurzpost/gsm'
import { type Pdu, readEsmClass, readTlv, Status } from '@kurzpost/smpp'
import { parseId } from '../ids.ts'
import { ask } from '../message/testing.ts'
import { testDatabase } from '../store/testing.ts'
import { eventually } from '../stories/house.ts'
import { expireDeliveries } from './delivery.store.ts'
import { openTestDoor, testNode } from './testing.ts'

const { db } = await testDatabase({ connections: 12 })
const house = await openTestDoor(db)

const waitingFor = async (loginId: string): Promise<number> =>
  (
    await ask<{ n: number }>(db, 'select count(*)::integer as n from smpp_deliveries where login_id = $1', [
      loginId,
    ])
  )[0]!.n
const givenUpOf = (loginId: string) =>
  ask<{ kind: string; reason: string }>(db, 'select kind, reason from smpp_given_up where login_id = $1', [
    loginId,
  ])

test('a receipt says in the standard format and in TLVs what became of the message, with the addresses as given', async () => {
  const shop = await house.bind(await house.login())
  const { message_id } = await shop.send('Your parcel is here, Zoë', {
    source_addr_ton: 3,
    source_addr: '22622',
    registered_delivery: 1,
    tlvs: [{ tag: 0x0204, value: Buffer.from([0x12, 0x67]) }],
    data_coding: 8,
    short_message: Buffer.from('Your parcel is here', 'utf16le').swap16(),
  })
  await house.end(message_id, 'undelivered', '27')
  const [pdu] = await shop.deliveries(1)
  assert.ok(pdu?.command === 'deliver_sm')
  assert.equal(readEsmClass(pdu.esm_class).type, 'receipt')
  assert.deepEqual(
    [pdu.source_addr_ton, pdu.source_addr, pdu.dest_addr_ton, pdu.destination_addr],
    [1, '4915123456789', 3, '22622'],
  )
  assert.match(
    Buffer.from(pdu.short_message).toString('latin1'),
    new RegExp(
      `^id:${message_id} sub:001 dlvrd:000 submit date:\\d{10} done date:\\d{10} stat:UNDELIV err:027 text:Your parcel is here$`,
    ),
  )
  assert.equal(readTlv(pdu, 'receipted_message_id'), message_id)
  assert.equal(readTlv(pdu, 'message_state'), 5)
  assert.equal(readTlv(pdu, 'user_message_reference'), 0x1267)
})

test('only what was asked for is told: nothing, failures, successes, and good news after bad', async () => {
  const login = await house.login()
  const shop = await house.bind(login)
  const send = async (registered_delivery: number, ...ends: ('delivered' | 'undelivered' | 'expired')[]) => {
    const { message_id } = await shop.send('x', { registered_delivery })
    for (const end of ends) await house.end(message_id, end)
    return message_id
  }
  await send(0, 'delivered')
  await send(2, 'delivered')
  const failed = await send(2, 'undelivered')
  await send(3, 'undelivered')
  const good = await send(3, 'delivered')
  const late = await send(1, 'expired', 'delivered')
  await shop.deliveries(4)
  assert.deepEqual(
    shop.receipts().map(({ id, state }) => [id, state]),
    [
      [failed, 'undelivered'],
      [good, 'delivered'],
      [late, 'expired'],
      [late, 'delivered'],
    ],
  )
  await eventually(async () => (await waitingFor(login.bare)) === 0)
})

test('receipts wait while nobody is bound, and come in their order to the next bind that receives', async () => {
  const login = await house.login()
  const sending = await house.bind(login, { bindType: 'transmitter' })
  const ids: string[] = []
  for (let n = 0; n < 50; n++) ids.push((await sending.send(`n ${n}`, { registered_delivery: 1 })).message_id)
  for (const id of ids) await house.end(id, 'delivered')
  await eventually(async () => (await waitingFor(login.bare)) === 50)
  assert.equal(sending.got().length, 0, 'a transmitter is told nothing')
  const receiving = await house.bind(login, { bindType: 'receiver', maxHandling: 1 })
  await receiving.deliveries(50)
  assert.deepEqual(
    receiving.receipts().map(({ id }) => id),
    ids,
  )
  await eventually(async () => (await waitingFor(login.bare)) === 0)
})

test('what is answered "later" comes again after a pause, what is answered "never" is given up with a sentence', async () => {
  const login = await house.login()
  let refusals = 0
  const shop = await house.bind(login, {
    onRequest: (pdu) =>
      pdu.command === 'deliver_sm' && Buffer.from(pdu.short_message).includes('text:never')
        ? { status: 0x65 }
        : { status: refusals++ < 2 ? Status.receiverTemporary : 0 },
  })
  const { message_id } = await shop.send('later', { registered_delivery: 1 })
  await house.end(message_id, 'delivered')
  await shop.deliveries(3)
  await eventually(async () => (await waitingFor(login.bare)) === 0)
  assert.deepEqual(await givenUpOf(login.bare), [])
  const never = await shop.send('never', { registered_delivery: 1 })
  await house.end(never.message_id, 'delivered')
  await eventually(async () => (await givenUpOf(login.bare)).length === 1)
  assert.deepEqual(await givenUpOf(login.bare), [
    { kind: 'receipt', reason: 'The system answered ESME_RX_P_APPN: it does not want it.' },
  ])
  assert.equal(shop.receipts().filter(({ id }) => id === never.message_id).length, 1)
  const view = await house.logins.get(house.accountId, login.bare)
  assert.equal(view.waiting.given_up, 1)
  assert.match(view.waiting.last_given_up!.sentence, /does not want/)
})

test('a link cut before the answer brings the receipt again over the next, and an OK never', async () => {
  const login = await house.login()
  const hanging = Promise.withResolvers<Pdu>()
  const first = await house.bind(login, {
    onRequest(pdu) {
      hanging.resolve(pdu as Pdu)
      return new Promise(() => {})
    },
  })
  const { message_id } = await first.send('once', { registered_delivery: 1 })
  await house.end(message_id, 'delivered')
  await hanging.promise
  first.client.destroy()
  const second = await house.bind(login)
  await second.deliveries(1)
  await eventually(async () => (await waitingFor(login.bare)) === 0)
  const third = await house.bind(login)
  const other = await third.send('another', { registered_delivery: 1 })
  await house.end(other.message_id, 'delivered')
  await eventually(async () => second.got().length + third.got().length === 2)
  assert.deepEqual(
    [...second.receipts(), ...third.receipts()].map(({ id }) => id),
    [message_id, other.message_id],
  )
})

test('inbound messages go to the logins that receive the number, and to no others', async () => {
  const all = await house.bind(await house.login({ receives: ['+4930*'] }))
  const one = await house.bind(await house.login({ receives: ['22622'] }))
  await house.arrive('+4915100000001', '+493012345', 'to a number')
  await house.arrive('+4915100000002', '22622', 'to a short code')
  await house.arrive('+4915100000003', '+4940999', 'to nobody')
  const [first] = await all.deliveries(1)
  const [second] = await one.deliveries(1)
  assert.ok(first?.command === 'deliver_sm' && second?.command === 'deliver_sm')
  assert.deepEqual(
    [first.source_addr_ton, first.source_addr, first.dest_addr_ton, first.destination_addr],
    [1, '4915100000001', 1, '493012345'],
  )
  assert.equal(Buffer.from(first.short_message).toString(), 'to a number')
  assert.equal(readEsmClass(first.esm_class).type, 'default')
  assert.deepEqual([second.dest_addr_ton, second.destination_addr], [3, '22622'])
  assert.equal(all.got().length + one.got().length, 2)
})

test('long inbound messages are cut as the login wants them, and are whole again at the other end', async () => {
  const text = `Grüße € ${'lang '.repeat(80)}😀`
  const joined = {
    udh: (pdus: Pdu[]) =>
      pdus
        .map((pdu) => {
          assert.ok(pdu.command === 'deliver_sm')
          const part = decodeUserData(pdu.short_message, { dataCoding: pdu.data_coding, udhi: true })
          return [part.header!.concat!.part, part.text!] as const
        })
        .sort((a, b) => a[0] - b[0])
        .map(([, part]) => part)
        .join(''),
    sar: (pdus: Pdu[]) =>
      pdus
        .map((pdu) => {
          assert.ok(pdu.command === 'deliver_sm')
          const part = decodeUserData(pdu.short_message, { dataCoding: pdu.data_coding, udhi: false })
          return [readTlv(pdu, 'sar_segment_seqnum')!, part.text!] as const
        })
        .sort((a, b) => a[0] - b[0])
        .map(([, part]) => part)
        .join(''),
    payload: (pdus: Pdu[]) =>
      decodeUserData(readTlv(pdus[0]!, 'message_payload')!, { dataCoding: 8, udhi: false }).text!,
  }
  for (const [long_inbound, parts] of [
    ['udh', 7],
    ['sar', 7],
    ['payload', 1],
  ] as const) {
    const login = await house.login({ receives: [`+4911${parts}${long_inbound.length}`], long_inbound })
    const shop = await house.bind(login)
    await house.arrive('+4915100000001', `+4911${parts}${long_inbound.length}`, text)
    await shop.deliveries(parts)
    assert.equal(joined[long_inbound](shop.got()), text, long_inbound)
    await eventually(async () => (await waitingFor(login.bare)) === 0)
  }
})

test('a message that goes in at one node has its receipt at the other, where its system is bound', async () => {
  const there = await openTestDoor(db, { accountId: house.accountId })
  const login = await house.login()
  const sending = await house.bind(login, { bindType: 'transmitter' })
  const receiving = await there.bind(login, { bindType: 'receiver' })
  const { message_id } = await sending.send('over there', { registered_delivery: 1 })
  await house.end(message_id, 'delivered')
  await receiving.deliveries(1)
  assert.equal(receiving.receipts()[0]!.id, message_id)
  await eventually(async () => (await waitingFor(login.bare)) === 0)
})

test('what a dead node had on its links is delivered by another', async () => {
  let die = async (): Promise<void> => {}
  const number = await testNode(db, (end) => (die = end))
  const login = await house.login()
  const shop = await house.bind(login, { bindType: 'transmitter' })
  const { message_id } = await shop.send('left behind', { registered_delivery: 1 })
  await house.end(message_id, 'delivered')
  await eventually(async () => (await waitingFor(login.bare)) === 1)
  await ask(db, 'insert into smpp_holders values ($1)', [number])
  await ask(
    db,
    `update smpp_deliveries set node = $1, due_at = now() + interval '1 hour' where login_id = $2`,
    [number, login.bare],
  )
  const receiving = await house.bind(login, { bindType: 'receiver' })
  await die()
  await receiving.deliveries(1)
  assert.equal(receiving.receipts()[0]!.id, message_id)
})

test('what nobody takes in time is given up with a sentence', async () => {
  const login = await house.login()
  const shop = await house.bind(login, { bindType: 'transmitter' })
  const { message_id } = await shop.send('too long', { registered_delivery: 1 })
  await house.end(message_id, 'delivered')
  await eventually(async () => (await waitingFor(login.bare)) === 1)
  await ask(db, `update smpp_deliveries set expires_at = now() where message_id = $1`, [
    parseId('message', message_id),
  ])
  await eventually(async () => {
    await expireDeliveries(db, new Date(), 10, 'Too late.')
    return (await givenUpOf(login.bare)).length === 1
  })
  assert.deepEqual(await givenUpOf(login.bare), [{ kind: 'receipt', reason: 'Too late.' }])
  assert.equal(await waitingFor(login.bare), 0)
})

test('parts that never become a whole message are given up, and who asked for a receipt is told', async () => {
  const login = await house.login()
  const shop = await house.bind(login)
  const { message_id } = await shop.send('the first part', {
    registered_delivery: 1,
    tlvs: [
      { tag: 0x020c, value: Buffer.from([0, 5]) },
      { tag: 0x020e, value: Buffer.from([2]) },
      { tag: 0x020f, value: Buffer.from([1]) },
    ],
  })
  await ask(db, `update smpp_parts set received_at = now() - interval '2 hours'`)
  await openTestDoor(db, { accountId: house.accountId })
  await shop.deliveries(1)
  assert.deepEqual(
    shop.receipts().map(({ id, state }) => [id, state]),
    [[message_id, 'rejected']],
  )
})

test('an inbound text too long for the way in which a login wants it is given up with a sentence, and harms nothing else', async () => {
  const parts = await house.login({ receives: ['+4930100200'] })
  const whole = await house.login({ receives: ['+4930100200'], long_inbound: 'payload' })
  const [shop, other] = [await house.bind(parts), await house.bind(whole)]
  // A carrier may hand in 64 KiB in one PDU: 429 parts, where a header can number 255.
  const text = 'x'.repeat(65_000)
  await house.arrive('+4915123456789', '+4930100200', text)
  await house.arrive('+4915123456789', '+4930100200', 'Hello')
  const [long] = await other.deliveries(2)
  assert.ok(long)
  assert.equal(readTlv(long, 'message_payload')?.length, text.length)
  await shop.deliveries(1)
  await eventually(async () => (await waitingFor(parts.bare)) === 0)
  assert.deepEqual(await givenUpOf(parts.bare), [
    { kind: 'inbound', reason: 'It is longer than what can be handed over in this way.' },
  ])
})

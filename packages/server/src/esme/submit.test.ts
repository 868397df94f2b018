import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRelativeTime, MessageState, statusName, tlv } from '@kurzpost/smpp'
import { systemClock as clock } from '../clock.ts'
import { parseId } from '../ids.ts'
import { ask } from '../message/testing.ts'
import type { Db } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { allLogins } from './login.store.ts'
import { createManaging } from './manage.ts'
import { openTestDoor } from './testing.ts'

const { db } = await testDatabase({ connections: 8 })
const house = await openTestDoor(db, {
  gates: [
    {
      concerns: ({ text }) => text.includes('forbidden'),
      judge: async (asked) =>
        asked.map(() => ({ verdict: 'refuse' as const, code: 'test_no', message: 'No.' })),
    },
  ],
  mayUse: (_account, sender) => sender !== '47110',
})
const login = await house.login()
const shop = await house.bind(login)

interface Row {
  recipient: string
  sender: string | null
  body: string
  encoding: string
  segments: number
  lane: string
  state: string
  user_data: Buffer | null
  origin: Record<string, unknown>
  send_at: Date | null
  expires_at: Date
  created_at: Date
}
const rowOf = async (messageId: string): Promise<Row> =>
  (await ask<Row>(db, 'select * from messages where id = $1', [parseId('message', messageId)]))[0]!

/** What is stored of a submission that is taken. */
async function stored(fields: Parameters<typeof shop.client.submit>[0], text = 'Hello'): Promise<Row> {
  const { status, message_id } = await shop.send(text, fields)
  assert.equal(statusName(status), 'ESME_ROK')
  return rowOf(message_id)
}
const refusedAs = async (fields: Parameters<typeof shop.client.submit>[0], text = 'Hello') =>
  statusName((await shop.send(text, fields)).status)

test('a submit_sm is answered OK once the message, its place in the queue and its event are committed', async () => {
  const { status, message_id } = await shop.send('Hello')
  assert.equal(status, 0)
  const [row] = await ask(
    db,
    `select m.state, q.status from messages m join queue q on q.message_id = m.id where m.id = $1`,
    [parseId('message', message_id)],
  )
  assert.deepEqual(row, { state: 'queued', status: 'ready' })
})

test('addresses, text, lane and times are read from the PDU, and what a receipt needs is kept as it was given', async () => {
  const row = await stored({
    source_addr_ton: 3,
    source_addr: '22622',
    priority_flag: 2,
    registered_delivery: 1,
    service_type: 'OTP',
    schedule_delivery_time: formatRelativeTime(3_600),
    validity_period: formatRelativeTime(7_200),
    tlvs: [tlv('user_message_reference', 4711)],
  })
  assert.equal(row.recipient, '+4915123456789')
  assert.equal(row.sender, '22622')
  assert.equal(row.lane, 'code')
  assert.equal(row.state, 'scheduled')
  assert.ok(Math.abs(row.send_at!.getTime() - row.created_at.getTime() - 3_600_000) < 60_000)
  assert.ok(Math.abs(row.expires_at.getTime() - row.created_at.getTime() - 7_200_000) < 60_000)
  const { login: owner, ...origin } = row.origin
  assert.equal(owner, login.bare)
  assert.deepEqual(origin, {
    source: [3, 0, '22622'],
    dest: [1, 1, '4915123456789'],
    receipt: 'always',
    ref: 4711,
    service: 'OTP',
  })
})

test('data_coding says what the octets are', async () => {
  const cases: [number, Buffer, string, string][] = [
    [0, Buffer.from([0x00, 0x11, 0x02, 0x1b, 0x65]), '@_$€', 'gsm7'],
    [3, Buffer.from('Köln', 'latin1'), 'Köln', 'gsm7'],
    [8, Buffer.from('Привет', 'utf16le').swap16(), 'Привет', 'ucs2'],
    [1, Buffer.from('plain'), 'plain', 'gsm7'],
  ]
  for (const [data_coding, short_message, body, encoding] of cases) {
    const row = await stored({ data_coding, short_message })
    assert.deepEqual([row.body, row.encoding], [body, encoding])
  }
})

test('a login that takes data_coding 0 for Latin-1 is read so', async () => {
  const other = await house.bind(await house.login({ alphabet: 'latin1' }))
  const { message_id } = await other.send('', { short_message: Buffer.from('Grüße @ home', 'latin1') })
  assert.equal((await rowOf(message_id)).body, 'Grüße @ home')
})

test('a part with a user data header goes out octet by octet, also where a character is cut in two', async () => {
  const text = Buffer.from('ab😀', 'utf16le').swap16().subarray(0, 6)
  const header = Buffer.from([5, 0, 3, 9, 2, 1])
  const row = await stored({ esm_class: 0x40, data_coding: 8, short_message: Buffer.concat([header, text]) })
  assert.deepEqual(row.user_data, Buffer.concat([header, text]))
  assert.equal(row.segments, 1)
  assert.equal(row.body, 'ab\ufffd')
})

test('a long text in message_payload is one message of several segments', async () => {
  const text = 'x'.repeat(400)
  const row = await stored({
    short_message: Buffer.alloc(0),
    tlvs: [tlv('message_payload', Buffer.from(text))],
  })
  assert.deepEqual([row.body, row.segments], [text, 3])
})

test('parts that are numbered by TLVs become one message, whatever their order, and have one id', async () => {
  const part = (n: number, text: string) =>
    shop.send(text, {
      registered_delivery: 1,
      tlvs: [tlv('sar_msg_ref_num', 77), tlv('sar_total_segments', 3), tlv('sar_segment_seqnum', n)],
    })
  const first = await part(2, 'second, ')
  const others = [await part(1, 'first, '), await part(3, 'third')]
  assert.deepEqual(
    [first, ...others].map(({ status, message_id }) => [status, message_id]),
    [1, 2, 3].map(() => [0, first.message_id]),
  )
  assert.equal((await rowOf(first.message_id)).body, 'first, second, third')
  assert.deepEqual(await ask(db, 'select 1 from smpp_parts'), [])
})

test('parts of two messages that come at once over two binds are not mixed up', async () => {
  const second = await house.bind(login)
  const send = (from: typeof shop, ref: number, n: number) =>
    from.send(`${ref}-${n} `, {
      tlvs: [tlv('sar_msg_ref_num', ref), tlv('sar_total_segments', 2), tlv('sar_segment_seqnum', n)],
    })
  const answers = await Promise.all([
    send(shop, 1, 1),
    send(second, 2, 2),
    send(second, 1, 2),
    send(shop, 2, 1),
  ])
  const bodies = await Promise.all([...new Set(answers.map((answer) => answer.message_id))].map(rowOf))
  assert.deepEqual(bodies.map(({ body }) => body).sort(), ['1-1 1-2 ', '2-1 2-2 '])
})

test('what cannot be sent as it is meant is refused, each with its status', async () => {
  const cases: [string, Parameters<typeof shop.client.submit>[0], string?][] = [
    ['ESME_RINVDSTADR', { destination_addr: '12' }],
    ['ESME_RINVSRCADR', { source_addr: 'far too long a name' }],
    ['ESME_RINVSRCADR', { source_addr_ton: 3, source_addr: '47110' }],
    ['ESME_RINVMSGLEN', { short_message: Buffer.alloc(0) }],
    [
      'ESME_RINVMSGLEN',
      { short_message: Buffer.alloc(0), tlvs: [tlv('message_payload', Buffer.alloc(5_000, 65))] },
    ],
    ['ESME_RINVDCS', { data_coding: 4 }],
    ['ESME_RINVDCS', { data_coding: 0x10 }],
    ['ESME_RINVDCS', { data_coding: 8, short_message: Buffer.from([0xd8, 0x3d]) }],
    ['ESME_RINVESMCLASS', { esm_class: 0x40 }],
    ['ESME_RINVESMCLASS', { esm_class: 0x04 }],
    ['ESME_RINVSCHED', { schedule_delivery_time: 'tomorrow' }],
    ['ESME_RINVSCHED', { schedule_delivery_time: '020000000000000R' }],
    ['ESME_RINVEXPIRY', { validity_period: '200101000000000+' }],
    ['ESME_RINVPRTFLG', { priority_flag: 9 }],
    ['ESME_RTLVNOTALLWD', { tlvs: [tlv('destination_port', 2948)] }],
    ['ESME_RTLVNOTALLWD', { tlvs: [tlv('message_payload', Buffer.from('two texts'))] }],
    ['ESME_RINVTLVVAL', { tlvs: [tlv('sar_msg_ref_num', 1)] }],
    ['ESME_RSUBMITFAIL', { protocol_id: 0x40 }],
    ['ESME_RSUBMITFAIL', { short_message: Buffer.from('forbidden') }],
  ]
  for (const [expected, fields] of cases)
    assert.equal(await refusedAs(fields), expected, JSON.stringify(fields))
})

test('submit_multi makes a message for each destination and names those that it could not take', async () => {
  const to = (destination_addr: string) => ({ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr })
  const answer = await shop.client.request({
    command: 'submit_multi',
    source_addr_ton: 5,
    source_addr: 'Shop',
    dest_addresses: [to('4915123456701'), to('12'), { dl_name: 'friends' }, to('4915123456702')],
    short_message: Buffer.from('to many'),
  })
  assert.equal(answer.command, 'submit_multi_resp')
  assert.ok(answer.command === 'submit_multi_resp')
  assert.equal(answer.status, 0)
  assert.deepEqual(
    answer.unsuccess_smes.map((each) => [each.destination_addr, statusName(each.error_status_code)]),
    [
      ['friends', 'ESME_RINVDLNAME'],
      ['12', 'ESME_RINVDSTADR'],
    ],
  )
  const rows = await ask<{ recipient: string }>(
    db,
    `select recipient from messages where body = 'to many' order by 1`,
  )
  assert.deepEqual(
    rows.map((row) => row.recipient),
    ['+4915123456701', '+4915123456702'],
  )
  assert.equal((await rowOf(answer.message_id)).recipient, '+4915123456701')
})

test('data_sm is taken like submit_sm', async () => {
  const answer = await shop.client.request({
    command: 'data_sm',
    source_addr_ton: 5,
    source_addr: 'Shop',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: '4915123456789',
    registered_delivery: 1,
    tlvs: [tlv('message_payload', Buffer.from('as data'))],
  })
  assert.ok(answer.command === 'data_sm_resp')
  assert.equal((await rowOf(answer.message_id)).body, 'as data')
})

test('query_sm tells the state, of messages of this login alone', async () => {
  const { message_id } = await shop.send('Where is it?')
  const query = (from: typeof shop, id: string) =>
    from.client.request({ command: 'query_sm', message_id: id, source_addr: 'Shop', source_addr_ton: 5 })
  const waiting = await query(shop, message_id)
  assert.ok(waiting.command === 'query_sm_resp')
  assert.equal(waiting.message_state, MessageState.enroute)
  await house.end(message_id, 'delivered')
  const done = await query(shop, message_id)
  assert.ok(done.command === 'query_sm_resp')
  assert.equal(done.message_state, MessageState.delivered)
  assert.match(done.final_date, /^\d{12}\d00\+$/)
  const stranger = await house.bind(await house.login())
  assert.equal(statusName((await query(stranger, message_id)).status), 'ESME_RQUERYFAIL')
  assert.equal(statusName((await query(shop, 'nonsense')).status), 'ESME_RQUERYFAIL')
})

test('cancel_sm cancels what waits, of this login alone, and not what is done', async () => {
  const { message_id } = await shop.send('Never mind')
  const cancel = (from: typeof shop) =>
    from.client.request({ command: 'cancel_sm', message_id, source_addr: 'Shop', source_addr_ton: 5 })
  const stranger = await house.bind(await house.login())
  assert.equal(statusName((await cancel(stranger)).status), 'ESME_RINVMSGID')
  assert.equal((await cancel(shop)).status, 0)
  assert.equal((await rowOf(message_id)).state, 'cancelled')
  const done = await shop.send('Too late')
  await house.end(done.message_id, 'delivered')
  const late = await shop.client.request({ command: 'cancel_sm', message_id: done.message_id })
  assert.equal(statusName(late.status), 'ESME_RCANCELFAIL')
})

test('replace_sm puts another text in place of one that waits, through the same gates', async () => {
  const { message_id } = await shop.send('First thought')
  const replace = (text: string, id = message_id) =>
    shop.client.request({
      command: 'replace_sm',
      message_id: id,
      source_addr_ton: 5,
      source_addr: 'Shop',
      registered_delivery: 1,
      short_message: Buffer.from(text),
    })
  assert.equal((await replace('Second thought')).status, 0)
  const row = await rowOf(message_id)
  assert.deepEqual([row.body, row.state, row.origin.receipt], ['Second thought', 'queued', 'always'])
  const [place] = await ask(db, 'select status, attempt from queue where message_id = $1', [
    parseId('message', message_id),
  ])
  assert.deepEqual(place, { status: 'ready', attempt: 0 })
  assert.equal(statusName((await replace('a forbidden one')).status), 'ESME_RREPLACEFAIL')
  assert.equal((await rowOf(message_id)).body, 'Second thought', 'a refusal changes nothing')
  await ask(db, 'delete from queue where message_id = $1', [parseId('message', message_id)])
  assert.equal(statusName((await replace('on the wire')).status), 'ESME_RREPLACEFAIL')
  assert.equal(statusName((await replace('who?', 'nonsense')).status), 'ESME_RINVMSGID')
})

const place = (reference: number, total: number, part: number) => [
  tlv('sar_msg_ref_num', reference),
  tlv('sar_total_segments', total),
  tlv('sar_segment_seqnum', part),
]

test('query_sm knows a message whose parts are still awaited', async () => {
  const { message_id } = await shop.send('the first half ', { tlvs: place(900, 2, 1) })
  const query = async () => {
    const answer = await shop.client.request({ command: 'query_sm', message_id })
    assert.ok(answer.command === 'query_sm_resp')
    return [statusName(answer.status), answer.message_state]
  }
  assert.deepEqual(await query(), ['ESME_ROK', MessageState.enroute])
  await shop.send('and the second', { tlvs: place(900, 2, 2) })
  assert.deepEqual(await query(), ['ESME_ROK', MessageState.enroute])
  assert.equal((await rowOf(message_id)).body, 'the first half and the second')
})

test('when a whole message is refused of which parts were taken, its promised receipt says so', async () => {
  const wanted = { registered_delivery: 1 }
  const { message_id } = await shop.send('for', { tlvs: place(901, 2, 1), ...wanted })
  assert.equal(await refusedAs({ tlvs: place(901, 2, 2), ...wanted }, 'bidden'), 'ESME_RSUBMITFAIL')
  await shop.deliveries(1)
  assert.deepEqual(
    shop.receipts().map(({ id, state }) => [id, state]),
    [[message_id, 'rejected']],
  )
})

test('a part that could never be part of a text is refused itself', async () => {
  const nul = { data_coding: 8, short_message: Buffer.from([0, 65, 0, 0]) }
  assert.equal(await refusedAs({ tlvs: place(902, 2, 1), ...nul }), 'ESME_RINVDCS')
  const huge = [...place(903, 2, 1), tlv('message_payload', Buffer.alloc(60_000, 'x'))]
  assert.equal(await refusedAs({ tlvs: huge, short_message: new Uint8Array() }), 'ESME_RINVMSGLEN')
})

test('a login whose parts pile up may complete what it has begun, and begin no more', async () => {
  const crowd = await house.login()
  const esme = await house.bind(crowd)
  assert.equal((await esme.send('one ', { tlvs: place(1, 2, 1) })).status, 0)
  await ask(
    db,
    `insert into smpp_parts select login_id, source, destination, n, total, part, account_id, message_id, body, draft, received_at
     from smpp_parts, generate_series(2, 5000) n where login_id = $1`,
    [crowd.bare],
  )
  assert.equal(statusName((await esme.send('x', { tlvs: place(6_000, 2, 1) })).status), 'ESME_RMSGQFUL')
  assert.equal((await shop.send('x', { tlvs: place(6_000, 2, 1) })).status, 0, 'it is nobody else’s fault')
  const { status, message_id } = await esme.send('two', { tlvs: place(1, 2, 2) })
  assert.equal(status, 0)
  assert.equal((await rowOf(message_id)).body, 'one two')
})

test('questions that come at once share a statement: who asks for everything takes no connection from who submits', async () => {
  const sent = await Promise.all(Array.from({ length: 50 }, (_, n) => shop.send(`n ${n}`)))
  let statements = 0
  const counted: Db = {
    ...db,
    query(...given) {
      statements++
      return db.query(...given)
    },
  }
  const nothing = async () => {
    throw new Error('not asked for')
  }
  const managing = createManaging({ db: counted, clock, cancel: nothing, replace: nothing })
  const me = (await allLogins(db)).find(({ id }) => id === login.bare)!
  const answers = await Promise.all(
    sent.map(({ message_id }, n) =>
      managing.query(
        me,
        {
          ...{ command: 'query_sm', sequence: n, status: 0, tlvs: [], message_id },
          ...{ source_addr_ton: 0, source_addr_npi: 0, source_addr: '' },
        },
        0x34,
      ),
    ),
  )
  assert.ok(answers.every((answer) => 'message_state' in answer && answer.message_state === 1))
  assert.ok(statements <= 2, `${statements} statements`)
})

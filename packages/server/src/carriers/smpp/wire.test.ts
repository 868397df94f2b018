import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { encodeGsm7, packUserData } from '@kurzpost/gsm'
import {
  type BindRequest,
  createServer,
  type PduOf,
  type RequestPdu,
  type ResponseFields,
  readTlv,
  type ServerSession,
  Status,
  tlv,
} from '@kurzpost/smpp'
import { systemClock } from '../../clock.ts'
import { silentLog } from '../../log.ts'
import { outbound } from '../../message/outbound.ts'
import type { CarrierError, CarrierReceipt, IncomingPart } from '../carrier.ts'
import { createSmppSlot, smppConnection, smppSlots } from './kind.ts'
import type { GivenSmppSettings } from './settings.ts'

/** What an SMSC sees of a carrier's settings, and what a carrier makes of what the SMSC sends: octets. */

type Submit = PduOf<'submit_sm'>

async function smsc(
  t: TestContext,
  answer: (pdu: RequestPdu) => ResponseFields = () => ({ message_id: 'A1' }),
  onBind: (bind: BindRequest) => number = () => 0,
) {
  const seen: RequestPdu[] = []
  const binds: BindRequest[] = []
  const server = await createServer({
    port: 0,
    onBind(bind) {
      binds.push(bind)
      return onBind(bind)
    },
    onRequest(_session, pdu) {
      seen.push(pdu)
      return answer(pdu)
    },
  })
  t.after(() => server.close())
  const session = (): ServerSession => [...server.sessions][0]!
  return { port: server.port, seen, binds, session }
}

/** A carrier that is bound, and what came in on it. */
async function bound(t: TestContext, port: number, given: Partial<GivenSmppSettings> = {}, slot = 0) {
  const settings = { hosts: [{ host: '127.0.0.1', port }], system_id: 'post', ...given }
  const secrets = { password: 'secret' }
  const carrier = createSmppSlot({ settings, secrets, slot, clock: systemClock, log: silentLog })
  const receipts: CarrierReceipt[] = []
  const parts: IncomingPart[] = []
  const up = Promise.withResolvers<void>()
  const close = await carrier.open({
    changed: () => carrier.report!().state === 'bound' && up.resolve(),
    late() {},
    receipt: async (receipt) => void receipts.push(receipt),
    incoming: async (part) => void parts.push(part),
  })
  t.after(close)
  await up.promise
  return { carrier, receipts, parts }
}

/** A message as the core cuts it. */
const message = (
  body: string,
  { encoding = 'gsm7', long = 'segments', done = null }: Cut = {},
): ReturnType<typeof outbound> =>
  outbound(
    {
      id: '01990000-0000-7000-8000-000000000000',
      sender: 'Kurzpost',
      recipient: '+4915123456789',
      body,
      encoding,
      reference: 7,
      expires_at: new Date(Date.now() + 60_000),
      done,
      user_data: null,
    },
    new Date(),
    long,
  )
interface Cut {
  encoding?: 'gsm7' | 'ucs2'
  long?: 'segments' | 'whole' | undefined
  done?: number[] | null
}

/** What the SMSC gets of a message. */
async function sent(
  t: TestContext,
  body: string,
  given: Partial<GivenSmppSettings>,
  more: Cut = {},
): Promise<Submit[]> {
  const { port, seen } = await smsc(t)
  const { carrier } = await bound(t, port, given)
  await Promise.all(
    message(body, { ...more, long: carrier.long }).map(({ segment }) => carrier.submit(segment)),
  )
  return seen as Submit[]
}
const hex = (octets: Uint8Array | undefined) => Buffer.from(octets ?? []).toString('hex')

test('a bind says what the settings say, and a slot is what its place in the list says', async (t) => {
  const { port, binds } = await smsc(t)
  const given = {
    binds: [{ type: 'transmitter', count: 2 }, { type: 'receiver' }] as const,
    system_type: 'VMA',
    address_range: '^49',
    interface_version: '5.0' as const,
  }
  const settings = { ...given, binds: [...given.binds] }
  await bound(t, port, settings, 1)
  const { carrier } = await bound(t, port, settings, 2)
  assert.deepEqual(
    binds.map((bind) => [
      bind.bindType,
      bind.systemId,
      bind.password,
      bind.systemType,
      bind.addressRange,
      bind.interfaceVersion,
    ]),
    ['transmitter', 'receiver'].map((type) => [type, 'post', 'secret', 'VMA', '^49', 0x50]),
  )
  assert.deepEqual(
    smppSlots({ hosts: [{ host: 'x' }], system_id: 'x', ...settings }).map(({ type, submits }) => [
      type,
      submits,
    ]),
    [
      ['transmitter', true],
      ['transmitter', true],
      ['receiver', false],
    ],
  )
  assert.equal(carrier.freeWindow, 0, 'a receiver never submits')
  await assert.rejects(carrier.submit(message('x')[0]!.segment), { sent: 'no', retry: 'elsewhere' })
})

test('group 20: of several hosts the next is tried when one refuses the bind or cannot be reached', async (t) => {
  const refusing = await smsc(t, undefined, () => 0x0d)
  const good = await smsc(t)
  const gone = await createServer({ port: 0, onBind: () => 0 })
  const hosts = [gone.port, refusing.port, good.port].map((port) => ({ host: '127.0.0.1', port }))
  await gone.close()
  const { carrier } = await bound(t, 0, { hosts, bind_pause_seconds: 0.1 })
  assert.equal(refusing.binds.length, 1)
  assert.equal(carrier.report!().host, `127.0.0.1:${good.port}`)
})

test('what a bind is made with is its connection; the rate is not', () => {
  const settings = { hosts: [{ host: 'x' }], system_id: 'x' }
  const made = (more: Partial<GivenSmppSettings>, password = 'p') =>
    JSON.stringify(smppConnection({ ...settings, ...more }, { password }, 0))
  assert.equal(made({}), made({ segments_per_second: 5, window: 50 }))
  assert.equal(made({}), made({ binds: [{ count: 1 }, { type: 'receiver' }] }), 'nor are other slots')
  assert.notEqual(made({}), made({ window: 7 }))
  assert.notEqual(made({}), made({}, 'other'))
  assert.notEqual(made({}), made({ binds: [{ type: 'receiver' }] }))
})

const alphabets: readonly [what: GivenSmppSettings['data_coding_0'], text: string, octets: string][] = [
  [{ out: 'gsm7' }, '@_$£é', '0011020105'],
  [{ out: 'latin1' }, '@_$£é', '405f24a3e9'],
  [{ out: 'ascii' }, '@_$', '405f24'],
  [{ out: 'gsm7_packed' }, 'hellohello', 'e8329bfd4697d9ec37'],
]
for (const [data_coding_0, text, octets] of alphabets) {
  test(`group 42: ${text} goes out as ${octets} where data_coding 0 is ${data_coding_0?.out}`, async (t) => {
    const [pdu] = await sent(t, text, { data_coding_0: data_coding_0! })
    assert.equal(hex(pdu!.short_message), octets)
    assert.equal(pdu!.data_coding, 0)
  })
  test(`group 42: ${octets} comes in as ${text} where data_coding 0 is ${data_coding_0?.out}`, async (t) => {
    const { port, session } = await smsc(t)
    const { parts } = await bound(t, port, { data_coding_0: { in: data_coding_0!.out! } })
    await session().request({ command: 'deliver_sm', short_message: Buffer.from(octets, 'hex') })
    assert.equal(parts[0]!.text, text)
  })
}

test('group 42: what the carrier’s alphabet lacks is not sent as something else', async (t) => {
  const { port, seen } = await smsc(t)
  const { carrier } = await bound(t, port, { data_coding_0: { out: 'ascii' } })
  const error = await carrier.submit(message('3 £')[0]!.segment).catch((reason: CarrierError) => reason)
  assert.ok(error instanceof Error && 'retry' in error)
  assert.deepEqual([error.code, error.retry, error.sent], ['not_in_alphabet', 'elsewhere', 'no'])
  assert.equal(seen.length, 0)
})

test('group 42: the data_coding of each alphabet is what the settings say', async (t) => {
  const data_coding_sent = { gsm7: 0xf1, ucs2: 0x18 }
  const [gsm7, ucs2] = await Promise.all([
    sent(t, 'x', { data_coding_sent }),
    sent(t, 'ж', { data_coding_sent }, { encoding: 'ucs2' }),
  ])
  assert.deepEqual([gsm7[0]!.data_coding, ucs2[0]!.data_coding], [0xf1, 0x18])
  assert.equal(hex(ucs2[0]!.short_message), '0436')
})

const long = `${'a'.repeat(153)}${'b'.repeat(153)}c`

test('group 48: a long text goes out with headers, each part with its own', async (t) => {
  const pdus = await sent(t, long, {})
  assert.deepEqual(
    pdus.map((pdu) => [pdu.esm_class, hex(pdu.short_message.subarray(0, 7)), pdu.short_message.length]),
    [
      [0x40, '05000307030161', 159],
      [0x40, '05000307030262', 159],
      [0x40, '05000307030363', 7],
    ],
  )
})

test('group 48: a long text goes out with SAR TLVs and no header', async (t) => {
  const pdus = await sent(t, long, { long_messages: 'sar' })
  assert.deepEqual(
    pdus.map((pdu) => [
      pdu.esm_class,
      pdu.short_message.length,
      readTlv(pdu, 'sar_msg_ref_num'),
      readTlv(pdu, 'sar_total_segments'),
      readTlv(pdu, 'sar_segment_seqnum'),
    ]),
    [
      [0, 153, 7, 3, 1],
      [0, 153, 7, 3, 2],
      [0, 1, 7, 3, 3],
    ],
  )
})

test('group 48: a long text goes out in one piece as message_payload, and stands for all its segments', async (t) => {
  const pdus = await sent(t, long, { long_messages: 'payload' })
  assert.equal(pdus.length, 1)
  assert.equal(pdus[0]!.short_message.length, 0)
  assert.equal(Buffer.from(readTlv(pdus[0]!, 'message_payload')!).toString('latin1'), long)
  const short = await sent(t, 'short', { long_messages: 'payload' })
  assert.equal(hex(short[0]!.short_message), hex(Buffer.from('short')))
  const ucs2 = await sent(t, '😀'.repeat(100), { long_messages: 'payload' }, { encoding: 'ucs2' })
  assert.equal(readTlv(ucs2[0]!, 'message_payload')!.length, 400)
})

test('group 48: what is left of a long text that is partly out follows in parts, also where it would go whole', () => {
  const rest = message(long, { long: 'whole', done: [1] })
  assert.deepEqual(
    rest.map(({ indexes, segment }) => [indexes, segment.segments]),
    [
      [[2], 1],
      [[3], 1],
    ],
  )
})

test('group 49: packed septets stand behind a header with the fill bits between them', async (t) => {
  const [first] = await sent(t, long, { data_coding_0: { out: 'gsm7_packed' } })
  const header = Buffer.from('050003070301', 'hex')
  const { octets } = packUserData({ header, body: encodeGsm7('a'.repeat(153)) }, { counted: false })
  assert.equal(hex(first!.short_message), hex(octets))
})

test('group 52: addresses go out with the types of the carrier', async (t) => {
  const [pdu] = await sent(t, 'x', {
    source_addresses: [{ match: '.', ton: 5, npi: 9 }],
    destination_addresses: [{ match: '^\\+49', ton: 2, npi: 8, strip: '+49', add: '0' }],
  })
  assert.deepEqual([pdu!.source_addr_ton, pdu!.source_addr_npi, pdu!.source_addr], [5, 9, 'Kurzpost'])
  assert.deepEqual([pdu!.dest_addr_ton, pdu!.dest_addr_npi, pdu!.destination_addr], [2, 8, '015123456789'])
})

test('group 41: each submission has the TLVs of the carrier, and what it wants else', async (t) => {
  const [pdu] = await sent(t, 'x', {
    tlvs: {
      dlt_entity_id: { tag: 0x1400 },
      flags: { tag: 0x1520, kind: 'octets' },
      class: { tag: 0x1530, kind: 'u8' },
    },
    submit_tlvs: {
      dlt_entity_id: '1201159123456789012',
      flags: '00ff',
      class: 7,
      user_message_reference: 513,
    },
    receipts: { registered_delivery: 17 },
    service_type: 'VMA',
    validity: 'none',
  })
  const octetsOf = (tag: number) => hex(pdu!.tlvs.find((one) => one.tag === tag)?.value)
  assert.equal(octetsOf(0x1400), hex(Buffer.from('1201159123456789012\0')))
  assert.deepEqual([octetsOf(0x1520), octetsOf(0x1530), octetsOf(0x0204)], ['00ff', '07', '0201'])
  assert.deepEqual([pdu!.registered_delivery, pdu!.service_type, pdu!.validity_period], [17, 'VMA', ''])
})

test('group 14: towards 3.3 no TLVs are sent', async (t) => {
  const { port, seen, binds } = await smsc(t)
  const { carrier } = await bound(t, port, {
    interface_version: '3.3',
    submit_tlvs: { user_message_reference: 1 },
  })
  await carrier.submit(message('x')[0]!.segment)
  assert.equal(binds[0]!.interfaceVersion, 0x33)
  assert.deepEqual((seen[0] as Submit).tlvs, [])
})

const line = (id: string, more = '') =>
  Buffer.from(
    `id:${id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 ${more}text:`,
  )

test('group 41: TLVs on a receipt are kept by the names of the carrier', async (t) => {
  const { port, session } = await smsc(t)
  const { receipts } = await bound(t, port, {
    tlvs: {
      operator: { tag: 0x1411 },
      carrier_id: { tag: 0x1401, kind: 'u16' },
      raw: { tag: 0x1454, kind: 'octets' },
    },
    receipts: { zone: '+05:30' },
  })
  await session().request({
    command: 'deliver_sm',
    esm_class: 4,
    short_message: line('1'),
    tlvs: [
      { tag: 0x1411, value: Buffer.from('26201\0') },
      { tag: 0x1401, value: Uint8Array.of(1, 7) },
      { tag: 0x1454, value: Uint8Array.of(0xab) },
    ],
  })
  assert.deepEqual(receipts[0]!.details, { operator: '26201', carrier_id: 263, raw: 'ab' })
  assert.equal(receipts[0]!.doneAt, '2026-11-22T06:31:00.000Z')
})

test('group 55: dates of receipts are read in the zone that the settings name, summer time with it, and in none otherwise', async (t) => {
  const at = async (zone?: string) => {
    const { port, session } = await smsc(t)
    const { receipts } = await bound(t, port, zone === undefined ? {} : { receipts: { zone } })
    await session().request({ command: 'deliver_sm', esm_class: 4, short_message: line('1') })
    return receipts[0]!.doneAt
  }
  assert.equal(await at('Europe/Berlin'), '2026-11-22T11:01:00.000Z')
  assert.equal(await at(), null)
})

test('group 36: receipts that nothing marks are read where the settings say so, by class or by service_type', async (t) => {
  const pdu = { command: 'deliver_sm', short_message: line('1') } as const
  const read = async (receipts: GivenSmppSettings['receipts'], more: object = {}) => {
    const { port, session } = await smsc(t)
    const link = await bound(t, port, { receipts: receipts! })
    await session().request({ ...pdu, ...more })
    return [link.receipts.length, link.parts.length]
  }
  assert.deepEqual(await read({}), [0, 1], 'a person can type it')
  assert.deepEqual(await read({ unmarked: true }), [1, 0])
  assert.deepEqual(await read({ service_type: 'DLR' }), [0, 1])
  assert.deepEqual(await read({ service_type: 'DLR' }, { service_type: 'DLR' }), [1, 0])
})

test('group 34: a receipt that counts several parts, and any where the settings say so, speaks for the message', async (t) => {
  const { port, session } = await smsc(t)
  const { receipts } = await bound(t, port, {})
  await session().request({ command: 'deliver_sm', esm_class: 4, short_message: line('1') })
  const several = Buffer.from(line('1').toString().replace('sub:001 dlvrd:001', 'sub:003 dlvrd:003'))
  await session().request({ command: 'deliver_sm', esm_class: 4, short_message: several })
  const other = await smsc(t)
  const told = await bound(t, other.port, { receipts: { parts: 'one' } })
  await other.session().request({ command: 'deliver_sm', esm_class: 4, short_message: line('1') })
  assert.deepEqual(
    [...receipts, ...told.receipts].map(({ covers }) => covers),
    ['segment', 'message', 'message'],
  )
})

test('group 31: a pinned base is the one reading, and every base is one where nothing is pinned', async (t) => {
  const readings = async (id_base: GivenSmppSettings['id_base']) => {
    const { port, session } = await smsc(t)
    const { receipts } = await bound(t, port, { id_base: id_base! })
    await session().request({
      command: 'deliver_sm',
      esm_class: 4,
      short_message: line('16'),
      tlvs: [tlv('receipted_message_id', '0020')],
    })
    return receipts[0]!.readings.map(({ name, key }) => `${name} ${key}`)
  }
  assert.deepEqual(await readings({ text: 'hex_to_decimal', tlv: 'same' }), [
    'tlv:same 20',
    'text:hex_to_decimal 10',
  ])
  assert.deepEqual(await readings({}), [
    'tlv:same 20',
    'tlv:hex_to_decimal 14',
    'tlv:decimal_to_hex 32',
    'text:same 16',
    'text:hex_to_decimal 10',
    'text:decimal_to_hex 22',
  ])
})

test('group 30: query_sm and cancel_sm name the id and the source as submitted; what fails says nothing', async (t) => {
  const { port, seen } = await smsc(t, (pdu) => {
    if (pdu.command === 'query_sm')
      return pdu.message_id === 'A1' ? { message_id: 'A1', message_state: 2 } : { status: 0x67 }
    return pdu.command === 'cancel_sm' ? { status: Status.ok } : { status: Status.invalidCommandId }
  })
  const { carrier } = await bound(t, port, { query_sm: true, cancel_sm: true })
  const one = { remoteId: 'A1', remoteKey: 'a1', from: 'Kurzpost', to: '+4915123456789' }
  const found = await carrier.query!(one)
  assert.equal(found?.state, 'delivered')
  assert.deepEqual(found?.readings, [{ name: 'query:same', key: 'a1' }])
  assert.equal(await carrier.query!({ ...one, remoteId: 'B2' }), undefined)
  assert.equal(await carrier.cancel!(one), true)
  const [query, , cancel] = seen as [PduOf<'query_sm'>, unknown, PduOf<'cancel_sm'>]
  assert.deepEqual([query.message_id, query.source_addr_ton, query.source_addr], ['A1', 5, 'Kurzpost'])
  assert.deepEqual([cancel.message_id, cancel.destination_addr], ['A1', '4915123456789'])
  const without = await bound(t, port)
  assert.deepEqual([without.carrier.query, without.carrier.cancel], [undefined, undefined])
})

test('group 26: the link reports its window, its answers and its errors', async (t) => {
  let refuse = 0
  const { port } = await smsc(t, () => (refuse > 0 ? { status: refuse } : { message_id: '1' }))
  const { carrier } = await bound(t, port, { window: 3 })
  await carrier.submit(message('x')[0]!.segment)
  refuse = 0x58
  const throttled = (await carrier.submit(message('x')[0]!.segment).catch((error) => error)) as CarrierError
  assert.deepEqual([throttled.throttled, throttled.retry], [true, 'later'])
  refuse = 0x0b
  for (const _ of [1, 2]) await carrier.submit(message('x')[0]!.segment).catch(() => {})
  const { type, state, window, inFlight, answerMs, errors, lastError, host } = carrier.report!()
  assert.deepEqual(
    { type, state, window, inFlight, host },
    { type: 'transceiver', state: 'bound', window: 3, inFlight: 0, host: `127.0.0.1:${port}` },
  )
  assert.ok(answerMs && answerMs.p99 >= answerMs.p50)
  assert.deepEqual(errors, [
    { code: 'ESME_RINVDSTADR', count: 2 },
    { code: 'ESME_RTHROTTLED', count: 1 },
  ])
  assert.equal(lastError?.code, 'ESME_RINVDSTADR')
})

test('a message from a phone carries its fingerprint and its session, which change with what it says and with the link', async (t) => {
  const { port, session } = await smsc(t)
  const { parts } = await bound(t, port, { bind_pause_seconds: 0.1 })
  const says = (text: string) => ({ command: 'deliver_sm', short_message: Buffer.from(text) }) as const
  await session().request(says('Ja'))
  await session().request(says('Ja'))
  await session().request(says('Nein'))
  const [one, two, other] = parts.map(({ copy }) => copy!)
  assert.deepEqual(one, two)
  assert.notEqual(one!.fingerprint, other!.fingerprint)
  assert.equal(one!.session, other!.session)
})

test('group 32: where receipts have no id, submissions carry a reference and receipts are read by it', async (t) => {
  const { port, seen, session } = await smsc(t)
  const { carrier, receipts } = await bound(t, port, { receipts: { named_by: 'reference' } })
  const submit = () => carrier.submit(message('x')[0]!.segment)
  const [one, two] = [await submit(), await submit()]
  const references = (seen as Submit[]).map((pdu) => readTlv(pdu, 'user_message_reference')!)
  assert.equal(references[1], (references[0]! + 1) & 0xffff)
  await session().request({
    command: 'deliver_sm',
    esm_class: 4,
    short_message: Buffer.from('stat:DELIVRD err:000'),
    tlvs: [tlv('user_message_reference', references[1]!)],
  })
  assert.deepEqual(receipts[0]!.readings, [{ name: 'reference:same', key: two.remoteKey }])
  assert.notEqual(one.remoteKey, two.remoteKey)
  assert.equal(two.remoteId, 'A1')
})

test('settings of which no bind can be made are refused when it is made', () => {
  const made = (more: Partial<GivenSmppSettings>) => () =>
    createSmppSlot({
      settings: { hosts: [{ host: 'x' }], system_id: 'x', ...more },
      secrets: {},
      slot: 0,
      clock: systemClock,
      log: silentLog,
    })
  assert.throws(made({ source_addresses: [{ match: '(' }] }))
  assert.throws(made({ receipts: { zone: 'Mars/Olympus' } }))
  assert.throws(made({ submit_tlvs: { nobody_knows: 1 } }))
  assert.throws(made({ errors: { ESME_RNOSUCH: 'same' } }))
})

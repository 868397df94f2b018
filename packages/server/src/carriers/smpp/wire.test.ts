import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeGsm7, packUserData } from '@kurzpost/gsm'
import { createServer, type PduOf, readTlv, Status, tlv } from '@kurzpost/smpp'
import { systemClock } from '../../clock.ts'
import { silentLog } from '../../log.ts'
import type { CarrierError } from '../carrier.ts'
import { createSmppSlot, smppConnection, smppSlots } from './kind.ts'
import type { GivenSmppSettings } from './settings.ts'
import { bound, hex, message, type Submit, sent, smsc } from './wire.testing.ts'

/** What an SMSC sees of a carrier's settings: octets. */

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
  await assert.rejects(carrier.submit(message('x')[0]!.segment), { sent: 'no', retry: 'unsent' })
})

test('group 29: what never left a link that broke has been refused by nobody', async (t) => {
  const { port, session } = await smsc(t, () => {
    session().destroy()
    return { message_id: 'A1' }
  })
  const { carrier } = await bound(t, port, { window: 1, bind_pause_seconds: 60 })
  const { segment } = message('x')[0]!
  const [written, waiting] = [carrier.submit(segment), carrier.submit(segment)]
  await Promise.all([
    assert.rejects(written, { code: 'closed', sent: 'maybe' }),
    assert.rejects(waiting, { code: 'closed', sent: 'no', retry: 'unsent' }),
  ])
  await assert.rejects(carrier.submit(segment), { code: 'not_bound', sent: 'no', retry: 'unsent' })
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

test('what a bind is asked for with is its connection; rates, windows, times and habits are not', () => {
  const settings = { hosts: [{ host: 'x' }], system_id: 'x' }
  const made = (more: Partial<GivenSmppSettings>, password = 'p') =>
    JSON.stringify(smppConnection({ ...settings, ...more }, { password }, 0))
  assert.equal(made({}), made({ segments_per_second: 5, window: 50 }))
  assert.equal(made({}), made({ binds: [{ count: 1 }, { type: 'receiver' }] }), 'nor are other slots')
  assert.equal(made({}), made({ window: 7, response_timeout_seconds: 1, errors: { '0x45': 'throttle' } }))
  assert.equal(made({}), made({ receipts: { unmarked: true }, source_addresses: [], query_sm: true }))
  assert.notEqual(made({}), made({ hosts: [{ host: 'y' }] }))
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
      sms_signal: 513,
    },
    receipts: { registered_delivery: 17 },
    service_type: 'VMA',
    validity: 'none',
  })
  const octetsOf = (tag: number) => hex(pdu!.tlvs.find((one) => one.tag === tag)?.value)
  assert.equal(octetsOf(0x1400), hex(Buffer.from('1201159123456789012\0')))
  assert.deepEqual([octetsOf(0x1520), octetsOf(0x1530), octetsOf(0x1203)], ['00ff', '07', '0201'])
  assert.deepEqual([pdu!.registered_delivery, pdu!.service_type, pdu!.validity_period], [17, 'VMA', ''])
})

test('group 14: towards 3.3 no TLVs are sent', async (t) => {
  const { port, seen, binds } = await smsc(t)
  const { carrier } = await bound(t, port, {
    interface_version: '3.3',
    submit_tlvs: { sms_signal: 1 },
  })
  await carrier.submit(message('x')[0]!.segment)
  assert.equal(binds[0]!.interfaceVersion, 0x33)
  assert.deepEqual((seen[0] as Submit).tlvs, [])
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

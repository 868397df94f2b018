import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SmppError } from '../errors.ts'
import { anyPdu } from '../testing/any-pdu.ts'
import { frame } from '../testing/frame.ts'
import { type CommandName, commands, type Pdu, type PduInput } from './commands.ts'
import { decodePdu } from './decode.ts'
import { createDecoder } from './decoder.ts'
import { encodedBound, encodePdu } from './encode.ts'
import { layoutOf } from './layout.ts'
import { statusCode, statusName, statusSentence } from './status.ts'
import { findTlv, readTlv, tlv } from './tlv.ts'

const names = Object.keys(commands) as CommandName[]

test('a submit_sm has the octets that the specification lays down', () => {
  const octets = encodePdu({
    command: 'submit_sm',
    sequence: 0x01020304,
    source_addr_ton: 5,
    source_addr: 'Post',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: '49170',
    esm_class: 0x40,
    registered_delivery: 1,
    data_coding: 8,
    short_message: Buffer.from('0041', 'hex'),
    tlvs: [tlv('user_message_reference', 0x0102)],
  })
  const expected = [
    '00000032 00000004 00000000 01020304', // header
    '00', // service_type
    '05 00 506f737400', // source
    '01 01 343931373000', // destination
    '40 00 00', // esm_class, protocol_id, priority_flag
    '00 00', // schedule_delivery_time, validity_period
    '01 00 08 00', // registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id
    '02 0041', // sm_length, short_message
    '0204 0002 0102', // user_message_reference
  ]
  assert.equal(octets.toString('hex'), expected.join('').replaceAll(' ', ''))
})

// What decode adds: the names of standard tags, and octets as views.
const told = (pdu: Pdu): unknown => ({
  ...pdu,
  tlvs: pdu.tlvs.map(({ tag, value }) => ({ tag, value: Buffer.from(value) })),
})

for (const name of names) {
  test(`any ${name} survives encode and decode, octet for octet, unknown TLVs too`, () => {
    fc.assert(
      fc.property(anyPdu(name), (pdu) => {
        const octets = encodePdu(pdu)
        assert.ok(octets.length <= encodedBound(pdu))
        const back = decodePdu(octets)
        assert.ok(back.ok)
        assert.deepEqual(told(back.pdu), pdu)
        assert.deepEqual(back.problems, [])
        assert.deepEqual(encodePdu(back.pdu), octets)
      }),
      { numRuns: 60 },
    )
  })

  test(`group 1: any ${name}, between two others, gives the same cut at every octet and fed one by one`, () => {
    const whole = (octets: Uint8Array[]) => JSON.stringify(octets.map((one) => decodePdu(one)))
    const before = encodePdu({ command: 'enquire_link', sequence: 1 })
    const after = encodePdu({ command: 'unbind', sequence: 2 })
    for (const pdu of fc.sample(anyPdu(name), { numRuns: 2, seed: 7 })) {
      const parts = [before, encodePdu(pdu), after]
      const expected = whole(parts)
      const stream = Buffer.concat(parts)
      for (let cut = 0; cut <= stream.length; cut++) {
        const decoder = createDecoder()
        const halves = [stream.subarray(0, cut), stream.subarray(cut)]
        assert.equal(JSON.stringify(halves.flatMap(decoder.push)), expected, `cut at ${cut}`)
      }
      const decoder = createDecoder()
      const single = [...stream].flatMap((octet) => decoder.push(Buffer.of(octet)))
      assert.equal(JSON.stringify(single), expected)
    }
  })
}

test('the table has every command of SMPP 3.3, 3.4 and 5.0, each answer behind its request', () => {
  const requests = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0b, 0x15, 0x21, 0x22, 0x23, 0x24, 0x102, 0x103, 0x111, 0x112, 0x113,
  ]
  const ids = Object.values(commands).map(({ id }): number => id)
  const unanswered = [0x0b, 0x102]
  const answers = requests.filter((id) => !unanswered.includes(id)).map((id) => 0x80000000 + id)
  assert.deepEqual(new Set(ids), new Set([0x80000000, ...requests, ...answers]))
  assert.equal(ids.length, 1 + requests.length + answers.length)
  for (const name of names) {
    const layout = layoutOf(name)!
    if (layout.answer !== undefined) assert.equal(layoutOf(layout.answer)!.id, layout.id + 0x80000000)
  }
})

test('group 15: the broadcast PDUs have the octets that the specification lays down', () => {
  const addresses = { source_addr_ton: 1, source_addr_npi: 1, source_addr: '49' }
  const body = (pdu: PduInput) => encodePdu(pdu).toString('hex').slice(32)
  const broadcast = {
    command: 'broadcast_sm',
    service_type: 'CBS',
    ...addresses,
    message_id: 'a',
    priority_flag: 2,
    schedule_delivery_time: '0',
    validity_period: '1',
    replace_if_present_flag: 1,
    data_coding: 8,
    sm_default_msg_id: 3,
  } as const
  assert.equal(body(broadcast), '43425300' + '0101343900' + '6100' + '02' + '3000' + '3100' + '010803')
  assert.equal(body({ command: 'query_broadcast_sm', message_id: 'a', ...addresses }), '61000101343900')
  const cancel = {
    command: 'cancel_broadcast_sm',
    service_type: 'CBS',
    message_id: 'a',
    ...addresses,
  } as const
  assert.equal(body(cancel), '4342530061000101343900')
  assert.equal(body({ command: 'query_broadcast_sm_resp', message_id: 'a' }), '6100')
  assert.equal(body({ command: 'cancel_broadcast_sm_resp' }), '')
})

test('the queries that only SMPP 3.3 has are read and written', () => {
  const source = { source_addr_ton: 1, source_addr_npi: 1, source_addr: '49' }
  const body = (pdu: PduInput) => encodePdu(pdu).toString('hex').slice(32)
  assert.equal(body({ command: 'query_last_msgs', ...source, no_of_msgs: 5 }), '010134390005')
  assert.equal(body({ command: 'query_last_msgs_resp', message_ids: ['a', 'b'] }), '0261006200')
  assert.equal(
    body({ command: 'query_msg_details', message_id: 'a', ...source, sm_length: 9 }),
    '6100010134390009',
  )
  assert.equal(body({ command: 'param_retrieve', param_name: 'x' }), '7800')
  const short = decodePdu(frame(0x80000023, '03 6100 62'))
  assert.ok(short.ok && short.pdu.command === 'query_last_msgs_resp')
  assert.deepEqual(short.pdu.message_ids, ['a', 'b'])
  assert.match(short.problems.join(), /1 of the message_ids cannot be read/)
})

test('what the wire cannot hold is refused with a coded error, and nothing is half written', () => {
  const bad: PduInput[] = [
    { command: 'submit_sm', destination_addr: '4917\x000123' },
    { command: 'submit_sm', source_addr: 'Пост' },
    { command: 'submit_sm', destination_addr: '1'.repeat(21) },
    { command: 'submit_sm', data_coding: 256 },
    { command: 'submit_sm', data_coding: 1.5 },
    { command: 'submit_sm', short_message: new Uint8Array(256) },
    { command: 'deliver_sm', tlvs: [{ tag: 0x10000, value: new Uint8Array(0) }] },
    { command: 'no_such' } as unknown as PduInput,
  ]
  for (const pdu of bad) {
    const isCoded = (error: unknown) =>
      error instanceof SmppError && error.code === 'invalid_pdu' && error.sent === 'no'
    assert.throws(() => encodePdu(pdu), isCoded, JSON.stringify(pdu))
  }
})

test('a submit_multi goes to 255 destinations, and not to 256', () => {
  const to = { dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '4'.repeat(20) }
  const pdu = (length: number): PduInput => ({
    command: 'submit_multi',
    dest_addresses: Array(length).fill(to),
  })
  const decoded = decodePdu(encodePdu(pdu(255)))
  assert.ok(decoded.ok && decoded.pdu.command === 'submit_multi')
  assert.equal(decoded.pdu.dest_addresses.length, 255)
  assert.ok(encodedBound(pdu(255)) >= encodePdu(pdu(255)).length)
  assert.throws(() => encodePdu(pdu(256)), /more than 255 entries/)
})

test('octets given away are never written again by later encodes', () => {
  const first = encodePdu({ command: 'submit_sm', short_message: Buffer.from('first') })
  const copy = Buffer.from(first)
  for (let i = 0; i < 500; i++) encodePdu({ command: 'submit_sm', short_message: Buffer.alloc(200, i) })
  assert.deepEqual(first, copy)
})

test('a refused bind and a refused submit are answered by their header alone, as the specification says', () => {
  assert.equal(encodePdu({ command: 'bind_transceiver_resp', status: 0x0e }).length, 16)
  assert.equal(encodePdu({ command: 'submit_sm_resp', status: 0x58, message_id: '' }).length, 16)
  assert.equal(encodePdu({ command: 'submit_sm_resp', status: 0x58, message_id: 'kept' }).length, 21)
  assert.equal(encodePdu({ command: 'deliver_sm_resp', status: 0x64 }).length, 17)
})

test('typed TLVs are written at their width and read at any width', () => {
  assert.deepEqual(Buffer.from(tlv('receipted_message_id', 'ab').value), Buffer.from('ab\0'))
  assert.equal(readTlv({ tlvs: [tlv('qos_time_to_live', 0xfffffffe)] }, 'qos_time_to_live'), 0xfffffffe)
  assert.equal(readTlv({ tlvs: [{ tag: 0x0204, value: Uint8Array.of(7) }] }, 'user_message_reference'), 7)
  assert.equal(readTlv({ tlvs: [{ tag: 0x0427, value: Uint8Array.of(0, 2) }] }, 'message_state'), 2)
  assert.equal(readTlv({ tlvs: [] }, 'message_state'), undefined)
  assert.equal(findTlv([{ tag: 0x1400, value: Uint8Array.of(1) }], 0x1400)?.value[0], 1)
  assert.throws(() => tlv('message_state', 256), SmppError)
})

test('status codes have names and sentences, vendor codes too', () => {
  assert.equal(statusName(0x58), 'ESME_RTHROTTLED')
  assert.equal(statusName(0x0e), 'ESME_RINVPASWD')
  assert.equal(statusCode('ESME_RTHROTTLED'), 0x58)
  assert.equal(statusCode('ESME_RINVBCASTCHANIND'), 0x112)
  assert.equal(statusName(0x401), '0x00000401')
  assert.match(statusSentence(0x401), /vendor/)
})

test('group 10: an error answer with TLVs has its message_id in front of them, one without is its header alone', () => {
  const status = 0x58
  const congestion = tlv('congestion_state', 95)
  for (const command of ['submit_sm_resp', 'bind_transceiver_resp'] as const) {
    assert.equal(encodePdu({ command, status }).toString('hex', 16), '')
    assert.equal(encodePdu({ command, status, tlvs: [congestion] }).toString('hex', 16), '00042800015f')
  }
})

test('group 15: a list of destinations that ends early is no reason to refuse an answer', () => {
  const octets = encodePdu({ command: 'query_msg_details_resp', dest_addresses: [{ dl_name: 'all' }] })
  const at = octets.indexOf('all') - 2
  octets[at] = 200
  const decoded = decodePdu(octets)
  assert.ok(decoded.ok && decoded.pdu.command === 'query_msg_details_resp')
  assert.deepEqual(decoded.pdu.dest_addresses[0], { dl_name: 'all' })
  assert.match(decoded.problems.join(), /of the destinations cannot be read/)
})

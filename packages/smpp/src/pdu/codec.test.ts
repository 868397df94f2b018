import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SmppError } from '../errors.ts'
import { type CommandName, commands, layoutOf, type Pdu, type PduInput } from './commands.ts'
import { decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import type { Field } from './fields.ts'
import { statusName, statusSentence } from './status.ts'
import { findTlv, readTlv, tlv } from './tlv.ts'

const names = Object.keys(commands) as CommandName[]

const decoded = (octets: Uint8Array): Pdu => {
  const result = decodePdu(octets)
  assert.ok(result.ok, JSON.stringify(result))
  return result.pdu
}

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

const anyValue = (field: Field): fc.Arbitrary<unknown> => {
  const address = fc.record({
    dest_addr_ton: fc.nat(255),
    dest_addr_npi: fc.nat(255),
    destination_addr: latin1(20),
  })
  switch (field.type) {
    case 'u8':
      return fc.nat(255)
    case 'strings':
      return fc.array(latin1(64), { maxLength: 5 })
    case 'cstring':
      return latin1(field.max - 1)
    case 'octets':
      return fc.uint8Array({ maxLength: 255 }).map((value) => Buffer.from(value))
    case 'destinations':
      return fc.array(fc.oneof(address, fc.record({ dl_name: latin1(20) })), { maxLength: 5 })
    case 'failures':
      return fc.array(
        address.chain((entry) => fc.nat(0xffffffff).map((code) => ({ ...entry, error_status_code: code }))),
        { maxLength: 5 },
      )
  }
}
// fast-check makes objects without a prototype, which are not deepEqual to ordinary ones.
const ordinary = <T extends object>(value: T): T => ({ ...value })
const latin1 = (maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes))

for (const name of names) {
  test(`every ${name} survives encode and decode, unknown TLVs octet for octet`, () => {
    const fields = layoutOf(name)!.fields
    const anyPdu = fc.record({
      sequence: fc.nat(0xffffffff),
      fields: fc.tuple(...fields.map(anyValue)),
      tlvs: fc.array(fc.record({ tag: fc.nat(0xffff), value: fc.uint8Array({ maxLength: 40 }) }), {
        maxLength: 4,
      }),
    })
    fc.assert(
      fc.property(anyPdu, ({ sequence, fields: values, tlvs }) => {
        const pdu: Record<string, unknown> = { command: name, status: 0, sequence, tlvs: tlvs.map(ordinary) }
        fields.forEach((field, i) => {
          const value = values[i]
          pdu[field.name] = Array.isArray(value)
            ? value.map((one) => (typeof one === 'string' ? one : ordinary(one)))
            : value
        })
        const back = decoded(encodePdu(pdu as unknown as PduInput)) as unknown as Record<string, unknown>
        const plain = (back.tlvs as { tag: number; value: Uint8Array }[]).map(({ tag, value }) => ({
          tag,
          value: new Uint8Array(value),
        }))
        assert.deepEqual({ ...back, tlvs: plain }, pdu)
      }),
      { numRuns: 60 },
    )
  })
}

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
  assert.equal(statusName(0x401), '0x00000401')
  assert.match(statusSentence(0x401), /vendor/)
})

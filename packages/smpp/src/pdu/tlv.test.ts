import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SmppError } from '../errors.ts'
import { decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import { missingTlvs } from './layout.ts'
import { createTlvDictionary, findTlv, readTlv, readTlvs, type Tlv, tlv, tlvName } from './tlv.ts'
import { kinds, readKind, type TlvKind, writeKind } from './tlv-kinds.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const only = (one: Tlv) => ({ tlvs: [one] })
// A Buffer and a Uint8Array of the same octets are the same here.
const plain = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? hex(value)
    : typeof value === 'object'
      ? Object.entries(value!).map(([name, one]) => [name, plain(one)])
      : value

test('every standard tag of SMPP 3.4 and 5.0 has its name', () => {
  const ranges: [number, number][] = [
    [0x0005, 0x0008],
    [0x000d, 0x0010],
    [0x0017, 0x0017],
    [0x0019, 0x0019],
    [0x001d, 0x001e],
    [0x0030, 0x0030],
    [0x0201, 0x0205],
    [0x020a, 0x0210],
    [0x0302, 0x0304],
    [0x0381, 0x0381],
    [0x0420, 0x0428],
    [0x0501, 0x0501],
    [0x0600, 0x060b],
    [0x060d, 0x0613],
    [0x1201, 0x1201],
    [0x1203, 0x1204],
    [0x130c, 0x130c],
    [0x1380, 0x1380],
    [0x1383, 0x1383],
  ]
  const tags = new Set(
    ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
  )
  for (let tag = 0; tag <= 0xffff; tag++)
    assert.equal(tlvName(tag) !== undefined, tags.has(tag), `tag ${tag}`)
})

test('structured TLVs have the octets that the specification lays down', () => {
  const cases: [Tlv, string][] = [
    [tlv('network_error_code', { type: 3, code: 0x0122 }), '030122'],
    [tlv('callback_num', { digit_mode: 1, ton: 1, npi: 1, number: '49' }), '0101013439'],
    [tlv('callback_num_atag', { data_coding: 0, text: Buffer.from('Al') }), '00416c'],
    [tlv('source_subaddress', { type: 0xa0, address: Uint8Array.of(1, 2) }), 'a00102'],
    [tlv('its_session_info', { session: 0x7fff, end: true }), 'ffff'],
    [tlv('its_session_info', { session: 1, end: false }), '0002'],
    [tlv('ms_validity', { behaviour: 1 }), '01'],
    [tlv('ms_validity', { behaviour: 4, unit: 3, count: 258 }), '04030102'],
    [tlv('broadcast_content_type', { network: 1, type: 0x33 }), '010033'],
    [tlv('broadcast_frequency_interval', { unit: 9, value: 300 }), '09012c'],
    [tlv('broadcast_area_identifier', { format: 0, details: Buffer.from('Ulm') }), '00556c6d'],
    [tlv('billing_identification', { format: 2, details: Uint8Array.of(7) }), '0207'],
    [tlv('alert_on_message_delivery', 0), ''],
    [tlv('alert_on_message_delivery', 2), '02'],
    [tlv('sms_signal', 0x0102), '0102'],
    [tlv('broadcast_error_status', 0x10d), '0000010d'],
    [tlv('receipted_message_id', 'ab'), '616200'],
  ]
  for (const [one, octets] of cases) {
    const name = one.name as 'sms_signal' // whatever it is, it goes back by the same name
    assert.equal(hex(one.value), octets, name)
    assert.equal(hex(tlv(name, readTlv(only(one), name)!).value), octets, name)
  }
})

test('what is read of any octets can be written again, and no octets make a reader throw', () => {
  const octets = fc.uint8Array({ maxLength: 8 })
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(kinds) as TlvKind[])), octets, (kind, value) => {
      const read = readKind(kind, value)
      if (read === undefined) return
      const again = readKind(kind, writable(kind, read))
      assert.deepEqual(plain(again), plain(read))
    }),
    { numRuns: 5_000 },
  )
})

// Integers of any width are read; written they have to fit the kind's own.
const writable = (kind: TlvKind, value: unknown): Uint8Array => {
  try {
    return writeKind(kind, value, kind)
  } catch (error) {
    assert.ok(error instanceof SmppError && /^u(8|16)$/.test(kind))
    return Buffer.from([0, 0, 0, 0].map((_, i) => ((value as number) / 256 ** (3 - i)) & 0xff))
  }
}

test('group 7: a TLV without octets, or with too few of them, reads as undefined', () => {
  const empty = [0x0427, 0x0423, 0x1383, 0x1204].map((tag) => ({ tag, value: new Uint8Array(0) }))
  for (const name of ['message_state', 'network_error_code', 'its_session_info', 'ms_validity'] as const)
    assert.equal(readTlv({ tlvs: empty }, name), undefined)
  assert.equal(readTlv(only(tlv('receipted_message_id', new Uint8Array(0))), 'receipted_message_id'), '')
  assert.equal(readTlv(only(tlv('ms_validity', Uint8Array.of(1, 2))), 'ms_validity'), undefined)
})

test('values that do not fit are refused with a coded error', () => {
  const attempts = [
    () => tlv('message_state', 256),
    () => tlv('no_such' as 'message_state', 1),
    () => readTlv({ tlvs: [] }, 'no_such' as 'message_state'),
    () => tlv('user_message_reference', -1),
    () => tlv('network_error_code', { type: 3, code: 0x10000 }),
    () => tlv('its_session_info', { session: 0x8000, end: false }),
    () => tlv('receipted_message_id', 'a\0b'),
    () => tlv('receipted_message_id', '→'),
    () => tlv('callback_num', { digit_mode: 1, ton: 1, npi: 1, number: '49\0' }),
  ]
  for (const attempt of attempts)
    assert.throws(attempt, (error) => error instanceof SmppError && error.code === 'invalid_pdu')
})

test('group 38: a network_error_code of three digits is read as the number they show', () => {
  const read = (octets: Uint8Array) => readTlv(only(tlv('network_error_code', octets)), 'network_error_code')
  assert.deepEqual(read(Buffer.from('034')), { type: 0, code: 34 })
  assert.deepEqual(read(Uint8Array.of(3, 0x30, 0x31)), { type: 3, code: 0x3031 })
})

test('group 41: the same vendor tag means on each link what its dictionary says', () => {
  const india = createTlvDictionary({
    dlt_entity_id: [0x1400, 'string'],
    dlt_template_id: [0x1401, 'string'],
  })
  const jasmin = createTlvDictionary({ carrier_id: [0x1401, 'u16'], carrier_name: [0x1402, 'cstring'] })
  const entity = tlv('dlt_entity_id', '1201159125468236752', india)
  assert.deepEqual(
    [entity.tag, hex(entity.value)],
    [0x1400, Buffer.from('1201159125468236752').toString('hex')],
  )
  const pdu = { tlvs: [entity, { tag: 0x1401, value: Buffer.from('42') }, tlv('message_state', 2)] }
  assert.equal(readTlv(pdu, 'dlt_entity_id', india), '1201159125468236752')
  assert.equal(readTlv(pdu, 'dlt_template_id', india), '42')
  assert.equal(readTlv(pdu, 'carrier_id', jasmin), 0x3432)
  assert.equal(readTlv(pdu, 'message_state', india), 2)
  assert.equal(findTlv(pdu.tlvs, 'dlt_template_id', india)?.tag, 0x1401)
  assert.deepEqual(readTlvs(pdu, 'carrier_name', jasmin), [])
  assert.deepEqual(
    [tlvName(0x1401), tlvName(0x1401, india), tlvName(0x1401, jasmin)],
    [undefined, 'dlt_template_id', 'carrier_id'],
  )
})

test('group 41: a dictionary may read a standard tag as one carrier uses it', () => {
  const telenor = createTlvDictionary({ mccmnc: [0x0202, 'string'] })
  const pdu = { tlvs: [tlv('mccmnc', '24201', telenor)] }
  assert.equal(readTlv(pdu, 'mccmnc', telenor), '24201')
  assert.equal(tlvName(0x0202, telenor), 'mccmnc')
  assert.deepEqual(readTlv(pdu, 'source_subaddress', telenor)?.type, 0x32)
  const text = createTlvDictionary({ network_error_code: [0x0423, 'string'] })
  assert.equal(readTlv({ tlvs: [tlv('network_error_code', '21b', text)] }, 'network_error_code', text), '21b')
  assert.equal(tlvName(0x0202), 'source_subaddress')
})

test('group 15: a broadcast_sm names its areas one by one, and says which TLVs it lacks', () => {
  const area = (name: string) => tlv('broadcast_area_identifier', { format: 0, details: Buffer.from(name) })
  const octets = encodePdu({
    command: 'broadcast_sm',
    message_id: 'a',
    tlvs: [area('Ulm'), tlv('broadcast_rep_num', 3), area('Bonn')],
  })
  const decoded = decodePdu(octets)
  assert.ok(decoded.ok && decoded.pdu.command === 'broadcast_sm')
  const names = readTlvs(decoded.pdu, 'broadcast_area_identifier').map(({ details }) => String(details))
  assert.deepEqual(names, ['Ulm', 'Bonn'])
  assert.deepEqual(missingTlvs(decoded.pdu), ['broadcast_content_type', 'broadcast_frequency_interval'])
  assert.deepEqual(missingTlvs({ command: 'submit_sm' }), [])
})

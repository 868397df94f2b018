import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pdu, PduInput } from './commands.ts'
import { decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import { parseReceipt } from './receipt.ts'
import type { ReceiptState } from './receipt-state.ts'
import { tlv } from './tlv.ts'

const through = (pdu: PduInput): Pdu => {
  const decoded = decodePdu(encodePdu(pdu))
  assert.ok(decoded.ok)
  return decoded.pdu
}
const deliver = (text: string, more: object = {}): Pdu =>
  through({
    command: 'deliver_sm',
    esm_class: 0x04,
    short_message: Buffer.from(text, 'latin1'),
    ...more,
  } as PduInput)

test('the receipt text of the specification is read whole', () => {
  const text =
    'id:0123456789 sub:001 dlvrd:001 submit date:2611220101 done date:2611220102 stat:DELIVRD err:000 text:Hello World'
  assert.deepEqual(parseReceipt(deliver(text)), {
    id: '0123456789',
    ids: ['0123456789'],
    keysource: 'text',
    state: 'delivered',
    doneAt: '2611220102',
    submittedAt: '2611220101',
    submitted: 1,
    delivered: 1,
    text: 'Hello World',
  })
})

const dialects: [label: string, text: string, state: ReceiptState, id: string, error?: string][] = [
  ['fields in another order', 'stat:UNDELIV err:021 id:77 done date:2611220102', 'undelivered', '77', '021'],
  [
    'no text, no sub, no dlvrd',
    'id:77 submit date:2611220101 done date:2611220102 stat:EXPIRED err:0',
    'expired',
    '77',
  ],
  ['capital Text', 'id:77 stat:DELIVRD err:0000 Text:id:78 stat:EXPIRED', 'delivered', '77'],
  ['hexadecimal err', 'id:77 stat:REJECTD err:21b text:', 'rejected', '77', '21b'],
  ['a blank after err', 'id:77 stat:UNDELIV err: 12 text:', 'undelivered', '77', '12'],
  ['blanks after every colon', 'id: 77 sub: 1 dlvrd: 1 stat: DELIVRD err: 0', 'delivered', '77'],
  ['five letters', 'id:77 stat:DELIV', 'delivered', '77'],
  ['FAILED', 'id:77 stat:FAILED err:8', 'undelivered', '77', '8'],
  ['DELIVERED in full', 'id:77 stat:DELIVERED', 'delivered', '77'],
  ['small letters', 'id:77 stat:delivrd', 'delivered', '77'],
  ['stat as 0', 'id:77 stat:0 err:0', 'delivered', '77'],
  ['a vendor key in between', 'id:77 mccmnc:26201 stat:ACCEPTD err:0', 'accepted', '77'],
  [
    'dates with underscore',
    'id:77 submit_date:2611220101 done_date:261122010203 stat:ENROUTE',
    'enroute',
    '77',
  ],
  ['an unknown word', 'id:77 stat:WHATEVR', 'unknown', '77'],
  ['DELETED', 'id:77 stat:DELETED', 'deleted', '77'],
  [
    'a UUID',
    'id:6f1c2a34-9b1e-4c0a-8f7d-1234567890ab stat:DELIVRD',
    'delivered',
    '6f1c2a34-9b1e-4c0a-8f7d-1234567890ab',
  ],
  ['an id of 64 characters', `id:${'f'.repeat(64)} stat:DELIVRD`, 'delivered', 'f'.repeat(64)],
  ['zero dates', 'id:77 submit date:0000000000 done date:0000000000 stat:DELIVRD', 'delivered', '77'],
  ['line ends between', 'id:77\r\nstat:DELIVRD\r\nerr:000', 'delivered', '77'],
]
for (const [label, text, state, id, error] of dialects) {
  test(`group 37: ${label}`, () => {
    const receipt = parseReceipt(deliver(text))
    assert.deepEqual([receipt?.id, receipt?.state, receipt?.error], [id, state, error])
  })
}

test('group 37: dates of 10, 12 and 14 digits are given as digits, zero dates not at all', () => {
  for (const date of ['2611220102', '261122010203', '20261122010203'])
    assert.equal(parseReceipt(deliver(`id:1 done date:${date} stat:DELIVRD`))?.doneAt, date)
  assert.equal(parseReceipt(deliver('id:1 done date:0000000000 stat:DELIVRD'))?.doneAt, undefined)
})

test('group 37: receipt text in UCS-2, in message_payload and in a data_sm without any text', () => {
  const text = 'id:77 stat:DELIVRD err:000'
  const ucs2 = Buffer.from(text, 'utf16le').swap16()
  assert.equal(parseReceipt(deliver('', { short_message: ucs2, data_coding: 8 }))?.id, '77')
  const payload = { short_message: undefined, tlvs: [tlv('message_payload', Buffer.from(text))] }
  assert.equal(parseReceipt(deliver('', payload))?.state, 'delivered')
  const tlvs = [tlv('receipted_message_id', '0A1b'), tlv('message_state', 5)]
  const data = parseReceipt(through({ command: 'data_sm', esm_class: 0x04, tlvs }))
  assert.deepEqual([data?.id, data?.state, data?.keysource], ['0A1b', 'undelivered', 'tlv'])
})

test('group 32: ids of TLV and text are both given, the TLV first; a TLV id without message_state uses the word', () => {
  const receipt = parseReceipt(deliver('id:255 stat:EXPIRED', { tlvs: [tlv('receipted_message_id', 'ff')] }))
  assert.deepEqual([receipt?.ids, receipt?.state], [['ff', '255'], 'expired'])
})

test('group 35: an intermediate notification is en route, and ENROUTE stays ENROUTE', () => {
  assert.equal(parseReceipt(deliver('id:1', { esm_class: 0x20 }))?.state, 'enroute')
  assert.equal(parseReceipt(deliver('id:1 stat:ENROUTE', { esm_class: 0x20 }))?.state, 'enroute')
})

test('group 36: esm_class 0x04, 0x08, 0x20 and 0x44 mark a receipt', () => {
  for (const esm_class of [0x04, 0x08, 0x20, 0x44])
    assert.equal(parseReceipt(deliver('id:1 stat:DELIVRD', { esm_class }))?.id, '1')
})

test('group 36: a person who types a receipt has sent a message, unless the carrier is known to mark none', () => {
  const typed = deliver('id:1 stat:DELIVRD', { esm_class: 0 })
  assert.equal(parseReceipt(typed), undefined)
  assert.equal(parseReceipt(typed, { anyClass: true })?.id, '1')
  assert.equal(parseReceipt(deliver('hello', { esm_class: 0 }), { anyClass: true }), undefined)
  assert.equal(parseReceipt(deliver('', { esm_class: 0, tlvs: [tlv('receipted_message_id', 'a')] }))?.id, 'a')
  assert.equal(parseReceipt(through({ command: 'submit_sm', esm_class: 0x04 })), undefined)
})

test('group 38: network_error_code as three octets and as three digits', () => {
  const withCode = (value: Buffer) =>
    parseReceipt(deliver('id:1 stat:UNDELIV', { tlvs: [tlv('network_error_code', value)] }))
  assert.equal(withCode(Buffer.of(3, 0x01, 0x02))?.error, '258')
  assert.equal(withCode(Buffer.from('034'))?.error, '034')
  assert.equal(withCode(Buffer.of(3, 0, 0))?.error, undefined)
})

test('group 38: a network_error_code of fewer than three octets says nothing', () => {
  for (const value of ['', '3', '34'])
    assert.equal(
      parseReceipt(deliver('id:1 stat:UNDELIV', { tlvs: [{ tag: 0x0423, value: Buffer.from(value) }] }))!
        .error,
      undefined,
    )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePdu, encodePdu, type PduInput, tlv } from '@kurzpost/smpp'
import type { CarrierReceipt, IncomingPart } from '../carrier.ts'
import { type Delivery, deliveryReader } from './incoming.ts'
import { completeSettings } from './settings.ts'

const { receipt: readReceipt, part: readPart } = deliveryReader(
  completeSettings({ hosts: [{ host: 'smsc' }], system_id: 'x' }),
)

type Fields = Omit<Extract<PduInput, { command: 'deliver_sm' }>, 'command'>

/** A deliver_sm as it comes out of the wire. */
function deliver(fields: Fields): Delivery {
  const decoded = decodePdu(
    encodePdu({
      source_addr_ton: 1,
      source_addr: '4915123456789',
      dest_addr_ton: 3,
      destination_addr: '12345',
      sequence: 1,
      ...fields,
      command: 'deliver_sm',
    } as PduInput),
  )
  assert.ok('pdu' in decoded && decoded.pdu.command === 'deliver_sm')
  return decoded.pdu
}

const octets = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const letters = (text: string) => Buffer.from(text, 'latin1')
const ucs2 = (text: string) => Buffer.from(text, 'utf16le').swap16()
const udhi = 0x40

const parts: readonly [what: string, fields: Fields, expected: Partial<IncomingPart>][] = [
  ['plain letters', { short_message: letters('hello') }, { text: 'hello', encoding: 'gsm7', concat: null }],
  ['the GSM alphabet', { short_message: octets('00 02 1b65') }, { text: '@$€', encoding: 'gsm7' }],
  ['UCS-2', { data_coding: 8, short_message: ucs2('привет 😀') }, { text: 'привет 😀', encoding: 'ucs2' }],
  ['latin1', { data_coding: 3, short_message: letters('Grüße é') }, { text: 'Grüße é', encoding: 'gsm7' }],
  ['latin1 that calls itself GSM', { short_message: letters('Grüße') }, { text: 'Grüße' }],
  ['binary, in hex', { data_coding: 4, short_message: octets('00ff10') }, { text: '00ff10' }],
  ['nothing', { short_message: octets('') }, { text: '', concat: null }],
  [
    'a header with an 8-bit reference',
    { esm_class: udhi, short_message: Buffer.concat([octets('05 00 03 2a 03 02'), letters('two')]) },
    { text: 'two', concat: { reference: 42, bits: 8, total: 3, part: 2 } },
  ],
  [
    'a header with a 16-bit reference',
    { esm_class: udhi, short_message: Buffer.concat([octets('06 08 04 012a 02 01'), letters('one')]) },
    { text: 'one', concat: { reference: 298, bits: 16, total: 2, part: 1 } },
  ],
  [
    'a header behind which UCS-2 stands',
    {
      esm_class: udhi,
      data_coding: 8,
      short_message: Buffer.concat([octets('05 00 03 07 02 01'), ucs2('да')]),
    },
    { text: 'да', encoding: 'ucs2', concat: { reference: 7, bits: 8, total: 2, part: 1 } },
  ],
  [
    'half a character at the end of a part, kept for the next one',
    {
      esm_class: udhi,
      data_coding: 8,
      short_message: Buffer.concat([octets('05 00 03 07 02 01'), octets('d83d')]),
    },
    { text: '\ud83d' },
  ],
  [
    'a header about something else',
    { esm_class: udhi, short_message: Buffer.concat([octets('06 05 04 0b84 23f0'), letters('push')]) },
    { text: 'push', concat: null },
  ],
  [
    'parts told by TLVs',
    {
      short_message: letters('part'),
      tlvs: [tlv('sar_msg_ref_num', 513), tlv('sar_total_segments', 2), tlv('sar_segment_seqnum', 1)],
    },
    { text: 'part', concat: { reference: 513, bits: 16, total: 2, part: 1 } },
  ],
  [
    'TLVs whose part is beyond its total, as one message',
    {
      short_message: letters('part'),
      tlvs: [tlv('sar_msg_ref_num', 513), tlv('sar_total_segments', 2), tlv('sar_segment_seqnum', 3)],
    },
    { concat: null },
  ],
  [
    'TLVs of which one is missing, as one message',
    { short_message: letters('part'), tlvs: [tlv('sar_msg_ref_num', 513), tlv('sar_total_segments', 2)] },
    { concat: null },
  ],
  [
    'a header before TLVs that say otherwise',
    {
      esm_class: udhi,
      short_message: Buffer.concat([octets('05 00 03 2a 03 02'), letters('two')]),
      tlvs: [tlv('sar_msg_ref_num', 1), tlv('sar_total_segments', 9), tlv('sar_segment_seqnum', 9)],
    },
    { concat: { reference: 42, bits: 8, total: 3, part: 2 } },
  ],
  [
    'a text in message_payload',
    { tlvs: [tlv('message_payload', letters('x'.repeat(300)))] },
    { text: 'x'.repeat(300), concat: null },
  ],
  [
    'a header in message_payload',
    {
      esm_class: udhi,
      tlvs: [tlv('message_payload', Buffer.concat([octets('05 00 03 2a 02 01'), letters('one')]))],
    },
    { text: 'one', concat: { reference: 42, bits: 8, total: 2, part: 1 } },
  ],
  [
    'NULs, which no database takes, left out',
    { data_coding: 8, short_message: ucs2('a\0b') },
    { text: 'ab' },
  ],
  [
    'an alphanumeric sender',
    { source_addr_ton: 5, source_addr: 'Bank', short_message: letters('x') },
    { from: 'Bank', to: '12345' },
  ],
]
for (const [what, fields, expected] of parts) {
  test(`a delivery with ${what} is read`, () => {
    const pdu = deliver(fields)
    assert.equal(readReceipt(pdu), undefined, 'it is no receipt')
    const part = readPart(pdu)
    const asked = Object.fromEntries(
      Object.keys(expected).map((key) => [key, part[key as keyof IncomingPart]]),
    )
    assert.deepEqual(asked, expected)
  })
}

test('group 48: a header outranks SAR, and a text outranks a payload that comes with it', () => {
  const sar = [tlv('sar_msg_ref_num', 1), tlv('sar_total_segments', 9), tlv('sar_segment_seqnum', 9)]
  const headed = Buffer.concat([octets('05 00 03 2a 02 01'), letters('one')])
  const header = { reference: 42, bits: 8, total: 2, part: 1 }
  const both = readPart(deliver({ esm_class: udhi, short_message: headed, tlvs: sar }))
  assert.deepEqual([both.text, both.concat], ['one', header])
  const payload = tlv('message_payload', headed)
  const packed = readPart(deliver({ esm_class: udhi, tlvs: [...sar, payload] }))
  assert.deepEqual([packed.text, packed.concat], ['one', header])
  const twice = readPart(
    deliver({ esm_class: udhi, short_message: headed, tlvs: [tlv('message_payload', letters('two'))] }),
  )
  assert.deepEqual([twice.text, twice.concat], ['one', header])
})

test('an address with a NUL inside, or half a character, can be stored', () => {
  const pdu = { ...deliver({ short_message: letters('x') }), source_addr: 'Ba\0nk\ud83d', source_addr_ton: 5 }
  assert.equal(readPart(pdu).from, 'Bank\ufffd')
})

const receipt = 0x04
const line = (id: string, stat: string, err = '000') =>
  `id:${id} sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:${stat} err:${err} text:hello`

const receipts: readonly [what: string, fields: Fields, expected: Partial<CarrierReceipt>][] = [
  [
    'the text of the standard',
    { esm_class: receipt, short_message: letters(line('0123abc', 'DELIVRD')) },
    { remoteId: '0123abc', state: 'delivered', error: null, text: 'delivered' },
  ],
  [
    'an error of the network',
    { esm_class: receipt, short_message: letters(line('7', 'UNDELIV', '045')) },
    { remoteId: '7', state: 'undelivered', error: '045' },
  ],
  ['EXPIRED', { esm_class: receipt, short_message: letters(line('7', 'EXPIRED')) }, { state: 'expired' }],
  ['DELETED', { esm_class: receipt, short_message: letters(line('7', 'DELETED')) }, { state: 'undelivered' }],
  ['REJECTD', { esm_class: receipt, short_message: letters(line('7', 'REJECTD')) }, { state: 'rejected' }],
  [
    'a state on the way, which decides nothing',
    { esm_class: receipt, short_message: letters(line('7', 'ENROUTE')) },
    { state: null, text: 'enroute' },
  ],
  [
    'ACCEPTD, which decides nothing',
    { esm_class: receipt, short_message: letters(line('7', 'ACCEPTD')) },
    { state: null, text: 'accepted' },
  ],
  [
    'a word that nobody knows, which decides nothing',
    { esm_class: receipt, short_message: letters(line('7', 'WHATEVER')) },
    { state: null, text: 'unknown' },
  ],
  [
    'a small dialect of lower-case keys',
    { esm_class: receipt, short_message: letters('id:7 stat:delivered') },
    { remoteId: '7', state: 'delivered' },
  ],
  [
    'TLVs alone',
    { esm_class: receipt, tlvs: [tlv('receipted_message_id', '0a'), tlv('message_state', 2)] },
    { remoteId: '0a', state: 'delivered' },
  ],
  [
    'TLVs without the mark of a receipt',
    { tlvs: [tlv('receipted_message_id', '0a'), tlv('message_state', 5)] },
    { remoteId: '0a', state: 'undelivered' },
  ],
  [
    'its text in message_payload',
    { esm_class: receipt, tlvs: [tlv('message_payload', letters(line('9', 'DELIVRD')))] },
    { remoteId: '9', state: 'delivered' },
  ],
  [
    'no id, and so no key that could be taken for another message',
    { esm_class: receipt, short_message: letters('stat:DELIVRD err:000') },
    { remoteId: '', readings: [] },
  ],
]
for (const [what, fields, expected] of receipts) {
  test(`a receipt with ${what} is read`, () => {
    const read = readReceipt(deliver(fields))
    assert.ok(read)
    const asked = Object.fromEntries(
      Object.keys(expected).map((key) => [key, read[key as keyof CarrierReceipt]]),
    )
    assert.deepEqual(asked, expected)
  })
}

test('a receipt whose TLV and text name two ids is looked for under both, the TLV’s first', () => {
  const { readings, remoteId } = readReceipt(
    deliver({
      esm_class: receipt,
      short_message: letters(line('4660', 'DELIVRD')),
      tlvs: [tlv('receipted_message_id', 'ABC')],
    }),
  )!
  const keys = readings.map(({ key }) => key)
  assert.equal(remoteId, 'ABC')
  assert.equal(keys[0], 'abc')
  assert.ok(keys.includes('4660'))
  assert.ok(keys.includes('1234'), 'and the other base of a number')
})

test('what a person types is a message, however much it looks like a receipt', () => {
  const pdu = deliver({ short_message: letters(line('7', 'DELIVRD')) })
  assert.equal(readReceipt(pdu), undefined)
  assert.equal(readPart(pdu).text, line('7', 'DELIVRD'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pdu, PduInput } from './commands.ts'
import { decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import { parseReceipt, type Receipt } from './receipt.ts'
import { type Tlv, tlv } from './tlv.ts'

const through = (pdu: PduInput): Pdu => {
  const decoded = decodePdu(encodePdu(pdu))
  assert.ok(decoded.ok)
  return decoded.pdu
}
const deliver = (text: string | Uint8Array, more: object = {}): Pdu =>
  through({
    command: 'deliver_sm',
    esm_class: 0x04,
    short_message: Buffer.from(text as string, 'latin1'),
    ...more,
  } as PduInput)

/** Forms that carriers were seen to send, with numbers changed; each with the part of the receipt that it is about. */
const dialects: [label: string, text: string, expected: Partial<Receipt>][] = [
  ['dlvrd of one digit', 'id:7 sub:001 dlvrd:1 stat:DELIVRD err:0', { submitted: 1, delivered: 1 }],
  ['no submit date', 'id:7 done date:2611220102 stat:EXPIRED', { state: 'expired', doneAt: '2611220102' }],
  ['err as hex number', 'id:7 stat:UNDELIV err:0x0000000B', { error: '0x0000000B' }],
  ['err as hex zero', 'id:7 stat:DELIVRD err:0x00 text:', { state: 'delivered' }],
  ['err empty', 'id:7 stat:DELIVRD err: text:Hi', { state: 'delivered', text: 'Hi' }],
  ['err of five digits', 'id:7 stat:UNDELIV err:00501', { error: '00501' }],
  ['eight letters', 'id:7 submit date:20261122010203 stat:DELIVERD', { state: 'delivered' }],
  ['FAILED', 'id:7 stat:FAILED', { state: 'undelivered' }],
  ['NOCRED', 'id:7 stat:NOCRED', { state: 'rejected' }],
  ['SYSERR', 'id:7 stat:SYSERR', { state: 'undelivered' }],
  ['BUFFRED', 'id:7 stat:BUFFRED', { state: 'enroute' }],
  ['a number of message_state', 'id:7 stat:2', { state: 'delivered' }],
  ['a state with blanks', 'id:7 stat:NOT DELIVERED err:5', { state: 'undelivered', error: '5' }],
  ['a state with a mark', 'id:7 stat:NOT_DELIVERED', { state: 'undelivered' }],
  ['a Spanish state', 'id:7 stat:ENTREGADO', { state: 'delivered' }],
  ['a Portuguese state', 'id:7 stat:N\xc3O ENTREGUE err:1', { state: 'undelivered' }],
  ['a French state with an accent', 'id:7 stat:Livr\xe9', { state: 'delivered' }],
  ['a German state', 'id:7 stat:nicht zugestellt', { state: 'undelivered' }],
  [
    'stat without its key',
    'id:ce5b-9c sub:000 dlvrd:000 submit date:261122120815 done date:261122120816 DELIVRD err:000 Text:',
    { id: 'ce5b-9c', state: 'delivered', doneAt: '261122120816' },
  ],
  [
    'dates as absolute times',
    'id:rdw1 submit date:261122070003912+ done date:261122070000012+ stat:UNDELIV err:000',
    { doneAt: '261122070000012+', submittedAt: '261122070003912+' },
  ],
  [
    'dates with marks',
    'id:7 submit date:2026-11-22 01:02:03 done date:2026-11-22T01:03:04 stat:DELIVRD',
    { submittedAt: '20261122010203', doneAt: '20261122010304', state: 'delivered' },
  ],
  ['an empty id', 'id: sub:001 dlvrd:000 stat:UNDELIV err:001 text:failed', { id: '', keysource: 'none' }],
  ['no id at all', 'sub:001 dlvrd:001 submit date:2611220905 stat:UNDELIV err:000', { state: 'undelivered' }],
  [
    "a carrier's own keys, one of them empty, one with a blank in its value",
    'id:40072 stat:UNDELIV err:001 IMSI: MSC:38591016 ORN:Vip Net MCCMNC:21910',
    {
      error: '001',
      fields: { imsi: '', msc: '38591016', orn: 'Vip Net', mccmnc: '21910' },
    },
  ],
  [
    'a key that ends like ours',
    'id:7 substat:5 stat:DELIVRD',
    { fields: { substat: '5' }, state: 'delivered' },
  ],
  [
    'no blanks between the fields',
    'id:0123456sub:001dlvrd:001submit date:2611220101done date:2611220102stat:DELIVRDerr:000text:Hi',
    { id: '0123456', submittedAt: '2611220101', doneAt: '2611220102', state: 'delivered', text: 'Hi' },
  ],
  [
    'dates without a blank in the key',
    'id:7 submitdate:2611220101 donedate:2611220102',
    { doneAt: '2611220102' },
  ],
  ['commas between', 'id:7,sub:001,dlvrd:001,stat:DELIVRD,err:000', { id: '7', delivered: 1 }],
  ['semicolons and a blank', 'id:7; stat:EXPIRED; err:12;', { state: 'expired', error: '12' }],
  ['bars between', 'id:7|stat:DELIVRD|err:0', { id: '7', state: 'delivered' }],
  ['several lines', 'id:7\nsub:001\r\ndone date:2611220102\nstat:DELIVRD\n', { doneAt: '2611220102' }],
  ['tabs and a blank before the colon', 'id :7\tstat : DELIVRD', { id: '7', state: 'delivered' }],
  ['NULs at the end', 'id:7 stat:DELIVRD text:Hi\0\0\0', { state: 'delivered', text: 'Hi' }],
  ['a NUL behind the id', 'id:7\0 stat:DELIVRD', { id: '7', state: 'delivered' }],
  ['capital keys', 'ID:7 STAT:DELIVRD ERR:009 TEXT:x', { id: '7', error: '009', text: 'x' }],
  ['an id with a colon', 'id:ABC:123 stat:DELIVRD', { id: 'ABC:123' }],
  ['an id with marks', 'id:1101C1-C9D03D-F000 stat:DELIVRD', { id: '1101C1-C9D03D-F000' }],
  [
    'keys in the text of the message',
    'id:7 stat:DELIVRD text:id:8 stat:EXPIRED err:9',
    { id: '7', state: 'delivered' },
  ],
  ['text in front', 'text:Hello there id:7 stat:DELIVRD', { id: '7', text: 'Hello there' }],
  [
    'only zeros as dates',
    'id:7 submit date:0000000000 done date:00000000000000 stat:UNKNOWN',
    { state: 'unknown' },
  ],
]
for (const [label, text, expected] of dialects) {
  test(`group 37: ${label}`, () => {
    const receipt = parseReceipt(deliver(text))
    assert.ok(receipt)
    const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, receipt[key as keyof Receipt]]))
    assert.deepEqual(seen, expected)
    if (!('error' in expected) && /err: ?(000|0|0x00)\b/.test(text)) assert.equal(receipt.error, undefined)
    if (label === 'only zeros as dates')
      assert.deepEqual([receipt.submittedAt, receipt.doneAt], [undefined, undefined])
  })
}

const plainText = 'id:AB12 submit date:2611220101 done date:2611220102 stat:EXPIRED err:027 text:Hi'
const ucs2 = Buffer.from(plainText, 'utf16le').swap16()

/** 3GPP TS 23.038 §6.1.2.1, the other way round. */
function packed(text: string): Buffer {
  const bits = [...text]
    .map((letter) => letter.charCodeAt(0).toString(2).padStart(7, '0'))
    .reverse()
    .join('')
  const octets = bits.padStart(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []
  return Buffer.from(octets.reverse().map((octet) => Number.parseInt(octet, 2)))
}

const carriages: [label: string, pdu: () => Pdu][] = [
  ['UCS-2', () => deliver(ucs2, { data_coding: 8 })],
  ['UCS-2 that calls itself 0', () => deliver(ucs2)],
  [
    'UCS-2 with a byte order mark',
    () => deliver(Buffer.concat([Buffer.of(0xfe, 0xff), ucs2]), { data_coding: 8 }),
  ],
  ['little-endian UCS-2', () => deliver(Buffer.from(plainText, 'utf16le'), { data_coding: 8 })],
  ['ASCII that calls itself UCS-2', () => deliver(plainText, { data_coding: 8 })],
  ['packed septets', () => deliver(packed(plainText))],
  ['message_payload', () => deliver('', { tlvs: [tlv('message_payload', Buffer.from(plainText))] })],
  ['message_payload in UCS-2', () => deliver('', { data_coding: 8, tlvs: [tlv('message_payload', ucs2)] })],
  [
    'message_payload beside a short_message of something else',
    () => deliver('Delivery report', { tlvs: [tlv('message_payload', Buffer.from(plainText))] }),
  ],
  [
    'data_sm with message_payload',
    () =>
      through({ command: 'data_sm', esm_class: 4, tlvs: [tlv('message_payload', Buffer.from(plainText))] }),
  ],
  [
    'a header in front',
    () =>
      deliver(Buffer.concat([Buffer.from('050003410101', 'hex'), Buffer.from(plainText)]), {
        esm_class: 0x44,
      }),
  ],
  ['UDHI and no header', () => deliver(plainText, { esm_class: 0x44 })],
]
for (const [label, pdu] of carriages) {
  test(`group 37: the receipt is read from ${label}`, () => {
    const receipt = parseReceipt(pdu())
    assert.deepEqual(
      [receipt?.id, receipt?.state, receipt?.error, receipt?.doneAt],
      ['AB12', 'expired', '027', '2611220102'],
    )
  })
}

test('group 37: a coding that nobody can recognise is read by a function of the link', () => {
  const scrambled = Buffer.from(plainText).map((octet) => octet ^ 0xff)
  const decode = (octets: Uint8Array): string => Buffer.from(octets.map((octet) => octet ^ 0xff)).toString()
  assert.equal(parseReceipt(deliver(scrambled))?.id, '')
  assert.equal(parseReceipt(deliver(scrambled), { decode })?.id, 'AB12')
})

test('group 37: a Russian state in UCS-2', () => {
  const text = Buffer.from('id:7 stat:Не доставлено', 'utf16le').swap16()
  assert.equal(parseReceipt(deliver(text, { data_coding: 8 }))?.state, 'undelivered')
})

test('group 32: a TLV with NUL and blanks, a TLV without state, only a reference', () => {
  const padded: Tlv = { tag: 0x001e, value: Buffer.from(' 0A1b \0\0') }
  assert.deepEqual(parseReceipt(deliver('id:2587 stat:DELIVRD', { tlvs: [padded] }))?.ids, ['0A1b', '2587'])
  const silent = parseReceipt(deliver('', { tlvs: [tlv('receipted_message_id', 'x1')] }))
  assert.deepEqual([silent?.id, silent?.state], ['x1', 'unknown'])
  const empty = parseReceipt(deliver('id: stat:DELIVRD', { tlvs: [tlv('receipted_message_id', 'x1')] }))
  assert.deepEqual([empty?.ids, empty?.keysource], [['x1'], 'tlv'])
  const reference = parseReceipt(deliver('stat:DELIVRD', { tlvs: [tlv('user_message_reference', 77)] }))
  assert.deepEqual([reference?.id, reference?.reference, reference?.keysource], ['', 77, 'none'])
})

test('group 35: a final state in an intermediate notification is that state, and the TLV is stronger than the word', () => {
  assert.equal(parseReceipt(deliver('id:1 stat:DELIVRD', { esm_class: 0x20 }))?.state, 'delivered')
  assert.equal(
    parseReceipt(deliver('id:1 stat:ENROUTE', { tlvs: [tlv('message_state', 3)] }))?.state,
    'expired',
  )
  assert.equal(
    parseReceipt(deliver('id:1 stat:EXPIRED', { tlvs: [tlv('message_state', 7)] }))?.state,
    'expired',
  )
  assert.equal(parseReceipt(deliver('id:1', { esm_class: 0x20 }))?.state, 'enroute')
})

test('group 36: a carrier that marks receipts in its own way has a dialect for it, and its messages stay messages', () => {
  const dialect = { marks: (pdu: Pdu) => 'service_type' in pdu && pdu.service_type === 'DLR' }
  const text = 'id:1 stat:DELIVRD'
  assert.equal(parseReceipt(deliver(text, { esm_class: 0, service_type: 'DLR' }), dialect)?.id, '1')
  assert.equal(parseReceipt(deliver(text, { esm_class: 0 }), dialect), undefined)
  for (const typed of ['my id: 5, what is the status?', 'stat:DELIVRD', 'id:5', 'id: stat:', 'Hello', ''])
    assert.equal(parseReceipt(deliver(typed, { esm_class: 0 }), { anyClass: true }), undefined, typed)
})

test('group 36: an acknowledgement by the handset (0x08) that says nothing of a message is no receipt', () => {
  assert.equal(parseReceipt(deliver('Thanks!', { esm_class: 0x08 })), undefined)
  assert.equal(parseReceipt(deliver('id:1 stat:DELIVRD', { esm_class: 0x08 }))?.id, '1')
})

test('group 38: network_error_code as digits of any length, with NUL', () => {
  const error = (value: Buffer) =>
    parseReceipt(deliver('id:1 stat:UNDELIV', { tlvs: [{ tag: 0x0423, value }] }))?.error
  assert.deepEqual(
    [
      error(Buffer.from('034')),
      error(Buffer.from('0034\0')),
      error(Buffer.of(3, 1, 2)),
      error(Buffer.of(3, 1)),
    ],
    ['034', '0034', '258', undefined],
  )
  assert.equal(
    parseReceipt(deliver('id:1 stat:UNDELIV err:7', { tlvs: [{ tag: 0x0423, value: Buffer.of(3, 0, 9) }] }))
      ?.error,
    '7',
  )
})

test('group 39: addresses, swapped or not and of whatever type, do not matter to the receipt', () => {
  const addresses = [
    { source_addr: '491701234567', source_addr_ton: 1, destination_addr: 'Post', dest_addr_ton: 5 },
    { source_addr: 'Post', source_addr_ton: 5, destination_addr: '+491701234567', dest_addr_ton: 1 },
    { source_addr: '00491701234567', source_addr_ton: 0, destination_addr: '', dest_addr_ton: 0 },
  ]
  const [first, ...others] = addresses.map((one) => parseReceipt(deliver(plainText, one)))
  for (const other of others) assert.deepEqual(other, first)
})

test('group 41: vendor TLVs on a receipt change nothing and are kept octet by octet', () => {
  const vendor = [
    { tag: 0x1411, value: Buffer.from('26201\0') },
    { tag: 0x1454, value: Buffer.alloc(4) },
    { tag: 0x1401, value: Buffer.of(1, 2) },
    { tag: 0x1402, value: Buffer.from('Carrier') },
    { tag: 0x0202, value: Buffer.from('26201') },
  ]
  const pdu = deliver(plainText, { tlvs: vendor })
  assert.deepEqual(parseReceipt(pdu), parseReceipt(deliver(plainText)))
  assert.deepEqual(
    pdu.tlvs.map(({ tag, value }) => [tag, Buffer.from(value).toString('hex')]),
    vendor.map(({ tag, value }) => [tag, value.toString('hex')]),
  )
})

test('group 34: one receipt for all parts tells how many were handed in and delivered', () => {
  const receipt = parseReceipt(deliver('id:7 sub:003 dlvrd:002 stat:UNDELIV err:1'))
  assert.deepEqual([receipt?.submitted, receipt?.delivered, receipt?.state], [3, 2, 'undelivered'])
  assert.deepEqual(parseReceipt(deliver('id:7 stat:DELIVRD'))?.submitted, undefined)
})

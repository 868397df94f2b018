import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Charset, type DataCoding, dataCodingFor, type MessageClass, readDataCoding } from './dcs.ts'
import { GsmError } from './errors.ts'

const hex = (value: number) => `0x${value.toString(16).padStart(2, '0')}`
const smpp = (charset: Charset): DataCoding => ({ group: 'smpp', charset })
const general = (charset: Charset, messageClass?: MessageClass): DataCoding => ({
  group: 'general',
  charset,
  ...(messageClass === undefined ? {} : { messageClass }),
})
const waiting = (
  charset: Charset,
  type: 'voicemail' | 'fax' | 'email' | 'other',
  active: boolean,
  store: boolean,
): DataCoding => ({
  group: 'waiting',
  charset,
  waiting: { type, active, store },
})

/** Ranges of values, both ends included. */
const readings: ReadonlyArray<readonly [from: number, to: number, coding: DataCoding]> = [
  [0x00, 0x00, smpp('gsm7')],
  [0x01, 0x01, smpp('latin1')],
  [0x02, 0x02, smpp('binary')],
  [0x03, 0x03, smpp('latin1')],
  [0x04, 0x04, smpp('binary')],
  [0x05, 0x05, smpp('shift_jis')],
  [0x06, 0x06, smpp('iso-8859-5')],
  [0x07, 0x07, smpp('iso-8859-8')],
  [0x08, 0x09, smpp('ucs2')],
  [0x0a, 0x0a, smpp('iso-2022-jp')],
  [0x0b, 0x0b, smpp('ucs2')],
  [0x0c, 0x0c, smpp('gsm7')],
  [0x0d, 0x0d, smpp('euc-jp')],
  [0x0e, 0x0e, smpp('euc-kr')],
  [0x0f, 0x0f, smpp('gsm7')],
  [0x10, 0x10, general('gsm7', 0)],
  [0x11, 0x11, general('gsm7', 1)],
  [0x12, 0x12, general('gsm7', 2)],
  [0x13, 0x13, general('gsm7', 3)],
  [0x15, 0x15, general('binary', 1)],
  [0x18, 0x18, general('ucs2', 0)],
  [0x1b, 0x1b, general('ucs2', 3)],
  [0x1c, 0x1c, general('gsm7', 0)],
  [0x20, 0x23, { group: 'general', charset: 'binary', compressed: 'gsm7' }],
  [0x28, 0x2b, { group: 'general', charset: 'binary', compressed: 'ucs2' }],
  [0x31, 0x31, { group: 'general', charset: 'binary', compressed: 'gsm7', messageClass: 1 }],
  [0x40, 0x43, { group: 'auto_delete', charset: 'gsm7' }],
  [0x48, 0x4b, { group: 'auto_delete', charset: 'ucs2' }],
  [0x52, 0x52, { group: 'auto_delete', charset: 'gsm7', messageClass: 2 }],
  [0x80, 0xbf, { group: 'reserved', charset: 'gsm7' }],
  [0xc0, 0xc0, waiting('gsm7', 'voicemail', false, false)],
  [0xc8, 0xc8, waiting('gsm7', 'voicemail', true, false)],
  [0xc9, 0xc9, waiting('gsm7', 'fax', true, false)],
  [0xd2, 0xd2, waiting('gsm7', 'email', false, true)],
  [0xdb, 0xdb, waiting('gsm7', 'other', true, true)],
  [0xe8, 0xe8, waiting('ucs2', 'voicemail', true, true)],
  [0xf0, 0xf0, { group: 'class', charset: 'gsm7', messageClass: 0 }],
  [0xf3, 0xf3, { group: 'class', charset: 'gsm7', messageClass: 3 }],
  [0xf4, 0xf4, { group: 'class', charset: 'binary', messageClass: 0 }],
  [0xf7, 0xf7, { group: 'class', charset: 'binary', messageClass: 3 }],
]
for (const [from, to, coding] of readings) {
  const { group, charset, messageClass } = coding
  const of = from === to ? hex(from) : `${hex(from)} to ${hex(to)}`
  const withClass = messageClass === undefined ? 'without a class' : `of class ${messageClass}`
  test(`group 45: data coding ${of} is ${charset} ${withClass}, of the group ${group}`, () => {
    for (let value = from; value <= to; value++) assert.deepEqual(readDataCoding(value), coding)
  })
}

/** Bits that the standard reserves or leaves without a meaning: the value written has them 0. */
function plainest(value: number): number {
  if (value === 0x01 || value === 0x03) return 0x03 // IA5 is within Latin-1
  if (value === 0x02 || value === 0x04) return 0x04
  if (value === 0x09 || value === 0x0b) return 0x08
  if (value === 0x0c || value === 0x0f) return 0x00
  if (value < 0x10) return value
  if (value >= 0xf0) return value & 0xf7
  if (value >= 0xc0) return value & 0xfb
  if (value >= 0x80) return 0x00
  const alphabet = (value & 0x0c) === 0x0c ? value & 0xf3 : value
  return (alphabet & 0x10) === 0 ? alphabet & 0xfc : alphabet
}

test('group 45: every one of the 256 values is described, and written again as it was but for reserved bits', () => {
  for (let value = 0; value < 256; value++) {
    const coding = readDataCoding(value)
    const again = dataCodingFor(coding)
    assert.equal(again, plainest(value), `${hex(value)} becomes ${hex(again)}`)
    const { charset, messageClass, compressed, waiting } = readDataCoding(again)
    assert.deepEqual(
      { charset, messageClass, compressed, waiting },
      {
        charset: coding.charset,
        messageClass: coding.messageClass,
        compressed: coding.compressed,
        waiting: coding.waiting,
      },
    )
  }
})

const written: ReadonlyArray<
  readonly [name: string, coding: Parameters<typeof dataCodingFor>[0], value: number]
> = [
  ['a text in GSM-7', { charset: 'gsm7' }, 0x00],
  ['a text in UCS-2', { charset: 'ucs2' }, 0x08],
  ['octets', { charset: 'binary' }, 0x04],
  ['Latin-1', { charset: 'latin1' }, 0x03],
  ['Cyrillic', { charset: 'iso-8859-5' }, 0x06],
  ['group 51: a flash', { charset: 'gsm7', messageClass: 0 }, 0x10],
  ['group 51: a flash in UCS-2', { charset: 'ucs2', messageClass: 0 }, 0x18],
  ['group 51: a message for the SIM, octets', { charset: 'binary', messageClass: 2 }, 0x16],
  ['group 51: a flash of the class group', { group: 'class', charset: 'gsm7', messageClass: 0 }, 0xf0],
  [
    'group 51: a message for the SIM of the class group',
    { group: 'class', charset: 'binary', messageClass: 2 },
    0xf6,
  ],
  ['a text that deletes itself', { group: 'auto_delete', charset: 'gsm7' }, 0x40],
  [
    'a voicemail symbol without a text',
    { charset: 'gsm7', waiting: { type: 'voicemail', active: true, store: false } },
    0xc8,
  ],
  ['no more e-mail', { charset: 'ucs2', waiting: { type: 'email', active: false, store: true } }, 0xe2],
]
for (const [name, coding, value] of written) {
  test(`${name} is sent as ${hex(value)}`, () => assert.equal(dataCodingFor(coding), value))
}

test('what no value says is refused, with a code', () => {
  const impossible: Parameters<typeof dataCodingFor>[0][] = [
    { charset: 'latin1', messageClass: 0 },
    { charset: 'ucs2', waiting: { type: 'fax', active: true, store: false } },
    { charset: 'binary', waiting: { type: 'fax', active: true, store: true } },
    { group: 'class', charset: 'ucs2', messageClass: 0 },
    { group: 'auto_delete', charset: 'euc-kr' },
  ]
  for (const coding of impossible)
    assert.throws(
      () => dataCodingFor(coding),
      (error) => error instanceof GsmError && error.code === 'no_data_coding',
    )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeGsm7 } from './alphabet.ts'
import { dataCodingFor, decodeText, readDataCoding } from './dcs.ts'
import { encodeHeader } from './header.ts'
import { encodeUcs2 } from './ucs2.ts'
import { packUserData } from './userdata.ts'

/** Ranges of values, both ends included. */
const readings: ReadonlyArray<readonly [from: number, to: number, charset: string, messageClass?: number]> = [
  [0x00, 0x00, 'gsm7'],
  [0x01, 0x01, 'latin1'],
  [0x02, 0x02, 'binary'],
  [0x03, 0x03, 'latin1'],
  [0x04, 0x04, 'binary'],
  [0x05, 0x05, 'shift_jis'],
  [0x06, 0x06, 'iso-8859-5'],
  [0x07, 0x07, 'iso-8859-8'],
  [0x08, 0x08, 'ucs2'],
  [0x0a, 0x0a, 'iso-2022-jp'],
  [0x0d, 0x0d, 'euc-jp'],
  [0x0e, 0x0e, 'euc-kr'],
  [0x10, 0x10, 'gsm7', 0],
  [0x11, 0x11, 'gsm7', 1],
  [0x15, 0x15, 'binary', 1],
  [0x18, 0x18, 'ucs2', 0],
  [0x1b, 0x1b, 'ucs2', 3],
  [0x20, 0x2f, 'binary'], // compressed
  [0x40, 0x43, 'gsm7'],
  [0x48, 0x4b, 'ucs2'],
  [0x52, 0x52, 'gsm7', 2],
  [0x80, 0xbf, 'gsm7'], // reserved
  [0xc0, 0xdf, 'gsm7'], // message waiting
  [0xe0, 0xef, 'ucs2'],
  [0xf0, 0xf0, 'gsm7', 0],
  [0xf3, 0xf3, 'gsm7', 3],
  [0xf4, 0xf4, 'binary', 0],
  [0xf7, 0xf7, 'binary', 3],
]
const name = (value: number) => `0x${value.toString(16).padStart(2, '0')}`
for (const [from, to, charset, messageClass] of readings) {
  const of = from === to ? name(from) : `${name(from)} to ${name(to)}`
  const withClass = messageClass === undefined ? 'without a class' : `of class ${messageClass}`
  test(`interop 45: data coding ${of} is ${charset} ${withClass}`, () => {
    for (let value = from; value <= to; value++) {
      assert.deepEqual(readDataCoding(value), {
        charset,
        ...(messageClass === undefined ? {} : { messageClass }),
      })
    }
  })
}

test('what dataCodingFor says is read as it was meant', () => {
  assert.equal(dataCodingFor('gsm7'), 0x00)
  assert.equal(dataCodingFor('ucs2'), 0x08)
  assert.equal(dataCodingFor('gsm7', 0), 0x10)
  assert.equal(dataCodingFor('ucs2', 0), 0x18)
  for (const encoding of ['gsm7', 'ucs2'] as const) {
    for (const messageClass of [0, 1, 2, 3] as const) {
      const coding = readDataCoding(dataCodingFor(encoding, messageClass))
      assert.deepEqual(coding, { charset: encoding, messageClass })
    }
  }
})

const bytes = (...octets: number[]) => Uint8Array.from(octets)
type Reading = readonly [name: string, octets: Uint8Array, coding: number, text: string | undefined]
const texts: readonly Reading[] = [
  ['interop 43: a zero is an @, not an end', bytes(0x61, 0x00, 0x62), 0x00, 'a@b'],
  ['GSM-7 with an extended character', encodeGsm7('5 €'), 0x00, '5 €'],
  ['interop 42: an octet above 0x7F shows that 0 meant Latin-1', bytes(0x47, 0x72, 0xfc, 0x6e), 0x00, 'Grün'],
  ['Latin-1', bytes(0xe4, 0x40), 0x03, 'ä@'],
  ['UCS-2 with an emoji', encodeUcs2('Ж😀'), 0x08, 'Ж😀'],
  ['interop 46: a byte order mark is no text', bytes(0xfe, 0xff, 0x04, 0x16), 0x08, 'Ж'],
  ['interop 46: a little-endian sender that says so', bytes(0xff, 0xfe, 0x16, 0x04), 0x08, 'Ж'],
  ['interop 46: an odd number of octets', bytes(0x04, 0x16, 0x04), 0x08, 'Ж\ufffd'],
  ['flash', encodeUcs2('Ж'), 0x18, 'Ж'],
  ['Cyrillic', bytes(0xb6), 0x06, 'Ж'],
  ['Hebrew', bytes(0xe0), 0x07, 'א'],
  ['Shift JIS', bytes(0x93, 0xfa), 0x05, '日'],
  ['ISO-2022-JP', bytes(0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42), 0x0a, '日'],
  ['Korean', bytes(0xb0, 0xa1), 0x0e, '가'],
  ['binary is no text', bytes(0x01), 0x04, undefined],
]
for (const [what, octets, coding, text] of texts) {
  test(`decodeText: ${what}`, () => assert.equal(decodeText(octets, coding), text))
}

test('interop 42: what data coding 0 means is a matter of the link', () => {
  assert.equal(decodeText(bytes(0x40, 0x24), 0, { zero: 'latin1' }), '@$')
  assert.equal(decodeText(bytes(0x40, 0x24), 0, { zero: 'gsm7' }), '¡¤')
  assert.equal(decodeText(bytes(0x40), 0xf0, { zero: 'latin1' }), '¡')
})

test('interop 49: packed septets are read behind a header of any length', () => {
  for (let dataOctets = 0; dataOctets < 14; dataOctets++) {
    const header = encodeHeader([{ id: 0x70, data: new Uint8Array(dataOctets) }])
    const { octets } = packUserData({ header, body: encodeGsm7('Hi {@}') })
    const options = { packed: true, headerOctets: header.length }
    assert.equal(decodeText(octets.subarray(header.length), 0, options), 'Hi {@}')
  }
})

test('no octets and no data coding make decodeText throw', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.integer({ min: 0, max: 255 }), fc.boolean(), (octets, coding, packed) => {
      const text = decodeText(octets, coding, { packed })
      assert.equal(text === undefined, readDataCoding(coding).charset === 'binary')
    }),
  )
})

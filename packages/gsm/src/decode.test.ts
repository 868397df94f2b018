import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeGsm7 } from './alphabet.ts'
import { readDataCoding } from './dcs.ts'
import { alphabetOfProbe, decodeText, decodeUserData } from './decode.ts'
import { concatElement, shiftElements } from './elements.ts'
import { encodeHeader } from './header.ts'
import { encodeUcs2 } from './ucs2.ts'
import { joinUserData, packUserData, parseUserData } from './userdata.ts'

const bytes = (...octets: number[]) => Uint8Array.from(octets)
type Reading = readonly [name: string, octets: Uint8Array, coding: number, text: string | undefined]
const texts: readonly Reading[] = [
  ['group 43: a zero is an @, not an end', bytes(0x61, 0x00, 0x62), 0x00, 'a@b'],
  ['GSM-7 with an extended character', encodeGsm7('5 €'), 0x00, '5 €'],
  ['group 42: an octet above 0x7F shows that 0 meant Latin-1', bytes(0x47, 0x72, 0xfc, 0x6e), 0x00, 'Grün'],
  ['group 42: so does 0x80, the lowest', bytes(0x61, 0x80), 0x00, 'a\u0080'],
  ['Latin-1', bytes(0xe4, 0x40), 0x03, 'ä@'],
  ['UCS-2 with an emoji', encodeUcs2('Ж😀'), 0x08, 'Ж😀'],
  ['group 46: a byte order mark is no text', bytes(0xfe, 0xff, 0x04, 0x16), 0x08, 'Ж'],
  ['group 46: a little-endian sender that says so', bytes(0xff, 0xfe, 0x16, 0x04), 0x08, 'Ж'],
  ['group 46: an odd number of octets', bytes(0x04, 0x16, 0x04), 0x08, 'Ж\ufffd'],
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

test('group 42: what data coding 0 means is a matter of the link', () => {
  assert.equal(decodeText(bytes(0x40, 0x24), 0, { zero: 'latin1' }), '@$')
  assert.equal(decodeText(bytes(0x40, 0x24), 0, { zero: 'gsm7' }), '¡¤')
  assert.equal(decodeText(bytes(0x40), 0xf0, { zero: 'latin1' }), '¡')
})

test('group 49: packed septets are read behind a header of any length', () => {
  for (let dataOctets = 0; dataOctets < 14; dataOctets++) {
    const header = encodeHeader([{ id: 0x70, data: new Uint8Array(dataOctets) }])
    const { octets } = packUserData({ header, body: encodeGsm7('Hi {@}') })
    const parsed = parseUserData(octets, { udhi: true }).header
    const options = { packed: true, header: parsed }
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

const turkish = { locking: 'turkish', single: 'turkish' } as const
const nationalHeader = encodeHeader([
  concatElement({ reference: 7, total: 2, part: 1, bits: 8 }),
  ...shiftElements(turkish),
])

test('group 47: a text with national tables is read with no configuration, unpacked and packed', () => {
  const segment = { header: nationalHeader, body: encodeGsm7('İğne ışığı [€]', turkish) }
  const unpacked = decodeUserData(joinUserData(segment), { dataCoding: 0, udhi: true })
  assert.equal(unpacked.text, 'İğne ışığı [€]')
  assert.deepEqual(unpacked.header?.shifts, turkish)
  assert.deepEqual(unpacked.header?.concat, { reference: 7, total: 2, part: 1, bits: 8 })
  assert.deepEqual(unpacked.problems, [])

  const { octets, length } = packUserData(segment)
  for (const options of [{ packed: true }, { packed: true, length }])
    assert.equal(decodeUserData(octets, { dataCoding: 0, udhi: true, ...options }).text, 'İğne ışığı [€]')
  const { header } = parseUserData(octets, { udhi: true })
  const body = octets.subarray(header!.octets)
  assert.equal(decodeText(body, 0x10, { packed: true, header }), 'İğne ışığı [€]')
})

test('group 47: national tables are GSM-7, even on a link where 0 means Latin-1, and mean nothing in UCS-2', () => {
  const text = 'ığ'
  const segment = { header: nationalHeader, body: encodeGsm7(text, turkish) }
  assert.equal(
    decodeUserData(joinUserData(segment), { dataCoding: 0, udhi: true, zero: 'latin1' }).text,
    text,
  )
  const wide = { header: nationalHeader, body: encodeUcs2(text) }
  assert.equal(decodeUserData(joinUserData(wide), { dataCoding: 8, udhi: true }).text, text)
})

test('group 47: a header without its bit is text, a bit without a header loses nothing', () => {
  const octets = joinUserData({ header: nationalHeader, body: encodeGsm7('a') })
  assert.equal(decodeUserData(octets, { dataCoding: 0, udhi: false }).header, undefined)
  const bare = decodeUserData(encodeGsm7('Hello'), { dataCoding: 0, udhi: true })
  assert.equal(bare.text, 'Hello')
  assert.deepEqual(bare.problems, ['header_overruns'])
})

test('octets that are no text come as they are, with what the data coding says', () => {
  const { text, body, dataCoding } = decodeUserData(bytes(1, 2, 3), {
    dataCoding: 0xf5,
    udhi: false,
    packed: true,
  })
  assert.equal(text, undefined)
  assert.deepEqual([...body], [1, 2, 3])
  assert.deepEqual(dataCoding, { group: 'class', charset: 'binary', messageClass: 1 })
})

test('group 42: a probe of four characters tells which alphabet a link takes for 0', () => {
  assert.equal(alphabetOfProbe(encodeGsm7('@_$£')), 'gsm7')
  assert.equal(alphabetOfProbe(bytes(0x40, 0x5f, 0x24, 0xa3)), 'latin1')
  assert.equal(alphabetOfProbe(bytes(0x40, 0x5f, 0x24, 0x3f)), 'ascii')
  assert.equal(alphabetOfProbe(bytes(0x3f, 0x3f)), undefined)
})

test('no octets and no options make decodeUserData throw', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 160 }),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      fc.boolean(),
      fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
      (octets, dataCoding, udhi, packed, length) => {
        const options = { dataCoding, udhi, packed, ...(length === undefined ? {} : { length }) }
        const { text } = decodeUserData(octets, options)
        assert.equal(text === undefined, readDataCoding(dataCoding).charset === 'binary')
      },
    ),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAssembly } from './assembly.ts'
import { readSegment } from './read.ts'
import { type WrittenPart, writeText } from './write.ts'

const LONG_GSM = `Ein langer Text mit [Klammern] und €: ${'Straße am Fluß, '.repeat(20)}`
const LONG_UCS2 = '😀 grüßt с моря. '.repeat(12)

const SAR = { reference: 0x020c, total: 0x020e, part: 0x020f }
const last = (part: WrittenPart, tag: number) => part.tlvs.find((tlv) => tlv.tag === tag)?.value.at(-1)

/** Reads a part as the other end would: header, SAR TLVs or payload, whichever is there. */
function readBack(part: WrittenPart) {
  const [reference, total, number] = [SAR.reference, SAR.total, SAR.part].map((tag) => last(part, tag))
  return readSegment({
    octets: part.tlvs.find(({ tag }) => tag === 0x0424)?.value ?? part.shortMessage,
    esmClass: part.esmClass,
    dataCoding: part.dataCoding,
    sar: total === undefined ? undefined : { reference: reference!, total, part: number! },
  })
}

for (const longText of ['udh', 'udh16', 'sar', 'payload'] as const) {
  for (const [name, text, encoding] of [
    ['GSM-7', LONG_GSM, 'gsm7'],
    ['UCS-2', LONG_UCS2, 'ucs2'],
  ] as const) {
    for (const order of ['forward', 'reverse'] as const) {
      test(`a long ${name} text by ${longText}, ${order}, is read as it was written`, () => {
        const written = writeText(text, 200, longText)
        assert.equal(written.encoding, encoding)
        assert.ok(written.segments > 1)
        assert.equal(written.parts.length, longText === 'payload' ? 1 : written.segments)
        const read = written.parts.map(readBack)
        if (longText !== 'payload') {
          assert.equal(read[0]!.concat!.part, 1)
          assert.equal(read[0]!.concat!.reference, 200)
        }
        if (order === 'reverse') read.reverse()
        const assembly = createAssembly({ duplicate_parts: 0, incomplete_dropped: 0 })
        const whole = read.map((segment, i) => assembly.add('a', 'b', segment, String(i))).at(-1)
        assert.equal(whole?.text, text)
        assert.equal(whole?.encoding, encoding)
      })
    }
  }
}

test('every part of a header-carried text fits into one segment on the air', () => {
  for (const text of [LONG_GSM, LONG_UCS2]) {
    for (const { shortMessage, dataCoding } of writeText(text, 1, 'udh').parts) {
      // Header of 6 octets is 7 septets of the 160; UCS-2 has 140 octets.
      assert.ok(shortMessage.length <= (dataCoding === 0 ? 6 + 153 : 140), `${shortMessage.length} octets`)
    }
  }
})

test('a short text, and none at all, is one plain part', () => {
  for (const text of ['STOP', '']) {
    const written = writeText(text, 9, 'udh')
    assert.equal(written.segments, 1)
    assert.deepEqual(written.parts.map(readBack), [{ text, encoding: 'gsm7', concat: undefined }])
    assert.equal(written.parts[0]!.esmClass, 0)
  }
})

const octets = (hex: string) => Buffer.from(hex, 'hex')
const segments = [
  ['GSM-7 unpacked, with @ as 0x00', { octets: octets('0048690000'), esmClass: 0, dataCoding: 0 }, '@Hi@@'],
  ['UCS-2', { octets: octets('D83DDE00'), esmClass: 0, dataCoding: 8 }, '😀'],
  ['Latin-1', { octets: octets('FC'), esmClass: 0, dataCoding: 3 }, 'ü'],
  ['binary, in hex', { octets: octets('00FF'), esmClass: 0, dataCoding: 4 }, '00ff'],
  ['flash in UCS-2', { octets: octets('0041'), esmClass: 0, dataCoding: 0x18 }, 'A'],
  [
    'a part number of 0: stands alone',
    { octets: octets('05000307020041'), esmClass: 0x40, dataCoding: 0 },
    'A',
  ],
  ['a header longer than the text', { octets: octets('FF41'), esmClass: 0x40, dataCoding: 3 }, undefined],
  ['nothing, with a header announced', { octets: octets(''), esmClass: 0x40, dataCoding: 0 }, ''],
] as const
for (const [name, raw, text] of segments) {
  test(`reads ${name}`, () => {
    const read = readSegment(raw)
    assert.equal(read.concat, undefined)
    if (text !== undefined) assert.equal(read.text, text)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeGsm7, encodeGsm7, septetLength } from './alphabet.ts'
import { corpus } from './corpus.testing.ts'
import { type Language, languages } from './languages/language.ts'
import { countByTryingAll, countRest } from './reference.testing.ts'
import { type Segmentation, type SegmentOptions, segmentText } from './segment.ts'
import { fillBitsAfter, packSeptets, unpackSeptets } from './septets.ts'
import { anyMessage, clusters, clusterText, gsmText } from './texts.testing.ts'
import { decodeUcs2, encodeUcs2 } from './ucs2.ts'
import { joinUserData, packUserData, parsePackedUserData, parseUserData } from './userdata.ts'

/** The promises of the whole package, on texts that people write and on texts that nobody would. */
const corpusText = fc
  .array(fc.oneof(fc.constantFrom(...corpus.map(({ text }) => text)), fc.constantFrom(...clusters)), {
    maxLength: 6,
  })
  .map((texts) => texts.join(' '))
/** Several segments filled to the brim, so that keeping a sequence whole may cost one. */
const tightText = fc
  .tuple(
    fc.array(fc.constantFrom('👩‍👩‍👧‍👦', '🇩🇪', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', 'Ж', 'ЖЖЖ'), { minLength: 3, maxLength: 60 }),
    fc.integer({ min: 2, max: 3 }),
  )
  .map(([pieces, segments]) =>
    pieces
      .join('')
      .repeat(70)
      .slice(0, segments * 67),
  )
const anyText = fc.oneof(
  tightText,
  corpusText,
  anyMessage,
  gsmText,
  clusterText,
  fc.string({ unit: 'binary', maxLength: 300 }),
)

const anyOptions: fc.Arbitrary<SegmentOptions> = fc.record(
  {
    reference: fc.nat(0x1_ffff),
    referenceBits: fc.constantFrom(8, 16),
    languages: fc.subarray(languages as Language[], { maxLength: 3 }),
    ports: fc.record({ destination: fc.nat(0xffff), source: fc.nat(0xffff) }),
  },
  { requiredKeys: [] },
)

const decode = ({ encoding, shifts }: Segmentation, body: Uint8Array) =>
  encoding === 'gsm7' ? decodeGsm7(body, shifts) : decodeUcs2(body)

test('decode(encode(x)) is x, packed and unpacked, behind a header of any length', () => {
  fc.assert(
    fc.property(anyText, fc.nat(139), (text, headerOctets) => {
      assert.equal(decodeUcs2(encodeUcs2(text)), text)
      if (septetLength(text) < 0) return
      const septets = encodeGsm7(text)
      assert.equal(decodeGsm7(septets), text)
      const fill = fillBitsAfter(headerOctets)
      assert.equal(decodeGsm7(unpackSeptets(packSeptets(septets, fill), septets.length, fill)), text)
    }),
  )
})

test('what goes on the air comes back: through SMPP and through a TPDU, with whatever is in the header', () => {
  fc.assert(
    fc.property(anyText, anyOptions, (text, options) => {
      const cut = segmentText(text, options)
      const texts = cut.segments.map((segment) => {
        const udhi = segment.header.length > 0
        const air = joinUserData(segment)
        const unpacked = parseUserData(air, { udhi })
        assert.deepEqual(unpacked.problems, [])
        assert.deepEqual(unpacked.header?.shifts ?? {}, cut.shifts)
        assert.equal(decode(cut, unpacked.body), segment.text)
        if (cut.encoding === 'ucs2') {
          assert.ok(air.length <= 140)
          return segment.text
        }
        const { octets, length } = packUserData(segment)
        assert.ok(octets.length <= 140 && length <= 160)
        const packed = parsePackedUserData(octets, { udhi, length })
        assert.deepEqual(packed.problems, [])
        assert.deepEqual(packed.body, segment.body)
        return decode(cut, packed.body)
      })
      assert.equal(texts.join(''), text)
    }),
  )
})

test('the number of segments is the least of all ways to cut, with 8 and with 16 bits of reference', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(8 as const, 16 as const), (text, referenceBits) => {
      const { encoding, segments } = segmentText(text, { referenceBits })
      const expected = countByTryingAll(text, referenceBits === 8 ? 6 : 7)
      assert.deepEqual({ encoding, segments: segments.length }, expected)
    }),
  )
})

test('national tables never cost a segment, and never an encoding that was not needed', () => {
  fc.assert(
    fc.property(
      anyText,
      fc.subarray(languages as Language[], { minLength: 1, maxLength: 3 }),
      (text, chosen) => {
        const plain = segmentText(text)
        const national = segmentText(text, { languages: chosen })
        assert.ok(national.segments.length <= plain.segments.length)
        if (plain.encoding === 'gsm7') assert.equal(national.encoding, 'gsm7')
      },
    ),
  )
})

test('no border parts an escape from its character or a surrogate pair', () => {
  fc.assert(
    fc.property(anyText, anyOptions, (text, options) => {
      const { segments, encoding } = segmentText(text, options)
      let border = 0
      for (const segment of segments.slice(0, -1)) {
        border += segment.text.length
        assert.doesNotMatch(text.slice(border - 1, border + 1), /^[\ud800-\udbff][\udc00-\udfff]$/)
        if (encoding === 'gsm7') assert.notEqual(segment.body.at(-1), 0x1b)
      }
    }),
  )
})

test('a border parts what a reader sees as one character only where keeping it whole costs a segment', () => {
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const pieces = fc
    .array(fc.constantFrom(...clusters, 'Ж', '字', ' '), { maxLength: 120 })
    .map((all) => `字${all.join('')}`)
  fc.assert(
    fc.property(fc.oneof(pieces, corpusText), (text) => {
      const { segments, encoding } = segmentText(text)
      const starts = Array.from(graphemes.segment(text), ({ index }) => index)
      let from = 0
      for (const segment of segments.slice(0, -1)) {
        const border = from + segment.text.length
        const start = starts.findLast((index) => index <= border)!
        if (start < border && start > from) {
          const kept = countRest(text.slice(start), encoding)
          assert.ok(kept > countRest(text.slice(border), encoding), `${JSON.stringify(text)} at ${border}`)
        }
        from = border
      }
    }),
  )
})

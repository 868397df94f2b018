import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeGsm7, encodeGsm7 } from './alphabet.ts'
import { GsmError } from './errors.ts'
import { segmentCapacity } from './frame.ts'
import { type Segmentation, type SegmentOptions, segmentText } from './segment.ts'
import { clusters, clusterText, gsmText } from './texts.testing.ts'
import { transliterate } from './transliterate.ts'
import { decodeUcs2 } from './ucs2.ts'
import { joinUserData, packUserData, parseUserData } from './userdata.ts'

const vectors: ReadonlyArray<readonly [name: string, text: string, encoding: string, segments: number]> = [
  ['nothing', '', 'gsm7', 1],
  ['160 letters', 'a'.repeat(160), 'gsm7', 1],
  ['161 letters', 'a'.repeat(161), 'gsm7', 2],
  ['306 letters', 'a'.repeat(306), 'gsm7', 2],
  ['307 letters', 'a'.repeat(307), 'gsm7', 3],
  ['80 euro signs', '€'.repeat(80), 'gsm7', 1],
  ['81 euro signs', '€'.repeat(81), 'gsm7', 2],
  ['an escape pair on the border of 306 septets', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm7', 3],
  ['70 Cyrillic letters', 'Ж'.repeat(70), 'ucs2', 1],
  ['71 Cyrillic letters', 'Ж'.repeat(71), 'ucs2', 2],
  ['134 Cyrillic letters', 'Ж'.repeat(134), 'ucs2', 2],
  ['135 Cyrillic letters', 'Ж'.repeat(135), 'ucs2', 3],
  ['35 emoji', '😀'.repeat(35), 'ucs2', 1],
  ['36 emoji', '😀'.repeat(36), 'ucs2', 2],
  ['67 emoji, 134 units', '😀'.repeat(67), 'ucs2', 3],
  ['159 letters and a curly quote', `${'a'.repeat(159)}’`, 'ucs2', 3],
  ['159 letters and a straight quote', `${'a'.repeat(159)}'`, 'gsm7', 1],
  ['one backtick', '`', 'ucs2', 1],
  ['one ellipsis', '…', 'ucs2', 1],
]
for (const [name, text, encoding, segments] of vectors) {
  test(`${name}: ${encoding}, ${segments} segment(s)`, () => {
    const result = segmentText(text)
    assert.equal(result.encoding, encoding)
    assert.equal(result.segments.length, segments)
  })
}

test('a transliterated quote brings 160 characters from three segments to one', () => {
  assert.equal(segmentText(transliterate(`${'a'.repeat(159)}’`).text).segments.length, 1)
})

/** [facts: derived from 140 octets]: header octets, septets, code units. */
const capacities: ReadonlyArray<readonly [header: number, gsm7: number, ucs2: number]> = [
  [0, 160, 70],
  [4, 155, 68],
  [6, 153, 67],
  [7, 152, 66],
  [9, 149, 65],
  [12, 146, 64],
]
for (const [header, gsm7, ucs2] of capacities) {
  test(`beside a header of ${header} octets there is room for ${gsm7} septets or ${ucs2} code units`, () => {
    assert.equal(segmentCapacity('gsm7', header), gsm7)
    assert.equal(segmentCapacity('ucs2', header), ucs2)
  })
}

test('a single segment has no header, and tells what is left in it', () => {
  const { segments, units, perSegment, left } = segmentText('5 €')
  assert.equal(segments[0]!.header.length, 0)
  assert.deepEqual([...segments[0]!.body], [...encodeGsm7('5 €')])
  assert.deepEqual({ units, perSegment, left }, { units: 4, perSegment: 160, left: 156 })
})

test('what is left is that of the last segment', () => {
  const { units, perSegment, left } = segmentText(`${'a'.repeat(152)}€${'a'.repeat(152)}`)
  assert.deepEqual({ units, perSegment, left }, { units: 306, perSegment: 153, left: 152 })
})

test('the headers are those of TS 23.040, with 8 and with 16 bits of reference', () => {
  const text = 'a'.repeat(200)
  const headers = (options: SegmentOptions) =>
    segmentText(text, options).segments.map(({ header }) => Buffer.from(header).toString('hex'))
  assert.deepEqual(headers({ reference: 0xab }), ['050003ab0201', '050003ab0202'])
  assert.deepEqual(headers({ reference: 0xabcd, referenceBits: 16 }), ['060804abcd0201', '060804abcd0202'])
})

test('a running number may be given as reference', () => {
  const { segments } = segmentText('a'.repeat(200), { reference: 0x1_0203 })
  assert.equal(segments[0]!.header[3], 0x03)
})

test('UCS-2 can be asked for, GSM-7 only where it holds the text', () => {
  assert.equal(segmentText('abc', { encoding: 'ucs2' }).encoding, 'ucs2')
  assert.equal(segmentText('abc', { encoding: 'gsm7' }).encoding, 'gsm7')
  assert.throws(
    () => segmentText('ab’', { encoding: 'gsm7' }),
    (error) => error instanceof GsmError && error.code === 'not_encodable' && error.index === 2,
  )
})

test('255 segments are possible and 256 are refused', () => {
  assert.equal(segmentText('a'.repeat(255 * 153)).segments.length, 255)
  assert.throws(
    () => segmentText('a'.repeat(255 * 153 + 1)),
    (error) => error instanceof GsmError && error.code === 'too_many_segments',
  )
})

const anyOptions = fc.record({
  reference: fc.integer({ min: 0, max: 0xffff }),
  referenceBits: fc.constantFrom(8 as const, 16 as const),
})

test('any text: segments join to it, decode to their text, fit in 140 octets and part no pair', () => {
  const anyText = fc.oneof(gsmText, clusterText, fc.string({ unit: 'binary', maxLength: 400 }))
  fc.assert(
    fc.property(anyText, anyOptions, (text, options) => {
      const result = segmentText(text, options)
      const { segments, encoding, perSegment } = result
      assert.equal(segments.map((segment) => segment.text).join(''), text)
      assert.equal(
        segments.reduce((sum, { units }) => sum + units, 0),
        result.units,
      )
      const decode = encoding === 'gsm7' ? decodeGsm7 : decodeUcs2
      let border = 0
      for (const segment of segments) {
        assert.equal(decode(segment.body), segment.text)
        assert.ok(segment.units <= perSegment)
        assert.equal(segment.body.length, encoding === 'gsm7' ? segment.units : segment.units * 2)
        assert.ok(onAir(result, segment.index) <= 140)
        border += segment.text.length
        assert.ok(!/^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(border - 1, border + 1)))
        const { header, problems } = parseUserData(joinUserData(segment), { udhi: segments.length > 1 })
        assert.deepEqual(problems, [])
        if (segments.length > 1) {
          const bits = options.referenceBits
          const reference = options.reference % 2 ** bits
          assert.deepEqual(header?.concat, { reference, total: segments.length, part: segment.index, bits })
        }
      }
    }),
  )
})

test('group 44: an escape and its character stay in one segment, wherever the border falls', () => {
  for (let before = 148; before <= 156; before++) {
    const { segments } = segmentText(`${'a'.repeat(before)}€${'a'.repeat(160)}`)
    for (const { body } of segments) assert.notEqual(body.at(-1), 0x1b)
    const euro = segments.find(({ text }) => text.includes('€'))!
    assert.equal(decodeGsm7(euro.body), euro.text)
  }
})

test('group 44: what GSM-7 does not have is refused or sent as UCS-2, never turned into a space', () => {
  const refused = (error: unknown) =>
    error instanceof GsmError && error.code === 'not_encodable' && error.index === 5
  assert.throws(() => segmentText('1 000’', { encoding: 'gsm7' }), refused)
  assert.throws(() => encodeGsm7('1 000’'), refused)
  const { encoding, segments } = segmentText('1 000’')
  assert.equal(encoding, 'ucs2')
  assert.equal(decodeUcs2(segments[0]!.body), '1 000’')
})

test('group 46: a surrogate pair stays in one segment, wherever the border falls', () => {
  for (let before = 60; before <= 72; before++) {
    const { segments } = segmentText(`${'Ж'.repeat(before)}😀${'Ж'.repeat(70)}`)
    for (const { body } of segments) assert.ok(decodeUcs2(body).isWellFormed())
  }
})

test('group 49: a full segment is 140 octets on the air, packed, and 160 or 159 unpacked in short_message', () => {
  const [only] = segmentText('a'.repeat(160)).segments
  assert.deepEqual([joinUserData(only!).length, packUserData(only!).octets.length], [160, 140])
  for (const [referenceBits, header, septets] of [
    [8, 6, 153],
    [16, 7, 152],
  ] as const) {
    const [first] = segmentText('a'.repeat(400), { referenceBits }).segments
    assert.deepEqual([first!.header.length, first!.units], [header, septets])
    assert.equal(joinUserData(first!).length, 159)
    assert.equal(packUserData(first!).octets.length, 140)
    assert.equal(packUserData(first!).length, 160)
  }
})

test('the number of segments is the least that keeps pairs whole', () => {
  fc.assert(
    fc.property(fc.oneof(gsmText, clusterText), (text) => {
      assert.equal(segmentText(text).segments.length, fewestSegments(text))
    }),
  )
})

test('an emoji sequence, a flag, an accent on the border moves to the next segment if that costs none', () => {
  for (const cluster of clusters.filter((piece) => piece.length > 1 && piece !== '\r\n')) {
    for (let inside = 1; inside < cluster.length; inside++) {
      const text = `${'Ж'.repeat(67 - inside)}${cluster}${'Ж'.repeat(20)}`
      const { segments } = segmentText(text)
      assert.equal(segments[1]!.text, cluster + 'Ж'.repeat(20), `${cluster} after ${inside} units`)
    }
  }
})

test('an emoji sequence is parted, between its pairs, where keeping it whole would cost a segment', () => {
  const text = `${'Ж'.repeat(65)}👩‍👩‍👧‍👦${'Ж'.repeat(134 - 65 - 11)}`
  const { segments } = segmentText(text)
  assert.equal(segments.length, 2)
  assert.equal(segments[0]!.text, `${'Ж'.repeat(65)}👩`)
})

function onAir({ encoding, segments }: Segmentation, index: number): number {
  const segment = segments[index - 1]!
  return encoding === 'gsm7' ? packUserData(segment).octets.length : joinUserData(segment).length
}

/** The reference: takes characters (code points) one by one and opens a segment when the next does not fit. */
function fewestSegments(text: string): number {
  const gsm = segmentText(text).encoding === 'gsm7'
  const costs = [...text].map((char) => (gsm ? encodeGsm7(char).length : char.length))
  const total = costs.reduce((sum, cost) => sum + cost, 0)
  if (total <= (gsm ? 160 : 70)) return 1
  const capacity = gsm ? 153 : 67
  let count = 1
  let room = capacity
  for (const cost of costs) {
    if (cost > room) {
      count++
      room = capacity
    }
    room -= cost
  }
  return count
}

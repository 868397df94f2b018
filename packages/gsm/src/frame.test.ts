import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countSegments } from './count.ts'
import { GsmError } from './errors.ts'
import { estimateSegments } from './estimate.ts'
import { explainText } from './explain.ts'
import { segmentCapacity } from './frame.ts'
import { type SegmentOptions, segmentOctets, segmentText } from './segment.ts'
import { joinUserData, packUserData, parseUserData } from './userdata.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const ports = { destination: 2948, source: 9200 }
const ports8 = { destination: 240, source: 241, bits: 8 } as const
const shift = { id: 0x24, data: Uint8Array.of(1) }
const shifts = [shift, { id: 0x25, data: Uint8Array.of(1) }]

type Row = readonly [
  name: string,
  options: SegmentOptions,
  /** Octets of the header, septets, code units and octets of a single segment. */
  whole: readonly number[],
  /** The same of each of several. */
  part: readonly number[],
]
/** [facts: the table of capacities by header, derived from 140 octets], and the combinations that it leaves out. */
const rows: readonly Row[] = [
  ['8-bit reference', {}, [0, 160, 70, 140], [6, 153, 67, 134]],
  ['16-bit reference', { referenceBits: 16 }, [0, 160, 70, 140], [7, 152, 66, 133]],
  ['16-bit ports', { ports }, [7, 152, 66, 133], [12, 146, 64, 128]],
  ['8-bit ports', { ports: ports8 }, [5, 154, 67, 135], [10, 148, 65, 130]],
  ['16-bit reference and 16-bit ports', { ports, referenceBits: 16 }, [7, 152, 66, 133], [13, 145, 63, 127]],
  ['one shift', { headerElements: [shift] }, [4, 155, 68, 136], [9, 149, 65, 131]],
  ['both shifts', { headerElements: shifts }, [7, 152, 66, 133], [12, 146, 64, 128]],
  [
    'one shift, 16-bit reference',
    { headerElements: [shift], referenceBits: 16 },
    [4, 155, 68, 136],
    [10, 148, 65, 130],
  ],
  [
    'both shifts and ports, 16-bit reference',
    { headerElements: shifts, ports, referenceBits: 16 },
    [13, 145, 63, 127],
    [19, 138, 60, 121],
  ],
]
for (const [name, options, whole, part] of rows) {
  test(`${name}: ${whole.join(', ')} alone and ${part.join(', ')} in each of several`, () => {
    for (const [header, septets, units, octets] of [whole, part]) {
      assert.equal(segmentCapacity('gsm7', header!), septets)
      assert.equal(segmentCapacity('ucs2', header!), units)
      assert.equal(segmentCapacity('binary', header!), octets)
    }
    for (const [letter, column] of [
      ['a', 1],
      ['Ж', 2],
    ] as const) {
      const alone = segmentText(letter.repeat(whole[column]!), options)
      assert.equal(alone.segments.length, 1)
      assert.equal(alone.segments[0]!.header.length, whole[0])
      assert.equal(alone.left, 0)
      const two = segmentText(letter.repeat(part[column]! * 2), options)
      assert.deepEqual(
        two.segments.map(({ header, units }) => [header.length, units]),
        [part, part].map((row) => [row[0], row[column]]),
      )
      assert.equal(segmentText(letter.repeat(part[column]! * 2 + 1), options).segments.length, 3)
    }
    const alone = segmentOctets(new Uint8Array(whole[3]!), options)
    assert.deepEqual(
      alone.segments.map(({ header, body }) => [header.length, body.length]),
      [[whole[0], whole[3]]],
    )
    const two = segmentOctets(new Uint8Array(part[3]! * 2), options)
    assert.deepEqual(
      two.segments.map(({ header, body }) => [header.length, body.length]),
      [part, part].map((row) => [row[0], row[3]]),
    )
    assert.equal(segmentOctets(new Uint8Array(part[3]! * 2 + 1), options).segments.length, 3)
  })
}

test('the national tables that were chosen count in the header', () => {
  const languages = ['turkish', 'hindi'] as const
  const chosen = (text: string, options: SegmentOptions = {}) => {
    const { segments, perSegment } = segmentText(text, { languages, ...options })
    return [segments.length, hex(segments[0]!.header), perSegment]
  }
  assert.deepEqual(chosen('ş'.repeat(155)), [1, '03250101', 155])
  assert.deepEqual(chosen('ş'.repeat(156), { reference: 0xab }), [2, '080003ab0201250101', 149])
  assert.deepEqual(chosen(`${'क'.repeat(150)}ş`), [1, '06240101250106', 152])
  assert.deepEqual(chosen(`${'क'.repeat(152)}ş`, { ports }), [
    2,
    '1100030002010504' + '0b8423f0' + '240101250106',
    139,
  ])
})

test('group 51: a WAP push goes to port 2948, in one segment and in several', () => {
  const push = Uint8Array.from({ length: 200 }, (_, at) => at)
  const one = segmentOctets(push.subarray(0, 133), { ports })
  assert.equal(hex(one.segments[0]!.header), '0605040b8423f0')
  assert.equal(one.left, 0)
  const { segments, perSegment, left } = segmentOctets(push, { ports, reference: 5 })
  assert.deepEqual(
    segments.map(({ header }) => hex(header)),
    ['0b00030502010504' + '0b8423f0', '0b00030502020504' + '0b8423f0'],
  )
  assert.deepEqual([perSegment, left], [128, 56])
  const { header } = parseUserData(joinUserData(segments[1]!), { udhi: true })
  assert.deepEqual(header?.ports, { ...ports, bits: 16 })
})

test('octets: the segments are the octets, no more than 140 each and no more than 255', () => {
  const options = fc.record(
    {
      ports: fc.constantFrom(ports, ports8),
      referenceBits: fc.constantFrom(8 as const, 16 as const),
      headerElements: fc.array(
        fc.record({ id: fc.integer({ min: 0x70, max: 0x7f }), data: fc.uint8Array({ maxLength: 9 }) }),
        { maxLength: 4 },
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 900 }), options, (octets, frame) => {
      const { segments, perSegment } = segmentOctets(octets, frame)
      assert.deepEqual(Buffer.concat(segments.map(({ body }) => body)), Buffer.from(octets))
      for (const segment of segments) {
        assert.ok(joinUserData(segment).length <= 140)
        assert.ok(segment.body.length <= perSegment)
        const { header, problems } = parseUserData(joinUserData(segment), { udhi: segment.header.length > 0 })
        assert.deepEqual(problems, [])
        assert.equal(header?.concat?.total, segments.length > 1 ? segments.length : undefined)
      }
    }),
  )
  assert.equal(segmentOctets(new Uint8Array(255 * 134)).segments.length, 255)
  const code = (use: () => unknown, expected: string) =>
    assert.throws(use, (error) => error instanceof GsmError && error.code === expected)
  code(() => segmentOctets(new Uint8Array(255 * 134 + 1)), 'too_many_segments')
})

test('a header that leaves no room, and ports that are none, are refused with a code', () => {
  const code = (use: () => unknown, expected: string) =>
    assert.throws(use, (error) => error instanceof GsmError && error.code === expected)
  const filler = (octets: number) => [{ id: 0x70, data: new Uint8Array(octets) }]
  assert.equal(segmentText('aa'.repeat(99), { headerElements: filler(130) }).perSegment, 2)
  for (const octets of [131, 138, 250, 300])
    code(() => segmentText('a'.repeat(11), { headerElements: filler(octets) }), 'header_too_long')
  for (const octets of [138, 250, 300]) {
    code(() => segmentText('', { headerElements: filler(octets) }), 'header_too_long')
    code(() => countSegments('', { headerElements: filler(octets) }), 'header_too_long')
    code(() => explainText('', { headerElements: filler(octets) }), 'header_too_long')
  }
  code(() => segmentText('Жş', { headerElements: filler(200), languages: ['turkish'] }), 'header_too_long')
  code(() => segmentOctets(new Uint8Array(1), { headerElements: filler(200) }), 'header_too_long')
  code(() => segmentText('a', { ports: { destination: 65536, source: 0 } }), 'element_out_of_range')
  code(() => segmentText('a', { ports: { destination: 256, source: 0, bits: 8 } }), 'element_out_of_range')
  code(() => segmentText('a', { ports: { destination: 0, source: 0.5 } }), 'element_out_of_range')
})

test('beside a long header a text goes that fits into one segment, though several would have no room', () => {
  const headerElements = [{ id: 0x70, data: new Uint8Array(131) }]
  const { segments, left } = segmentText('a'.repeat(6), { headerElements })
  assert.deepEqual([segments.length, segments[0]!.header.length, left], [1, 134, 0])
  assert.equal(packUserData(segments[0]!).octets.length, 140)
  assert.equal(countSegments('a'.repeat(6), { headerElements }).segments, 1)
  assert.equal(explainText('Жaa', { headerElements }).segments, 1)
  assert.equal(segmentOctets(new Uint8Array(6), { headerElements }).segments.length, 1)
  const estimate = estimateSegments(['a', { placeholder: 'b' }], [{ b: 'a' }, { b: 'Ж' }], { headerElements })
  assert.deepEqual(estimate.bySegments, [{ segments: 1, recipients: 2, example: 0 }])
  assert.throws(
    () => estimateSegments([{ placeholder: 'b' }], [{ b: 'a'.repeat(11) }], { headerElements }),
    (error) => error instanceof GsmError && error.code === 'header_too_long',
  )
})

test('a table is not taken whose element leaves no room, where the text goes plainly', () => {
  const headerElements = [{ id: 0x70, data: new Uint8Array(128) }]
  const { shifts, segments } = segmentText('€'.repeat(7), { headerElements, languages: ['turkish'] })
  assert.deepEqual(shifts, {})
  assert.equal(segments.length, 4)
})

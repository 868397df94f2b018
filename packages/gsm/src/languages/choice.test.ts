import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeGsm7, encodeGsm7, encodeGsm7IfAble } from '../alphabet.ts'
import { decodeUserData } from '../decode.ts'
import { GsmError } from '../errors.ts'
import { type SegmentOptions, segmentText } from '../segment.ts'
import { joinUserData } from '../userdata.ts'
import { hasLocking, type Language, languages, type Shifts } from './language.ts'
import { lockingTable, singleTable, UNASSIGNED } from './tables.ts'

const charsOf = (language: Language): string[] =>
  [lockingTable(language), singleTable(language)].flatMap((table) =>
    [...(table?.units ?? [])].filter((unit) => unit !== UNASSIGNED).map((unit) => String.fromCharCode(unit)),
  )

/** Every pair of tables that the languages allow, the basic ones included. */
const pairsOf = (allowed: readonly Language[]): Shifts[] =>
  [undefined, ...allowed.filter(hasLocking)].flatMap((locking) =>
    [undefined, ...allowed].map((single) => ({ ...(locking && { locking }), ...(single && { single }) })),
  )

type Vector = readonly [
  name: string,
  text: string,
  allowed: Language[],
  shifts: Shifts,
  encoding: string,
  segments: number,
  plain: number,
]
const greeting = 'Yarın öğleden sonra görüşürüz, şimdilik hoşça kal. '
const notice = 'आपका कोड 123456 है। किसी को न बताएं। '
const lesson = 'Não há atenção, coração à tarde. '
const vectors: readonly Vector[] = [
  [
    'Turkish: 150 characters',
    greeting.repeat(3).slice(0, 150),
    ['turkish'],
    { locking: 'turkish' },
    'gsm7',
    1,
    3,
  ],
  [
    'Turkish: 155 letters fill a segment beside one shift',
    'ş'.repeat(155),
    ['turkish'],
    { locking: 'turkish' },
    'gsm7',
    1,
    3,
  ],
  ['Turkish: 156 letters need two', 'ş'.repeat(156), ['turkish'], { locking: 'turkish' }, 'gsm7', 2, 3],
  [
    'Turkish: 298 letters fill two of 149',
    'ş'.repeat(298),
    ['turkish'],
    { locking: 'turkish' },
    'gsm7',
    2,
    5,
  ],
  ['Turkish: 299 letters need three', 'ş'.repeat(299), ['turkish'], { locking: 'turkish' }, 'gsm7', 3, 5],
  [
    'Turkish: è and ş, which only the single shift table joins',
    `è${'a'.repeat(100)}ş`,
    ['turkish'],
    { single: 'turkish' },
    'gsm7',
    1,
    2,
  ],
  [
    'Hindi: 185 characters with dandas, by both tables',
    notice.repeat(5),
    ['hindi'],
    { locking: 'hindi', single: 'hindi' },
    'gsm7',
    2,
    3,
  ],
  ['Portuguese: 132 characters', lesson.repeat(4), ['portuguese'], { locking: 'portuguese' }, 'gsm7', 1, 2],
  [
    'Spanish has a single table only',
    `Mañana será más fácil, ${'a'.repeat(100)}`,
    ['spanish'],
    { single: 'spanish' },
    'gsm7',
    1,
    2,
  ],
  [
    'Hindi in Turkish: the tables of two languages',
    `ş${'क'.repeat(90)}`,
    ['turkish', 'hindi'],
    { locking: 'hindi', single: 'turkish' },
    'gsm7',
    1,
    2,
  ],
  ['a text of the basic alphabet stays plain', 'Merhaba, nasilsin?', ['turkish', 'hindi'], {}, 'gsm7', 1, 1],
  ['an emoji is in no table', `${'ş'.repeat(20)}😀`, ['turkish'], {}, 'ucs2', 1, 1],
  ['one letter goes as UCS-2, which every phone reads', 'ş', ['turkish'], {}, 'ucs2', 1, 1],
  [
    'so do 70 letters, though a locking table needs half the bits',
    'ş'.repeat(70),
    ['turkish'],
    {},
    'ucs2',
    1,
    1,
  ],
  [
    '71 letters are one segment by a single table',
    'ş'.repeat(71),
    ['turkish'],
    { single: 'turkish' },
    'gsm7',
    1,
    2,
  ],
  ['78 are not, but by a locking one', 'ş'.repeat(78), ['turkish'], { locking: 'turkish' }, 'gsm7', 1, 2],
  [
    'a single table goes before a locking one that saves no segment',
    `ş${'a'.repeat(100)}`,
    ['turkish'],
    { single: 'turkish' },
    'gsm7',
    1,
    2,
  ],
  [
    '50 euros stay plain, though a locking table needs half the septets',
    '€'.repeat(50),
    ['turkish'],
    {},
    'gsm7',
    1,
    1,
  ],
  [
    '81 euros are one segment by a locking table',
    '€'.repeat(81),
    ['turkish'],
    { locking: 'turkish' },
    'gsm7',
    1,
    2,
  ],
  [
    'of two languages as good, the one that is named first',
    `é^${'ç'.repeat(80)}`,
    ['portuguese', 'turkish'],
    { locking: 'portuguese' },
    'gsm7',
    1,
    2,
  ],
]
for (const [name, text, allowed, shifts, encoding, segments, plain] of vectors) {
  test(`${name}: ${segments} segment(s) in ${encoding}, ${plain} without the tables`, () => {
    const result = segmentText(text, { languages: allowed })
    assert.deepEqual(result.shifts, shifts)
    assert.equal(result.encoding, encoding)
    assert.equal(result.segments.length, segments)
    assert.equal(segmentText(text).segments.length, plain)
    assert.deepEqual(segmentText(text).shifts, {})
  })
}

test('an encoding that is asked for is kept to', () => {
  const allowed: SegmentOptions = { languages: ['turkish'] }
  assert.equal(segmentText('ş'.repeat(100), { ...allowed, encoding: 'ucs2' }).encoding, 'ucs2')
  assert.deepEqual(segmentText('ş', { ...allowed, encoding: 'gsm7' }).shifts, { single: 'turkish' })
  assert.throws(
    () => segmentText('şaЖ', { ...allowed, encoding: 'gsm7' }),
    (error) => error instanceof GsmError && error.code === 'not_encodable' && error.index === 2,
  )
})

const anyLanguages = fc.subarray([...languages], { minLength: 1, maxLength: 3 })
/** A text over the alphabets of some languages, with a stranger now and then, and the languages. */
const textAndLanguages = anyLanguages.chain((allowed) => {
  const own = fc.constantFrom(...allowed.flatMap(charsOf))
  const latin = fc.constantFrom(...'abcdefghij {}€ABC123')
  const stranger = fc.constantFrom('😀', '字', '’')
  const char = fc.oneof(
    { weight: 60, arbitrary: own },
    { weight: 60, arbitrary: latin },
    { weight: 1, arbitrary: stranger },
  )
  const oneTable = fc.constantFrom(...allowed).chain((language) => {
    const table = lockingTable(language) ?? singleTable(language)
    const units = [...table.units].filter((unit) => unit !== UNASSIGNED)
    return fc.array(fc.constantFrom(...units.map((unit) => String.fromCharCode(unit))), { maxLength: 400 })
  })
  const text = fc.oneof(fc.array(char, { maxLength: 400 }), oneTable).map((chars) => chars.join(''))
  return fc.record({ text, allowed: fc.constant(allowed) })
})

test('decode(encode(x)) is x over every alphabet, with every pair of tables that holds x', () => {
  fc.assert(
    fc.property(textAndLanguages, ({ text, allowed }) => {
      for (const shifts of pairsOf(allowed)) {
        const septets = encodeGsm7IfAble(text, shifts)
        if (septets !== undefined) assert.equal(decodeGsm7(septets, shifts), text)
      }
    }),
    { numRuns: 300 },
  )
})

test('segments join to the text, fit in 140 octets, and are read without configuration', () => {
  fc.assert(
    fc.property(
      textAndLanguages,
      fc.constantFrom(8 as const, 16 as const),
      ({ text, allowed }, referenceBits) => {
        const result = segmentText(text, { languages: allowed, referenceBits })
        assert.equal(result.segments.map((segment) => segment.text).join(''), text)
        for (const segment of result.segments) {
          const bits = segment.header.length * 8 + segment.units * (result.encoding === 'gsm7' ? 7 : 16)
          assert.ok(bits <= 1120, `${bits}`)
          assert.ok(segment.units <= result.perSegment)
          const decoded = decodeUserData(joinUserData(segment), {
            dataCoding: result.encoding === 'gsm7' ? 0 : 8,
            udhi: segment.header.length > 0,
          })
          assert.equal(decoded.text, segment.text)
          assert.deepEqual(decoded.header?.shifts ?? {}, result.shifts)
        }
      },
    ),
    { numRuns: 300 },
  )
})

/** The reference: takes characters one by one and opens a segment when the next does not fit. */
function reference(text: string, shifts: Shifts | 'ucs2'): Place | undefined {
  const wide = shifts === 'ucs2'
  if (!wide && encodeGsm7IfAble(text, shifts) === undefined) return undefined
  const costs = [...text].map((char) => (wide ? char.length : encodeGsm7(char, shifts).length))
  const units = costs.reduce((sum, cost) => sum + cost, 0)
  const elements = wide ? 0 : (shifts.locking ? 3 : 0) + (shifts.single ? 3 : 0)
  const room = (header: number) => Math.floor((1120 - header * 8) / (wide ? 16 : 7))
  const rank = wide ? 1 : [0, 2, 3, 4][(shifts.single ? 1 : 0) + (shifts.locking ? 2 : 0)]!
  if (units <= room(elements === 0 ? 0 : elements + 1)) return [1, rank, units]
  let segments = 1
  let left = room(elements + 6)
  for (const cost of costs) {
    if (cost > left) {
      segments++
      left = room(elements + 6)
    }
    left -= cost
  }
  return [segments, rank, units]
}

type Place = readonly [segments: number, rank: number, units: number]

test('no competitor comes before the choice: by segments, then by how many phones read it, then by units', () => {
  fc.assert(
    fc.property(textAndLanguages, ({ text, allowed }) => {
      const { encoding, shifts, segments } = segmentText(text, { languages: allowed })
      const chosen = reference(text, encoding === 'ucs2' ? 'ucs2' : shifts)!
      assert.equal(segments.length, chosen[0])
      for (const competitor of [...pairsOf(allowed), 'ucs2' as const]) {
        const place = reference(text, competitor) ?? [Number.POSITIVE_INFINITY, 0, 0]
        const at = chosen.findIndex((value, index) => value !== place[index])
        assert.ok(at < 0 || chosen[at]! < place[at]!, JSON.stringify({ competitor, place, chosen }))
      }
    }),
    { numRuns: 300 },
  )
})

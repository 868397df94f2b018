import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeGsm7, encodeGsm7 } from './alphabet.ts'
import { concatElement, portsElement } from './elements.ts'
import { encodeHeader, userDataProblems } from './header.ts'
import { septetsOfHeader } from './septets.ts'
import { packUserData, parsePackedUserData, parseUserData } from './userdata.ts'

const octetsOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hexOf = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const read = (hex: string) => {
  const { header, body, problems } = parseUserData(octetsOf(hex), { udhi: true })
  return {
    ids: header?.elements.map(({ id }) => id),
    concat: header?.concat,
    ports: header?.ports,
    body: hexOf(body),
    problems,
  }
}

test('without the header bit all octets are text', () => {
  const octets = octetsOf('050003010201')
  assert.deepEqual(parseUserData(octets, { udhi: false }), { header: undefined, body: octets, problems: [] })
})

const concat = { reference: 0xab, total: 3, part: 2, bits: 8 }
const ports = { destination: 2948, source: 9200, bits: 16 }
type Case = readonly [name: string, hex: string, expected: Partial<ReturnType<typeof read>>]

const wellFormed: readonly Case[] = [
  ['8-bit reference', '050003ab03024142', { ids: [0], concat: { ...concat, bits: 8 }, body: '4142' }],
  ['16-bit reference', '0608040fab030241', { concat: { reference: 0xfab, total: 3, part: 2, bits: 16 } }],
  ['16-bit ports', '0605040b8423f041', { ports: { ...ports, bits: 16 }, body: '41' }],
  ['8-bit ports', '040402f0f141', { ports: { destination: 0xf0, source: 0xf1, bits: 8 }, body: '41' }],
  [
    'ports before the reference',
    '0b05040b8423f00003ab030241',
    { ids: [5, 0], concat: { ...concat, bits: 8 } },
  ],
  ['national tables around the reference', '0b2401010003ab030225010141', { ids: [0x24, 0, 0x25] }],
  ['an unknown element is kept', '0470021234', { ids: [0x70], body: '' }],
  ['an element without data', '02700041', { ids: [0x70], body: '41' }],
  ['an empty header', '0041', { ids: [], body: '41' }],
]
for (const [name, hex, expected] of wellFormed) {
  test(`group 47: header with ${name}`, () => {
    const result = read(hex)
    assert.deepEqual({ ...result, ...expected }, result)
    assert.deepEqual(result.problems, [])
  })
}

const malformed: readonly Case[] = [
  ['no octets at all', '', { ids: undefined, body: '', problems: ['header_missing'] }],
  ['a header longer than the octets', '48656c6c6f', { body: '48656c6c6f', problems: ['header_overruns'] }],
  [
    'an element longer than the header',
    '050009ab030241',
    { ids: [], body: '41', problems: ['element_overruns'] },
  ],
  ['an element after a good one', '080003ab0302240901', { ids: [0], problems: ['element_overruns'] }],
  ['an element without a length', '0100', { ids: [], problems: ['element_overruns'] }],
  ['a reference of a wrong length', '040002ab0341', { concat: undefined, problems: ['concat_malformed'] }],
  ['no parts', '050003ab0000', { concat: undefined, problems: ['concat_malformed'] }],
  ['part zero', '050003ab0300', { concat: undefined, problems: ['concat_malformed'] }],
  ['a part above the total', '050003ab0304', { concat: undefined, problems: ['concat_malformed'] }],
  [
    'of two references the last one counts',
    '0b0003ab0302080400110201',
    { ids: [0, 8], concat: { reference: 0x11, total: 2, part: 1, bits: 16 }, problems: ['element_repeated'] },
  ],
  ['ports of a wrong length', '0405020b84', { ports: undefined, problems: ['ports_malformed'] }],
]
for (const [name, hex, expected] of malformed) {
  test(`group 47: malformed header is reported: ${name}`, () => {
    const result = read(hex)
    assert.deepEqual({ ...result, ...expected }, result)
  })
}

test('no octets make the parser throw, and none of the text is dropped', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 160 }), fc.integer({ min: 0, max: 200 }), (octets, length) => {
      const { header, body, problems } = parseUserData(octets, { udhi: true })
      for (const problem of problems) assert.ok(problem in userDataProblems)
      const headerOctets = header === undefined ? 0 : octets[0]! + 1
      assert.equal(body.length, octets.length - headerOctets)
      parsePackedUserData(octets, { udhi: true, length })
      parsePackedUserData(octets, { udhi: true })
    }),
  )
})

test('what encodeHeader writes is read back, in any order of elements', () => {
  const unknown = { id: 0x70, data: Uint8Array.of(1, 2, 3) }
  const elements = fc.shuffledSubarray([
    concatElement({ reference: 0xabcd, total: 9, part: 4, bits: 16 }),
    portsElement({ destination: 2948, source: 9200, bits: 16 }),
    unknown,
  ])
  fc.assert(
    fc.property(elements, (list) => {
      const { header, problems } = parseUserData(encodeHeader([unknown, ...list]), { udhi: true })
      assert.deepEqual(problems, [])
      assert.deepEqual(
        header!.elements.map(({ id, data }) => [id, hexOf(data)]),
        [unknown, ...list].map(({ id, data }) => [id, hexOf(data)]),
      )
    }),
  )
})

test('packed text behind a header of any length comes back, with TP-UDL', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 90 }), (dataOctets, letters) => {
      const text = '@{'.repeat(letters).slice(0, letters)
      const header = encodeHeader([{ id: 0x70, data: new Uint8Array(dataOctets) }])
      const { octets, length } = packUserData({ header, body: encodeGsm7(text) })
      const parsed = parsePackedUserData(octets, { udhi: true, length })
      assert.deepEqual(parsed.problems, [])
      assert.equal(decodeGsm7(parsed.body), text)
      assert.equal(decodeGsm7(parsePackedUserData(octets, { udhi: true }).body), text)
    }),
  )
})

test('a first segment of 153 septets fills 140 octets and counts 160', () => {
  const header = encodeHeader([concatElement({ reference: 1, total: 2, part: 1, bits: 8 })])
  const { octets, length } = packUserData({ header, body: encodeGsm7('a'.repeat(153)) })
  assert.equal(octets.length, 140)
  assert.equal(length, 160)
  assert.equal(septetsOfHeader(6), 7)
})

test('a TP-UDL beyond the octets is reported and what is there is read', () => {
  const { octets } = packUserData({ header: new Uint8Array(0), body: encodeGsm7('hello') })
  const { body, problems } = parsePackedUserData(octets, { udhi: false, length: 50 })
  assert.deepEqual(problems, ['length_overruns'])
  assert.equal(decodeGsm7(body).slice(0, 5), 'hello')
})

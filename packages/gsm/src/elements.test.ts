import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  concatElement,
  elementIds,
  elementName,
  type HeaderElement,
  indicationElement,
  portsElement,
  replyAddressElement,
  shiftElements,
  smscControlElement,
  sourceElement,
} from './elements.ts'
import { GsmError } from './errors.ts'
import { encodeHeader, parseHeader, type UserDataHeader, type UserDataProblem } from './header.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const octetsOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const read = (elements: string) =>
  parseHeader(octetsOf((elements.length / 2).toString(16).padStart(2, '0') + elements))

const noControl = {
  reportDelivered: false,
  reportPermanentError: false,
  reportTemporaryErrorFinal: false,
  reportTemporaryErrorTrying: false,
  cancelReports: false,
  includeHeader: false,
}

type Typed = readonly [octets: string, element: HeaderElement, expected: Partial<UserDataHeader>]
const typed: readonly Typed[] = [
  [
    '0003ab0302',
    concatElement({ reference: 0xab, total: 3, part: 2, bits: 8 }),
    { concat: { reference: 0xab, total: 3, part: 2, bits: 8 } },
  ],
  [
    '0804abcd0302',
    concatElement({ reference: 0xabcd, total: 3, part: 2, bits: 16 }),
    { concat: { reference: 0xabcd, total: 3, part: 2, bits: 16 } },
  ],
  [
    '0402f0f1',
    portsElement({ destination: 0xf0, source: 0xf1, bits: 8 }),
    { ports: { destination: 0xf0, source: 0xf1, bits: 8 } },
  ],
  [
    '05040b8423f0',
    portsElement({ destination: 2948, source: 9200, bits: 16 }),
    { ports: { destination: 2948, source: 9200, bits: 16 } },
  ],
  [
    '01028003',
    indicationElement({ type: 'voicemail', count: 3, store: true }),
    { indications: [{ type: 'voicemail', count: 3, store: true }] },
  ],
  [
    '01020200',
    indicationElement({ type: 'email', count: 0, store: false }),
    { indications: [{ type: 'email', count: 0, store: false }] },
  ],
  [
    '0102d7ff',
    indicationElement({ type: 'other', count: 255, store: true, extended: 5, profile: 2 }),
    { indications: [{ type: 'other', count: 255, store: true, extended: 5, profile: 2 }] },
  ],
  [
    '060181',
    smscControlElement({ reportDelivered: true, includeHeader: true }),
    { smscControl: { ...noControl, reportDelivered: true, includeHeader: true } },
  ],
  ['070103', sourceElement('smsc'), { source: 'smsc' }],
  [
    '22080c91947132547608',
    replyAddressElement({ ton: 1, npi: 1, address: '491723456780' }),
    { replyAddress: { ton: 1, npi: 1, address: '491723456780' } },
  ],
  [
    '220403a921f3',
    replyAddressElement({ ton: 2, npi: 9, address: '123' }),
    { replyAddress: { ton: 2, npi: 9, address: '123' } },
  ],
  [
    '220607d0c9b79b0d',
    replyAddressElement({ ton: 5, npi: 0, address: 'Ionl' }),
    { replyAddress: { ton: 5, npi: 0, address: 'Ionl' } },
  ],
  ['240101', shiftElements({ single: 'turkish' })[0]!, { shifts: { single: 'turkish' } }],
  ['25010d', shiftElements({ locking: 'urdu' })[0]!, { shifts: { locking: 'urdu' } }],
]
for (const [octets, element, expected] of typed) {
  test(`${elementName(element.id)}: ${octets} is written and read`, () => {
    assert.equal(hex(encodeHeader([element]).subarray(1)), octets)
    const { header, problems } = read(octets)
    assert.deepEqual(problems, [])
    const { elements, octets: length, ...known } = header!
    assert.deepEqual(known, expected)
    assert.equal(length, octets.length / 2 + 1)
    assert.deepEqual(elements, [element])
  })
}

type Flawed = readonly [
  name: string,
  elements: string,
  problems: UserDataProblem[],
  expected: Partial<UserDataHeader>,
]
const flawed: readonly Flawed[] = [
  ['a shift of two octets', '24020101', ['shift_malformed'], {}],
  ['a shift to language 0', '240100', ['language_unknown'], {}],
  ['a shift to language 14', '25010e', ['language_unknown'], {}],
  ['a locking shift to Spanish, which has none', '250102', ['language_unknown'], {}],
  ['a shift that comes twice', '240101240102', ['element_repeated'], { shifts: { single: 'spanish' } }],
  ['both shifts', '240101250106', [], { shifts: { single: 'turkish', locking: 'hindi' } }],
  ['an indication of one octet', '010180', ['indication_malformed'], {}],
  [
    'indications of two types',
    '0102800101028202',
    [],
    {
      indications: [
        { type: 'voicemail', count: 1, store: true },
        { type: 'email', count: 2, store: true },
      ],
    },
  ],
  [
    'two indications of one type',
    '0102800101028005',
    ['element_repeated'],
    { indications: [{ type: 'voicemail', count: 5, store: true }] },
  ],
  ['SMSC control without its octet', '0600', ['control_malformed'], {}],
  ['a source that is none', '070109', ['source_malformed'], {}],
  ['sources, each for the elements behind it', '070101070103', [], { source: 'smsc' }],
  ['a reply address that is cut', '22030c9149', ['reply_address_malformed'], {}],
  ['a reply address with a filler for a digit', '22030291f1', ['reply_address_malformed'], {}],
  [
    'ports of both widths',
    '0402f0f105040b8423f0',
    ['element_repeated'],
    { ports: { destination: 2948, source: 9200, bits: 16 } },
  ],
  [
    'a good reference and then one without parts',
    '0003ab03020003ab0000',
    ['concat_malformed'],
    { concat: { reference: 0xab, total: 3, part: 2, bits: 8 } },
  ],
]
for (const [name, elements, problems, expected] of flawed) {
  test(`group 47: ${name}: ${problems.join(', ') || 'no problem'}`, () => {
    const result = read(elements)
    assert.deepEqual(result.problems, problems)
    const { elements: _, octets: __, ...known } = result.header!
    assert.deepEqual(known, expected)
  })
}

test('every identifier has a name, those of the standard their own', () => {
  for (let id = 0; id < 256; id++) assert.ok(elementName(id).length > 0)
  assert.equal(elementName(elementIds.lockingShift), 'national language locking shift')
  assert.equal(elementName(0x0a), 'text formatting')
  assert.equal(elementName(0x23), 'enhanced voice mail information')
  assert.equal(elementName(0x1f), 'reserved for EMS features')
  assert.equal(elementName(0x7f), '(U)SIM toolkit security header')
  assert.equal(elementName(0xff), 'reserved')
})

test('what does not fit into its element is refused with a code', () => {
  const wrong: (() => unknown)[] = [
    () => concatElement({ reference: 1, total: 0, part: 1, bits: 8 }),
    () => concatElement({ reference: 1, total: 256, part: 1, bits: 8 }),
    () => concatElement({ reference: 1, total: 2, part: 3, bits: 16 }),
    () => portsElement({ destination: -1, source: 0, bits: 16 }),
    () => indicationElement({ type: 'fax', count: 256, store: true }),
    () => replyAddressElement({ ton: 1, npi: 1, address: '+49' }),
    () => replyAddressElement({ ton: 1, npi: 1, address: '1'.repeat(21) }),
    () => replyAddressElement({ ton: 5, npi: 0, address: 'a'.repeat(12) }),
    () => replyAddressElement({ ton: 8, npi: 0, address: '1' }),
  ]
  for (const use of wrong)
    assert.throws(use, (error) => error instanceof GsmError && error.code === 'element_out_of_range')
  const long = [{ id: 0x70, data: new Uint8Array(254) }]
  assert.throws(
    () => encodeHeader(long),
    (error) => error instanceof GsmError && error.code === 'header_too_long',
  )
  assert.equal(encodeHeader([{ id: 0x70, data: new Uint8Array(253) }]).length, 256)
})

const anyElement = fc.record({ id: fc.integer({ min: 0, max: 255 }), data: fc.uint8Array({ maxLength: 20 }) })

test('a header of any elements in any order is parsed and written again octet by octet', () => {
  fc.assert(
    fc.property(
      fc.array(anyElement, { minLength: 1, maxLength: 10 }),
      fc.uint8Array({ maxLength: 20 }),
      (elements, body) => {
        const octets = encodeHeader(elements)
        const { header, length } = parseHeader(Uint8Array.from([...octets, ...body]))
        assert.equal(length, octets.length)
        assert.equal(hex(encodeHeader(header!.elements)), hex(octets))
      },
    ),
  )
})

test('an address comes back as it was, digits and letters', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789*#abc'), maxLength: 20 })
  const letters = fc.string({ unit: fc.constantFrom(...'ABCabc @19'), minLength: 1, maxLength: 11 })
  const address = fc.oneof(
    fc.record({
      ton: fc.constantFrom(0, 1, 2, 3, 4, 6),
      npi: fc.integer({ min: 0, max: 15 }),
      address: digits,
    }),
    fc.record({ ton: fc.constant(5), npi: fc.constant(0), address: letters }),
  )
  fc.assert(
    fc.property(address, (value) => {
      const { header, problems } = parseHeader(encodeHeader([replyAddressElement(value)]))
      assert.deepEqual(problems, [])
      assert.deepEqual(header?.replyAddress, { ...value })
    }),
  )
})

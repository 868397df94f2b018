import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deliverHead, frame } from '../testing/frame.ts'
import { commands, type PduInput } from './commands.ts'
import { decodeAt, decodeByTable, decodePdu } from './decode.ts'
import { encodePdu, writeFields } from './encode.ts'
import { readMessage, readMessageId, writeMessage, writeMessageId } from './fast-path.ts'
import { type Layout, layoutOf } from './layout.ts'
import { tlv } from './tlv.ts'

const seeds = [
  encodePdu({ command: 'submit_sm', destination_addr: '49170', short_message: Buffer.from('hello') }),
  encodePdu({ command: 'submit_sm', schedule_delivery_time: '000000010000000R', validity_period: '0' }),
  frame(5, `${deliverHead(2, 4)} 6869 001e 0003 616200 0427 0001 02 0423 0003 030001`),
  frame(5, `${deliverHead(0)} 001e 0003 616200`),
  encodePdu({ command: 'submit_sm_resp', message_id: 'abc' }),
  encodePdu({ command: 'data_sm_resp', message_id: 'abc', status: 8, tlvs: [tlv('dpf_result', 1)] }),
  frame(0x80000103, '001d 0003 6e6f00 0425 0001 02', { status: 0xfe }),
]

const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constant(0), fc.nat(255))), { maxLength: 4 }),
    fc.nat(),
  )
  .map(([seed, changes, cut]) => {
    const length = cut % 3 === 0 ? 16 + (cut % (seed.length - 15)) : seed.length
    const octets = Buffer.from(seed.subarray(0, length))
    for (const [at, value] of changes) if (length > 16) octets[16 + (at % (length - 16))] = value
    octets.writeUInt32BE(length, 0)
    return octets
  })

test('the fast paths and the table read the same from octets that are right, and from those that are not', () => {
  let fast = 0
  fc.assert(
    fc.property(mutated, (octets) => {
      // In the middle of a stream: what follows must not be taken for a part of it.
      const stream = Buffer.concat([Buffer.alloc(3, 1), octets, Buffer.alloc(40)])
      const byTable = decodeByTable(stream, 3, octets.length, layoutIn(octets))
      assert.deepEqual(decodeAt(stream, 3, octets.length), byTable)
      assert.equal(JSON.stringify(decodePdu(octets)), JSON.stringify(byTable))
      const layout = layoutIn(octets)
      const read = layout.shape === 'message' ? readMessage : readMessageId
      if (read(octets, 0, octets.length, layout) !== undefined) fast++
      else assert.ok(!byTable.ok || byTable.problems.length > 0 || byTable.pdu.status !== 0 || isBare(octets))
    }),
    { numRuns: 20_000 },
  )
  assert.ok(fast > 2_000, `only ${fast} went the fast way`)
})

const layoutIn = (octets: Buffer): Layout => {
  const id = octets.readUInt32BE(4)
  const [name] = Object.entries(commands).find(([, entry]) => entry.id === id)!
  return layoutOf(name)!
}
// An answer without a body is right, and goes by the table.
const isBare = (octets: Buffer): boolean => octets.length === 16

test('the fast paths take strings of the specified length, and leave longer ones to the table', () => {
  for (const command of ['submit_sm', 'submit_sm_resp'] as const) {
    const layout = layoutOf(command)!
    for (const { name, type, specified } of layout.fields) {
      if (type !== 'cstring') continue
      for (const length of [specified - 1, specified]) {
        const fields = layout.fields.map((field) => (field.name === name ? '41'.repeat(length) : ''))
        const octets = frame(layout.id, fields.map((value) => `${value}00`).join(''))
        const read = command === 'submit_sm' ? readMessage : readMessageId
        const taken = read(octets, 0, octets.length, layout) !== undefined
        assert.equal(taken, length < specified, `${name} of ${length}`)
        const decoded = decodePdu(octets)
        assert.ok(decoded.ok && decoded.problems.length === (taken ? 0 : 1))
      }
    }
  }
})

test('the fast paths and the table write the same octets, and refuse the same values', () => {
  const mostly = (right: fc.Arbitrary<unknown>, ...wrong: unknown[]) =>
    fc.oneof({ arbitrary: right, weight: 30 }, { arbitrary: fc.constantFrom(...wrong), weight: 1 })
  const strings = mostly(fc.string({ maxLength: 5 }), undefined, 'a\0b', '\u0100', 'a'.repeat(21), 5, null)
  const numbers = mostly(fc.nat(255), undefined, -1, 256, 1.5, Number.NaN, '5', null)
  const octets = mostly(fc.uint8Array({ maxLength: 255 }), undefined, new Uint8Array(256), 'text', null)
  const anyOf = { u8: numbers, cstring: strings, octets }
  let fast = 0
  for (const command of ['submit_sm', 'submit_sm_resp'] as const) {
    const layout = layoutOf(command)!
    const record = Object.fromEntries(
      layout.fields.map((field) => [field.name, anyOf[field.type as keyof typeof anyOf]]),
    )
    fc.assert(
      fc.property(fc.record(record), (fields) => {
        const swift = Buffer.alloc(700)
        const table = Buffer.alloc(700)
        const write = command === 'submit_sm' ? writeMessage : writeMessageId
        const end = write(swift, 0, { command, ...fields } as never)
        if (end >= 0) {
          assert.equal(writeFields(table, 0, layout.fields, fields), end)
          fast++
          assert.deepEqual(swift.subarray(0, end), table.subarray(0, end))
        } else assert.throws(() => writeFields(table, 0, layout.fields, fields), /cannot be encoded/)
      }),
      { numRuns: 3_000 },
    )
  }
  assert.ok(fast > 2_000, `only ${fast} went the fast way`)
})

test('values of a wrong type are refused, not written as zeros', () => {
  const wrong = [
    { command: 'submit_sm', short_message: 'hello' },
    { command: 'submit_sm', short_message: null },
    { command: 'submit_sm', esm_class: '4' },
    { command: 'submit_sm', source_addr: 12345 },
    { command: 'submit_sm_resp', message_id: 1 },
    { command: 'data_sm', tlvs: [{ tag: 1, value: 'text' }] },
  ]
  for (const pdu of wrong)
    assert.throws(
      () => encodePdu(pdu as unknown as PduInput),
      /^SmppError: The PDU cannot be encoded/,
      JSON.stringify(pdu),
    )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PduOf } from './commands.ts'
import { decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import { parseReceipt } from './receipt.ts'
import { dateOf } from './receipt-date.ts'
import { readReceiptText } from './receipt-text.ts'

const decoded = decodePdu(encodePdu({ command: 'deliver_sm' }))
assert.ok(decoded.ok)
const empty = decoded.pdu as PduOf<'deliver_sm'>

const pieces = fc.constantFrom(
  ...[
    'id:',
    'stat:',
    'err:',
    'text:',
    'sub:',
    'submit date:',
    'done date',
    ':',
    ' ',
    '\0',
    'DELIVRD',
    '0',
    '__proto__:',
  ],
  ...['x', 'constructor:', '\n', ',', 'date:', 'Ä', '00000', '\x1b'],
)
test('group 37: whatever stands in a receipt, reading it throws nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 254 }).map((octets) => Buffer.from(octets)),
        fc
          .array(pieces, { maxLength: 60 })
          .map((parts) => Buffer.from(parts.join(''), 'latin1').subarray(0, 254)),
      ),
      fc.constantFrom(0, 0x04, 0x08, 0x20, 0x44),
      fc.constantFrom(0, 3, 8),
      (octets, esm_class, data_coding) => {
        const receipt = parseReceipt(
          { ...empty, short_message: octets, esm_class, data_coding },
          { anyClass: true },
        )
        if (receipt === undefined) return
        for (const date of [receipt.doneAt, receipt.submittedAt])
          if (date !== undefined) dateOf(date, { offsetMinutes: 60 })
        assert.equal(receipt.id, receipt.ids[0] ?? '')
      },
    ),
    { numRuns: 5_000 },
  )
})

test('group 37: the fields of a receipt are found in any order', () => {
  const fields = [
    'id:AB1',
    'sub:001',
    'dlvrd:001',
    'submit date:2611220101',
    'done date:2611220102',
    'stat:EXPIRED',
    'err:021',
  ]
  fc.assert(
    fc.property(
      fc.shuffledSubarray(fields, { minLength: 7 }),
      fc.constantFrom(' ', '  ', ',', '\n', ';'),
      (order, gap) => {
        const { known } = readReceiptText(order.join(gap))
        assert.deepEqual(Object.fromEntries(known), {
          id: 'AB1',
          sub: '001',
          dlvrd: '001',
          submitdate: '2611220101',
          donedate: '2611220102',
          stat: 'EXPIRED',
          err: '021',
        })
      },
    ),
  )
})

test('group 37: the work grows with the length of the text and no faster', () => {
  // Counted, not timed: what is read of the text, by a string that counts its own reads.
  const readsOf = (text: string): number => {
    let reads = 0
    const counting = new Proxy(Object(text) as object, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          const result = (value as (...all: unknown[]) => unknown).apply(text, args)
          reads += typeof result === 'string' ? result.length + 1 : 1
          if (name === 'indexOf') reads += Math.max(0, (result as number) - Number(args[1] ?? 0))
          return result
        }
      },
    })
    readReceiptText(counting as unknown as string)
    return reads
  }
  for (const unit of [
    'id:',
    ' a:',
    '::',
    'submit ',
    'date: ',
    '\0',
    'x',
    'err:0 ',
    'sub 1 dlvrd:',
    ' :',
    '1sub:',
  ]) {
    const once = readsOf(unit.repeat(2_000))
    const twice = readsOf(unit.repeat(4_000))
    assert.ok(twice <= 2.2 * once + 1_000, `${JSON.stringify(unit)}: ${once}, then ${twice}`)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageIdKey, messageIdKeys, type Pdu, parseReceipt } from '@kurzpost/smpp'
import { type Dialect, dialects } from './dialects.ts'
import { receiptFields, type Told } from './receipt.ts'
import { type ReceiptState, receiptStates, wantsReceipt } from './receipt-state.ts'

const told = (more: Partial<Told> = {}): Told => ({
  id: '4711',
  tlvId: '4711',
  state: 'delivered',
  submittedAt: Date.UTC(2026, 6, 9, 7, 5, 59),
  doneAt: Date.UTC(2026, 11, 31, 23, 59, 1),
  ...more,
})
const textOf = (dialect: Dialect, more: Partial<Told> = {}): string =>
  Buffer.from(receiptFields(told(more), dialect).short_message).toString('latin1')

test('a receipt has the text of SMPP 3.4 appendix B, and the same in TLVs', () => {
  const { esm_class, data_coding, tlvs } = receiptFields(told(), 'classic')
  assert.equal(esm_class, 0x04)
  assert.equal(data_coding, 0)
  assert.equal(
    textOf('classic'),
    'id:4711 sub:001 dlvrd:001 submit date:2607090705 done date:2612312359 stat:DELIVRD err:000 text:',
  )
  assert.deepEqual(
    tlvs.map(({ tag, value }) => [tag, Buffer.from(value).toString('hex')]),
    [
      [0x001e, '3437313100'],
      [0x0427, '02'],
    ],
  )
})

const peculiar: [Dialect, Partial<Told>, RegExp][] = [
  ['classic', { state: 'undelivered' }, /dlvrd:000 .* stat:UNDELIV err:001 /],
  ['seconds', {}, /submit date:260709070559 done date:261231235901 /],
  ['century', {}, /done date:20261231235901 /],
  ['zero-dates', { state: 'undelivered' }, /done date:0000000000 stat:FAILED/],
  ['joined-keys', { state: 'rejected' }, /submitdate:260709070559 donedate:000000000000 stat:REJECTD/],
  ['err-hex', { state: 'undelivered' }, /err:201/],
  ['err-four', {}, /err:0000/],
  ['err-blank', {}, /err: 0/],
  ['stat-digit', {}, /stat:0 /],
  ['reordered', {}, /^stat:DELIVRD err:000 id:4711 /],
  ['lower-case', {}, /stat:delivrd/],
  ['id-in-tlv', {}, /^id: sub:001/],
]
for (const [dialect, more, form] of peculiar) {
  test(`${dialect}, ${more.state ?? 'delivered'}, is written as it is known: ${form.source}`, () => {
    assert.match(textOf(dialect, more), form)
  })
}

test('there are at least 15 dialects, and no two of them write alike', () => {
  const written = (Object.keys(dialects) as Dialect[]).map((dialect) =>
    JSON.stringify(receiptFields(told({ state: 'undelivered', reference: 7 }), dialect)),
  )
  assert.ok(written.length >= 15)
  // Three differ in the words for what was delivered alone.
  assert.ok(new Set(written).size >= written.length - 3)
})

/** What a parser is not asked for: an id where there is none, and a mark where there is neither class nor TLV. */
const unmarked = new Set<Dialect>(['class-0'])
const withoutId = new Set<Dialect>(['reference'])

for (const dialect of Object.keys(dialects) as Dialect[]) {
  test(`the parser of the stack reads id and state of ${dialect}`, () => {
    for (const state of ['delivered', 'undelivered', 'expired'] as const) {
      const fields = receiptFields(told({ id: '972660181', tlvId: '972660181', state }), dialect)
      const pdu = { command: 'deliver_sm', ...fields } as unknown as Pdu
      const receipt = parseReceipt(pdu, { anyClass: unmarked.has(dialect) })
      assert.ok(receipt, `${state} is no receipt`)
      assert.equal(receipt.state, state)
      if (!withoutId.has(dialect)) {
        assert.ok(messageIdKeys(receipt.id).includes(messageIdKey('39f99dd5')), receipt.id)
      }
    }
  })
}

test('every state has a receipt in every dialect', () => {
  for (const dialect of Object.keys(dialects) as Dialect[]) {
    for (const state of receiptStates) {
      const { short_message, tlvs } = receiptFields(told({ state }), dialect)
      assert.ok(short_message.length + tlvs.length > 0, `${dialect} ${state}`)
      assert.ok(short_message.length <= 254)
    }
  }
})

test('a receipt is sent only to those who asked for its kind', () => {
  const asked = (value: number): ReceiptState[] =>
    (['delivered', 'undelivered', 'enroute'] as const).filter((state) => wantsReceipt(value, state))
  assert.deepEqual(asked(0x00), [])
  assert.deepEqual(asked(0x01), ['delivered', 'undelivered'])
  assert.deepEqual(asked(0x02), ['undelivered'])
  assert.deepEqual(asked(0x03), ['delivered'])
  assert.deepEqual(asked(0x11), ['delivered', 'undelivered', 'enroute'])
  assert.deepEqual(asked(0x10), ['enroute'])
})

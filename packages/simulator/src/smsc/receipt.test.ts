import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMessageIds, spellingOf } from './message-id.ts'
import { receiptFields, wantsReceipt } from './receipt.ts'

const submitted = Date.UTC(2026, 6, 9, 7, 5, 59)
const done = Date.UTC(2026, 11, 31, 23, 59, 1)

test('a receipt has the text of SMPP 3.4 appendix B, and the same in TLVs', () => {
  const { esm_class, data_coding, short_message, tlvs } = receiptFields('4711', 'delivered', submitted, done)
  assert.equal(esm_class, 0x04)
  assert.equal(data_coding, 0)
  assert.equal(
    short_message.toString('latin1'),
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

test('a failure says so in text and TLV', () => {
  const { short_message, tlvs } = receiptFields('1', 'undelivered', submitted, done)
  assert.match(short_message.toString(), /dlvrd:000 .* stat:UNDELIV err:001 /)
  assert.deepEqual([...tlvs[1]!.value], [5])
})

test('a receipt is sent only to those who asked for its kind', () => {
  const asked = (value: number) =>
    (['delivered', 'undelivered', 'enroute'] as const).filter((state) => wantsReceipt(value, state))
  assert.deepEqual(asked(0x00), [])
  assert.deepEqual(asked(0x01), ['delivered', 'undelivered'])
  assert.deepEqual(asked(0x02), ['undelivered'])
  assert.deepEqual(asked(0x03), ['delivered'])
  assert.deepEqual(asked(0x11), ['delivered', 'undelivered', 'enroute'])
  assert.deepEqual(asked(0x10), ['enroute'])
})

test('ids are spelled as the setting says, in the answer and in the receipt', () => {
  const id = 0x39f99dd5
  const spelled = (['decimal', 'hex', 'hex-in-answer-decimal-in-receipt'] as const).map((base) => {
    const { answer, receipt } = spellingOf(base)
    return [answer(id), receipt(id)]
  })
  assert.deepEqual(spelled, [
    ['972660181', '972660181'],
    ['39f99dd5', '39f99dd5'],
    ['39f99dd5', '972660181'],
  ])
})

test('no two ids are the same, also after a start a millisecond later', () => {
  const first = createMessageIds(1_800_000_000_000)
  const second = createMessageIds(1_800_000_000_001)
  const ids = [...Array.from({ length: 999 }, first), ...Array.from({ length: 999 }, second)]
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every(Number.isSafeInteger))
})

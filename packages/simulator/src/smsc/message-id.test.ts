import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageIdKey, messageIdKeys } from '@kurzpost/smpp'
import { idSpellings } from '../settings/answer.ts'
import { createMessageIds, idWriter, lowBitsOf } from './message-id.ts'

const id = 0x39f99dd5 // facts group 31: 972660181
const written = (settings: Partial<Parameters<typeof idWriter>[0]>) =>
  idWriter({ idInAnswer: 'decimal', idInReceipt: 'same', idInTlv: 'same', idBits: '53', ...settings })

const forms: Record<(typeof idSpellings)[number], RegExp> = {
  decimal: /^972660181$/,
  hex: /^39f99dd5$/,
  'hex-upper': /^39F99DD5$/,
  'hex-mixed': /^39F99dD5$/,
  'hex-padded': /^0000000039f99dd5$/,
  'decimal-padded': /^0972660181$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-0000-000039f99dd5$/,
  dashed: /^000000-0039F9-9DD5$/,
}
for (const spelling of idSpellings) {
  test(`an id is written ${spelling}, and found again by it`, () => {
    const { answer, receipt, tlv } = written({ idInAnswer: spelling })
    assert.match(answer(id), forms[spelling])
    assert.deepEqual([receipt(id), tlv(id)], [answer(id), answer(id)])
    assert.equal(lowBitsOf(answer(id), { idInAnswer: spelling }), id)
  })
}

test('answer, text and TLV have each their own spelling, or follow the one before', () => {
  const { answer, receipt, tlv } = written({
    idInAnswer: 'hex',
    idInReceipt: 'decimal',
    idInTlv: 'hex-upper',
  })
  assert.deepEqual([answer(id), receipt(id), tlv(id)], ['39f99dd5', '972660181', '39F99DD5'])
  const following = written({ idInAnswer: 'hex', idInReceipt: 'decimal' })
  assert.equal(following.tlv(id), '972660181')
})

test('ids of 64 bits lie beyond 2^63, exactly, in both bases', () => {
  const { answer, receipt } = written({ idInAnswer: 'hex', idInReceipt: 'decimal', idBits: '64' })
  const large = 1_800_000_000_000_001
  assert.equal(BigInt(`0x${answer(large)}`), BigInt(receipt(large)))
  assert.ok(BigInt(receipt(large)) > 2n ** 63n)
  assert.ok(messageIdKeys(receipt(large)).includes(messageIdKey(answer(large))))
  assert.equal(lowBitsOf(answer(large), { idInAnswer: 'hex' }), large % 2 ** 32)
})

test('ids of 32 bits have at most ten digits', () => {
  assert.match(written({ idBits: '32' }).answer(1_800_000_000_000_001), /^\d{1,10}$/)
})

test('what is no id is not found', () => {
  for (const text of ['', 'x', '0x', '1.5', ' ', '-', '12-zz']) {
    assert.equal(lowBitsOf(text, { idInAnswer: 'dashed' }) ?? 0, 0, text)
  }
})

test('no two ids are the same, also after a start a millisecond later', () => {
  const first = createMessageIds(1_800_000_000_000)
  const second = createMessageIds(1_800_000_000_001)
  const ids = [
    ...Array.from({ length: 999 }, () => first(0)),
    ...Array.from({ length: 999 }, () => second(0)),
  ]
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every(Number.isSafeInteger))
})

test('ids come again after as many as the setting says', () => {
  const next = createMessageIds(1_800_000_000_000)
  const ids = Array.from({ length: 6 }, () => next(3))
  assert.deepEqual(ids.slice(3), ids.slice(0, 3))
  assert.equal(new Set(ids).size, 3)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf } from './learned.ts'

const ids = {
  text: { counts: { hex_to_decimal: 12 }, total: 12.4, reading: 'hex_to_decimal' },
  tlv: { counts: { same: 2 }, total: 2, reading: null },
}

test('a base that is certain can be pinned, one that is not only says how much was seen', () => {
  assert.deepEqual(factsOf({ learned: { ids }, settings: {} }), [
    {
      path: 'id_base.text',
      value: 'hex_to_decimal',
      seen: 12,
      pin: { id_base: { text: 'hex_to_decimal' } },
      pinned: false,
    },
    { path: 'id_base.tlv', value: undefined, seen: 2, pinned: false },
  ])
})

test('what the settings say already is pinned', () => {
  const [fact] = factsOf({ learned: { ids }, settings: { id_base: { text: 'hex_to_decimal' } } })
  assert.deepEqual([fact!.pinned, fact!.pin], [true, undefined])
})

test('a rate that was found can become the contract, rounded down', () => {
  const [fact] = factsOf({ learned: { segments_per_second: 48.7 }, settings: {} })
  assert.deepEqual(fact!.pin, { segments_per_second: 48 })
  assert.deepEqual(factsOf({ learned: {}, settings: {} }), [])
})

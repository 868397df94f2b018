import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeUcs2, encodeUcs2 } from './ucs2.ts'

test('a code unit is two octets, the high one first', () => {
  assert.deepEqual([...encodeUcs2('Ж😀')], [0x04, 0x16, 0xd8, 0x3d, 0xde, 0x00])
})

test('decode(encode(x)) is x for every text, lone surrogates included', () => {
  const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))
  fc.assert(fc.property(anyUnits, (text) => assert.equal(decodeUcs2(encodeUcs2(text)), text)))
})

test('a pair that a sender cut between two segments is whole once they are joined', () => {
  const octets = encodeUcs2('a😀')
  assert.equal(decodeUcs2(octets.subarray(0, 4)) + decodeUcs2(octets.subarray(4)), 'a😀')
})

test('half a code unit at the end shows as U+FFFD', () => {
  assert.equal(decodeUcs2(Uint8Array.of(0x00, 0x41, 0x00)), 'A\ufffd')
})

test('a text longer than an argument list may be is read', () => {
  const text = 'ж'.repeat(200_000)
  assert.equal(decodeUcs2(encodeUcs2(text)), text)
})

test('half a pair and a mark stay in long texts too, which take another way', () => {
  const long = 'ж'.repeat(100)
  for (const text of [`${long}\ud83d`, `\ude00${long}`, `\ufeff${long}`, `${long}😀`])
    assert.equal(decodeUcs2(encodeUcs2(text)), text)
})

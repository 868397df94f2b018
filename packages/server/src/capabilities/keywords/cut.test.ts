import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countSegments } from '@kurzpost/gsm'
import fc from 'fast-check'
import { cutToSegments } from './cut.ts'

test('what fits stays as it is', () => {
  assert.deepEqual(cutToSegments('a'.repeat(160), 1), { text: 'a'.repeat(160), cut: false })
})

test('what is too long ends at a word, with three dots', () => {
  const { text, cut } = cutToSegments('twelve words '.repeat(20), 1)
  assert.equal(cut, true)
  assert.match(text, /(twelve|words) \.\.\.$/)
  assert.equal(text.length <= 160 && text.length > 148, true)
})

test('signs that would cost segments are replaced before anything is cut', () => {
  assert.deepEqual(cutToSegments(`${'a'.repeat(150)}…`, 1), { text: `${'a'.repeat(150)}...`, cut: false })
})

test('any text fits when it is cut, and holds no control characters', () => {
  const any = fc.string({
    unit: fc.oneof(
      fc.constantFrom(' ', '\n', '\0', '€', '\ud800'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 700,
  })
  fc.assert(
    fc.property(any, fc.integer({ min: 1, max: 4 }), (text, most) => {
      const cut = cutToSegments(text, most)
      assert.ok(countSegments(cut.text).segments <= most)
      assert.ok(cut.text.isWellFormed() && !/[^\P{Cc}\n]/u.test(cut.text))
    }),
  )
})

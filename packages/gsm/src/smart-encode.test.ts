import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countSegments } from './count.ts'
import { smartEncode } from './smart-encode.ts'
import { anyMessage, applied, clusterText, transliterateOptions } from './texts.testing.ts'

test('one curly quote in 160 characters: three segments become one', () => {
  const text = `${'a'.repeat(159)}’`
  const result = smartEncode(text)
  assert.equal(result.applied, true)
  assert.equal(result.text, `${'a'.repeat(159)}'`)
  assert.deepEqual(result.before, { encoding: 'ucs2', segments: 3, units: 160 })
  assert.deepEqual(result.after, { encoding: 'gsm7', segments: 1, units: 160 })
  assert.deepEqual(result.changes, [{ index: 159, from: '’', to: "'", kind: 'typography' }])
})

test('what saves no segment is left as it is, unless GSM-7 is the aim', () => {
  const text = 'It’s here'
  assert.deepEqual(smartEncode(text), {
    text,
    applied: false,
    before: { encoding: 'ucs2', segments: 1, units: 9 },
    after: { encoding: 'ucs2', segments: 1, units: 9 },
    changes: [],
  })
  assert.equal(smartEncode(text, { when: 'gsm7' }).text, "It's here")
})

test('one letter that nothing stands for keeps all of the text', () => {
  const text = `${'a’'.repeat(40)}字`
  assert.equal(smartEncode(text, { when: 'gsm7' }).text, text)
  assert.equal(smartEncode(text).text, text)
})

test('fewer segments count even if it stays UCS-2: 71 units, one of them invisible', () => {
  const result = smartEncode(`${'字'.repeat(70)}\u200b`)
  assert.deepEqual([result.before.segments, result.after.segments], [2, 1])
})

test('70 ellipses are one segment, and would be two in GSM-7: they stay', () => {
  const text = '…'.repeat(70)
  assert.equal(smartEncode(text, { when: 'gsm7' }).applied, false)
})

test('level and language decide how far it goes', () => {
  const text = 'Zażółć gęślą jaźń. '.repeat(5)
  assert.equal(smartEncode(text).applied, false)
  assert.equal(
    smartEncode(text, { level: 'letters', language: 'pl' }).text,
    'Zazólc gesla jazn. '.repeat(5).replaceAll('ó', 'o'),
  )
})

test('never more segments, all or nothing, and the changes are all of it', () => {
  const options = fc.tuple(transliterateOptions, fc.constantFrom('fewer' as const, 'gsm7' as const))
  const long = fc
    .tuple(anyMessage, fc.oneof(anyMessage, clusterText, fc.constant('a'.repeat(150))))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(long, options, (text, [chosen, when]) => {
      const result = smartEncode(text, { ...chosen, when })
      assert.deepEqual(result.before, countSegments(text))
      assert.deepEqual(result.after, countSegments(result.text))
      assert.ok(result.after.segments <= result.before.segments)
      assert.equal(result.applied, result.text !== text)
      assert.equal(applied(text, result.changes), result.text)
      if (result.applied && when === 'fewer') assert.ok(result.after.segments < result.before.segments)
      if (result.applied && when === 'gsm7') assert.equal(result.after.encoding, 'gsm7')
    }),
  )
})

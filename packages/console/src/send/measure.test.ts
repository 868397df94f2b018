import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measure } from './measure.ts'

test('an empty text has one empty segment and no complaint', () => {
  const { segments, left, offenders, impossible } = measure('', 'auto')
  assert.deepEqual(
    { segments, left, offenders, impossible },
    {
      segments: [{ units: 0, capacity: 160 }],
      left: 160,
      offenders: [],
      impossible: false,
    },
  )
})

test('the characters that force Unicode are named once and marked each time', () => {
  const { encoding, offenders, marks } = measure('a…b😀c…', 'auto')
  assert.equal(encoding, 'ucs2')
  assert.deepEqual(offenders, [
    { char: '…', code: 'U+2026' },
    { char: '😀', code: 'U+1F600' },
  ])
  assert.deepEqual(marks, [
    { from: 1, to: 2 },
    { from: 3, to: 5 },
    { from: 6, to: 7 },
  ])
})

test('what the text would take without them is known', () => {
  const measured = measure(`${'a'.repeat(159)}’`, 'auto')
  assert.equal(measured.segments.length, 3)
  assert.equal(measured.withoutOffenders, 1)
  assert.equal(measured.replaced?.segments, 1)
})

test('a replacement is offered only if it frees the whole text', () => {
  assert.deepEqual(measure('“hi”', 'auto').replaced?.changes, [
    { from: '“', to: '"' },
    { from: '”', to: '"' },
  ])
  assert.equal(measure('“hi” 😀', 'auto').replaced, undefined)
})

test('asked for GSM only, a foreign character makes it impossible', () => {
  assert.equal(measure('…', 'gsm7').impossible, true)
  assert.equal(measure('ok', 'gsm7').impossible, false)
})

test('asked for Unicode, nothing offends', () => {
  const measured = measure('…', 'ucs2')
  assert.deepEqual([measured.encoding, measured.offenders, measured.marks], ['ucs2', [], []])
})

test('a text beyond 255 segments is measured and does not throw', () => {
  assert.equal(measure('a'.repeat(40_000), 'auto').segments.length, 255)
  assert.equal(measure('…'.repeat(20_000), 'auto').segments.length, 255)
})

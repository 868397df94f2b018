import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countSegments } from './count.ts'
import { GsmError } from './errors.ts'
import type { Language } from './languages/language.ts'
import { segmentText } from './segment.ts'
import { anyMessage, clusterText, gsmText } from './texts.testing.ts'

const nationalText = fc
  .array(fc.constantFrom(...'aşğİıçêãõ€[á'), { maxLength: 400 })
  .map((chars) => chars.join(''))

test('counts what segmentText makes, whatever is in the headers', () => {
  const options = fc.record(
    {
      languages: fc.subarray(['turkish', 'spanish', 'portuguese'] as Language[]),
      ports: fc.constant({ destination: 2948, source: 9200 }),
      referenceBits: fc.constantFrom(8 as const, 16 as const),
      encoding: fc.constantFrom('auto' as const, 'ucs2' as const),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(gsmText, clusterText, anyMessage, nationalText), options, (text, chosen) => {
      const { encoding, segments, units } = segmentText(text, chosen)
      assert.deepEqual(countSegments(text, chosen), { encoding, segments: segments.length, units })
    }),
  )
})

test('goes on counting where segmentText gives up', () => {
  assert.equal(countSegments('a'.repeat(153 * 300)).segments, 300)
  assert.equal(countSegments('😀'.repeat(33 * 300)).segments, 300)
})

test('refuses GSM-7 for what is not in it', () => {
  assert.throws(
    () => countSegments('ab…', { encoding: 'gsm7' }),
    (error) => error instanceof GsmError && error.code === 'not_encodable' && error.index === 2,
  )
})

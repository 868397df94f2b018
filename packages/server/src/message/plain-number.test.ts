import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { isPlainNumber } from './plain-number.ts'

const known = getCountries().flatMap((country) => getExampleNumber(country, examples)?.number ?? [])

test('what is plain is what the library takes, as it stands', () => {
  const some = fc.tuple(fc.constantFrom(...known), fc.nat(14), fc.stringMatching(/^\d{0,12}$/))
  // Each begins as a number of some country does and goes on anyhow.
  const texts = some.map(([number, kept, rest]) => number.slice(0, 2 + kept) + rest)
  fc.assert(
    fc.property(texts, (text) => {
      if (!isPlainNumber(text)) return
      const number = parsePhoneNumberFromString(text, 'DE')
      assert.deepEqual([number?.number, number?.isValid(), number?.isPossible()], [text, true, true])
    }),
    { numRuns: 3_000 },
  )
})

test('mobile numbers of most countries are plain', () => {
  const plain = known.filter(isPlainNumber)
  assert.ok(plain.length > known.length * 0.7, `${plain.length} of ${known.length}`)
  for (const number of ['+4915123456789', '+33612345678', '+436641234567', '+41781234567'])
    assert.ok(isPlainNumber(number), number)
})

test('what is shared between countries, has a prefix of home, or is no number, the library looks at', () => {
  for (const text of [
    '+12025550123',
    '+4901512345678',
    '+49',
    '4915123456789',
    '+49 15123456789',
    '+99912345678',
  ])
    assert.equal(isPlainNumber(text), false, text)
})

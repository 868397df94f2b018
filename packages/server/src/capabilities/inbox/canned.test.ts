import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { namesIn, render } from './canned.ts'

test('places are filled with what is known, and what is not stays for the agent and is named', () => {
  const text = 'Hallo {{name}}, {{ Agent }} hier. Ihre Nummer {{kundennummer}} liegt in {{stadt}}. {{stadt}}'
  assert.deepEqual(render(text, { name: 'Ada', agent: 'Ben', Kundennummer: 7, stadt: '' }), {
    text: 'Hallo Ada, Ben hier. Ihre Nummer 7 liegt in {{stadt}}. {{stadt}}',
    missing: ['stadt'],
  })
  assert.deepEqual(namesIn(text), ['name', 'Agent', 'kundennummer', 'stadt'])
})

test('a value is text: what looks like a place or a pattern in it is not read again', () => {
  assert.equal(render('{{a}}', { a: '{{b}} $& $1', b: 'no' }).text, '{{b}} $& $1')
})

test('a text without places comes through whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('{{')),
      (text) => assert.deepEqual(render(text, { a: 1 }), { text, missing: [] }),
    ),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { de } from '../strings/de.ts'
import { en } from '../strings/en.ts'
import { toCsv } from './csv.ts'
import { createFormats } from './formats.ts'
import { hexLines } from './hex.ts'
import { bareNumber, looksDialable, showNumber } from './phone.ts'
import { remains } from './remains.ts'

const shown: [string, string][] = [
  ['+491700000001', '+49 170 0000001'],
  ['+12025550123', '+1 202 5550123'],
  ['+352621000001', '+352 621 000001'],
  ['7678', '7678'],
  ['Kurzpost', 'Kurzpost'],
  ['', ''],
]
for (const [address, text] of shown) {
  test(`${JSON.stringify(address)} is shown as ${JSON.stringify(text)}, and read back as it was`, () => {
    assert.equal(showNumber(address), text)
    assert.equal(bareNumber(text), address)
  })
}

const typed: [string, string, boolean][] = [
  ['0049 (170) 000-0001', '+491700000001', true],
  ['+49\u00a0170/0000001', '+491700000001', true],
  ['0170 0000001', '01700000001', false],
  ['hello', 'hello', false],
]
for (const [text, bare, dialable] of typed) {
  test(`${JSON.stringify(text)} is ${dialable ? 'a' : 'no'} number for a handset`, () => {
    assert.equal(bareNumber(text), bare)
    assert.equal(looksDialable(text), dialable)
  })
}

test('a dump has an offset, the bytes and their letters a line, and pads the last one', () => {
  assert.deepEqual(hexLines('48690A7f41', 4), [
    { offset: '0000', bytes: '48 69 0a 7f', ascii: 'Hi··' },
    { offset: '0004', bytes: '41         ', ascii: 'A' },
  ])
})

test('CSV quotes what needs it, and a spreadsheet takes no cell for a formula', () => {
  assert.equal(
    toCsv([['a "b", c', 'two\nlines', '=1+1', '+491700000001', '@cmd']]),
    '\ufeff"a ""b"", c","two\nlines",\'=1+1,+491700000001,\'@cmd\r\n',
  )
})

test('what was typed while something was on its way stays, and what was sent goes', () => {
  assert.equal(remains('Hello', 'Hello'), '')
  assert.equal(remains('Hello and more', 'Hello'), 'and more')
  assert.equal(remains('Something else', 'Hello'), 'Something else')
  assert.equal(remains('', 'Hello'), '')
})

test('prices are shown in the reader’s way, with fractions of a cent where they are small', () => {
  const spaceless = (text: string) => text.replace(/\s/g, ' ')
  const [english, german] = [createFormats('en-GB', en), createFormats('de-DE', de)]
  const small = { amount: 0.0712, currency: 'EUR' }
  const large = { amount: 5_776.456, currency: 'EUR' }
  assert.equal(english.price(small), '€0.0712')
  assert.equal(spaceless(german.price(small)), '0,0712 €')
  assert.equal(english.price({ amount: 0.07, currency: 'EUR' }), '€0.07')
  assert.equal(english.price(large), '€5,776.46')
  assert.equal(spaceless(german.price(large)), '5.776,46 €')
  assert.equal(english.price({ amount: 1200, currency: 'JPY' }), 'JP¥1,200')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalizeRecipient, normalizeSender } from './address.ts'

const recipients: readonly [text: string, strict: string | undefined, lenient: string | undefined][] = [
  ['+4915123456789', '+4915123456789', '+4915123456789'],
  ['0151 23456789', '+4915123456789', '+4915123456789'],
  ['(0151) 2345-6789', '+4915123456789', '+4915123456789'],
  ['+49 (0) 151 23456789', '+4915123456789', '+4915123456789'],
  ['0049 151 23456789', '+4915123456789', '+4915123456789'],
  // The ranges that regulators keep free for fiction: no number of theirs is in use.
  ['+447700900123', undefined, '+447700900123'],
  // …though the library takes these for real.
  ['+4930231250001', '+4930231250001', '+4930231250001'],
  ['+12025550123', '+12025550123', '+12025550123'],
  ['', undefined, undefined],
  ['+', undefined, undefined],
  ['nobody', undefined, undefined],
  ['call +4915123456789 now', undefined, undefined],
  ['+4915123456789;ext=5', undefined, undefined],
  ['+49151234567890123', undefined, undefined],
  ['+4915123456789\0', undefined, undefined],
  ['+4915123456789,+4915123456780', undefined, undefined],
  ['١٢٣٤٥٦٧٨٩', undefined, undefined],
  ['1'.repeat(5_000), undefined, undefined],
]
for (const [text, strict, lenient] of recipients) {
  test(`${JSON.stringify(text).slice(0, 40)} as a recipient is ${strict ?? 'no number'}, in the sandbox ${lenient ?? 'neither'}`, () => {
    assert.equal(normalizeRecipient(text, { country: 'DE', lenient: false }), strict)
    assert.equal(normalizeRecipient(text, { country: 'DE', lenient: true }), lenient)
  })
}

test('a national number is read in the country of the setting', () => {
  assert.equal(normalizeRecipient('07400 123456', { country: 'GB', lenient: false }), '+447400123456')
})

const senders: readonly [text: string, expected: string | undefined][] = [
  ['Kurzpost', 'Kurzpost'],
  [' Kurzpost ', 'Kurzpost'],
  ['A1 & Co_-.+', 'A1 & Co_-.+'],
  ['ElevenChars', 'ElevenChars'],
  ['TwelveChars!', undefined],
  ['TwelveChars1', undefined],
  ['Grüße', undefined],
  ['@home', undefined],
  ['12345', '12345'],
  ['12', undefined],
  ['+4915123456789', '+4915123456789'],
  ['0151 23456789', '+4915123456789'],
  ['', undefined],
  ['\0', undefined],
  ['a\0b', undefined],
]
for (const [text, expected] of senders) {
  test(`group 52: ${JSON.stringify(text)} as a sender is ${expected ?? 'refused'}`, () => {
    assert.equal(normalizeSender(text, 'DE'), expected)
  })
}

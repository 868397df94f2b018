import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeGsm7, encodeGsm7, septetLength } from './alphabet.ts'
import { analyzeText } from './analyze.ts'
import { GsmError } from './errors.ts'
import { packSeptets } from './septets.ts'
import { gsmText } from './texts.testing.ts'

const codes: ReadonlyArray<readonly [char: string, septets: number[]]> = [
  ['@', [0x00]],
  ['£', [0x01]],
  ['$', [0x02]],
  ['Ç', [0x09]],
  ['\n', [0x0a]],
  ['_', [0x11]],
  ['Ξ', [0x1a]],
  ['É', [0x1f]],
  [' ', [0x20]],
  ['¤', [0x24]],
  ['¡', [0x40]],
  ['§', [0x5f]],
  ['¿', [0x60]],
  ['à', [0x7f]],
  ['\f', [0x1b, 0x0a]],
  ['^', [0x1b, 0x14]],
  ['{', [0x1b, 0x28]],
  ['}', [0x1b, 0x29]],
  ['\\', [0x1b, 0x2f]],
  ['[', [0x1b, 0x3c]],
  ['~', [0x1b, 0x3d]],
  [']', [0x1b, 0x3e]],
  ['|', [0x1b, 0x40]],
  ['€', [0x1b, 0x65]],
]

for (const [char, septets] of codes) {
  test(`${JSON.stringify(char)} is ${septets.map((septet) => septet.toString(16)).join(' ')} both ways`, () => {
    assert.deepEqual([...encodeGsm7(char)], septets)
    assert.equal(decodeGsm7(Uint8Array.from(septets)), char)
  })
}

test('the alphabet has 127 basic characters and 10 extended ones', () => {
  const costs = Array.from({ length: 0x10000 }, (_, unit) => septetLength(String.fromCharCode(unit)))
  assert.equal(costs.filter((cost) => cost === 1).length, 127)
  assert.equal(costs.filter((cost) => cost === 2).length, 10)
})

test('what looks like GSM-7 and is not is refused, with the index', () => {
  for (const char of '`çáíóúâêëîïôûÿ´“”‘’–…\u00a0\u001b\t😀') {
    assert.throws(
      () => encodeGsm7(`ab${char}`),
      (error) => error instanceof GsmError && error.code === 'not_encodable' && error.index === 2,
      char,
    )
    assert.equal(septetLength(`ab${char}`), -1)
  }
})

test('an error does not repeat the text, which may hold a code', () => {
  assert.throws(
    () => encodeGsm7('secret 4711 ’'),
    (error: Error) => !error.message.includes('4711'),
  )
})

const oddities: ReadonlyArray<readonly [name: string, septets: number[], text: string]> = [
  ['an escape before an unassigned code shows the basic character', [0x1b, 0x41], 'A'],
  ['two escapes show a space', [0x1b, 0x1b, 0x41], ' A'],
  ['an escape at the end shows a space', [0x41, 0x1b], 'A '],
  ['an octet above 0x7F shows as U+FFFD', [0x41, 0xe4], 'A\ufffd'],
  ['an octet above 0x7F after an escape shows as U+FFFD', [0x1b, 0xe5], '\ufffd'],
]
for (const [name, septets, text] of oddities) {
  test(name, () => assert.equal(decodeGsm7(Uint8Array.from(septets)), text))
}

test('decode(encode(x)) is x for every GSM-7 text', () => {
  fc.assert(fc.property(gsmText, (text) => assert.equal(decodeGsm7(encodeGsm7(text)), text)))
})

test('a refused text leaves nothing behind in the octets that come next', () => {
  assert.throws(() => encodeGsm7('€€€€€😀'))
  assert.deepEqual([...packSeptets(encodeGsm7('@@@@').slice())], [0, 0, 0, 0])
  assert.throws(() => encodeGsm7('€€€€€😀'))
  assert.deepEqual([...packSeptets(new Uint8Array(4))], [0, 0, 0, 0])
})

test('a text of any length is refused for its last character, and taken without it', () => {
  for (const length of [1, 160, 511, 512, 513, 5000]) {
    const text = 'a'.repeat(length)
    assert.equal(encodeGsm7(text).length, length)
    assert.throws(
      () => encodeGsm7(`${text}Ж`),
      (error) => error instanceof GsmError && error.code === 'not_encodable' && error.index === length,
    )
  }
})

test('octets handed out stay as they are while others are made', () => {
  const first = encodeGsm7('@@')
  const second = encodeGsm7('abc')
  assert.deepEqual([...first], [0, 0])
  assert.deepEqual([...second], [0x61, 0x62, 0x63])
})

test('every character that keeps a text out of GSM-7 is named, with its place', () => {
  assert.deepEqual(analyzeText('a’b😀`€'), {
    encoding: 'ucs2',
    offenders: [
      { index: 1, char: '’', codePoint: 0x2019 },
      { index: 3, char: '😀', codePoint: 0x1f600 },
      { index: 5, char: '`', codePoint: 0x60 },
    ],
  })
  assert.deepEqual(analyzeText('Grüße {€}'), { encoding: 'gsm7', offenders: [] })
  assert.deepEqual(analyzeText('\ud83d').offenders, [{ index: 0, char: '\ud83d', codePoint: 0xd83d }])
})

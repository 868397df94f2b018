import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { septetLength } from './alphabet.ts'
import { letters, typography } from './replacements.ts'
import { transliterate } from './transliterate.ts'

const replaced: ReadonlyArray<readonly [from: string, to: string]> = [
  ['«a» “b” „c‟ 〝d〞 ＂e＂', '"a" "b" "c" "d" "e"'],
  ["‘a’ ʻb‛ ´c` d'e", "'a' 'b' 'c' d'e"],
  ['1–2 — 3 ‑ 4 − 5', '1-2 - 3 - 4 - 5'],
  ['wait…', 'wait...'],
  ['10\u00a0000\u202f€\u2009!', '10 000 € !'],
  ['zero\u200bwidth\ufeff', 'zerowidth'],
  ['tab\there', 'tab here'],
  ['u\u0308ber e\u0301', 'über é'],
]
for (const [from, to] of replaced) {
  test(`${JSON.stringify(from)} becomes ${JSON.stringify(to)}`, () => {
    assert.equal(transliterate(from).text, to)
    assert.ok(septetLength(to) >= 0)
  })
}

const kept = [
  'Grüße für 5 € {ok}',
  'https://example.org/a–b/’c…d',
  'http://bücher.example/ść?q=“',
  'www.example.org/–',
  'example.org/caf\u00e9–bar',
  'j–k@example.org',
  'zażółć gęślą jaźń',
  '👩‍👩‍👧‍👦 ❤️ 🇩🇪',
  'שלום',
]
for (const text of kept) {
  test(`${JSON.stringify(text)} is left alone`, () => {
    const options = text.includes('/') || text.includes('@') ? { letters: true } : {}
    const expected = text.endsWith('“') ? `${text.slice(0, -1)}"` : text
    assert.equal(transliterate(text, options).text, expected)
  })
}

test('quotes and stops around an address are not part of it', () => {
  assert.equal(
    transliterate('See „https://example.org/–x“… (’www.example.org/ä–’)').text,
    'See "https://example.org/–x"... (\'www.example.org/ä–\')',
  )
})

test('letters are reduced only when asked for', () => {
  assert.equal(transliterate('Łódź, garçon – œuvre').text, 'Łódź, garçon - œuvre')
  assert.equal(transliterate('Łódź, garçon – œuvre', { letters: true }).text, 'Lodz, garcon - oeuvre')
  assert.equal(transliterate('n\u0303 z\u0301 ü ñ É', { letters: true }).text, 'ñ z ü ñ É')
})

test('each change is listed with its place in the text as given', () => {
  assert.deepEqual(transliterate('a… “b”').changes, [
    { index: 1, from: '…', to: '...' },
    { index: 3, from: '“', to: '"' },
    { index: 5, from: '”', to: '"' },
  ])
})

test('every row of the tables leads from outside GSM-7 into it, and no character stands in two', () => {
  const seen = new Set<string>()
  for (const [to, from] of [...typography, ...letters]) {
    assert.ok(septetLength(to) >= 0, to)
    for (const char of from) {
      assert.ok(!seen.has(char), `${char} stands twice`)
      seen.add(char)
    }
  }
})

test('the changes applied to the text as given make the result, and what is GSM-7 already stays', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '“',
      '”',
      '…',
      '–',
      '\u00a0',
      'ł',
      'e\u0301',
      '😀',
      ' ',
      'https://x.example/–',
      '://',
      '@',
      '.',
    ),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
  )
  const anyText = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, withLetters) => {
      const result = transliterate(text, { letters: withLetters })
      let applied = ''
      let at = 0
      for (const { index, from, to } of result.changes) {
        assert.equal(text.slice(index, index + from.length), from)
        assert.ok(septetLength(from) < 0 && septetLength(to) >= 0)
        applied += text.slice(at, index) + to
        at = index + from.length
      }
      assert.equal(applied + text.slice(at), result.text)
      if (septetLength(text) >= 0) assert.equal(result.text, text)
    }),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpus } from './corpus.testing.ts'
import { countSegments } from './count.ts'
import { countByTryingAll } from './reference.testing.ts'
import { segmentText } from './segment.ts'
import { smartEncode } from './smart-encode.ts'
import { applied } from './texts.testing.ts'
import { transliterate } from './transliterate.ts'

for (const { language, text, encoding, segments } of corpus) {
  const beginning = JSON.stringify(Array.from(text).slice(0, 24).join(''))
  test(`${language}: ${beginning} is ${segments} segment(s) of ${encoding}`, () => {
    assert.deepEqual(countByTryingAll(text), { encoding, segments })
    const cut = segmentText(text)
    assert.deepEqual({ encoding: cut.encoding, segments: cut.segments.length }, { encoding, segments })
    assert.equal(cut.segments.map((segment) => segment.text).join(''), text)
    assert.deepEqual(countSegments(text), { encoding, segments, units: cut.units })
  })
}

test('the corpus has thirty languages, and all that GSM-7 was made for', () => {
  const languages = new Set(corpus.map(({ language }) => language))
  assert.ok(languages.size >= 30)
  for (const language of ['de', 'en', 'it', 'sv', 'da', 'nb', 'fi']) assert.ok(languages.has(language))
})

test('no level ever makes a text of the corpus longer, and the changes are all of it', () => {
  for (const { language, text, segments } of corpus) {
    for (const level of ['typography', 'letters', 'scripts'] as const) {
      const plain = transliterate(text, { level, language })
      assert.equal(applied(text, plain.changes), plain.text)
      assert.deepEqual(transliterate(plain.text, { level, language }).changes, [])
      assert.ok(smartEncode(text, { level, language }).after.segments <= segments, text)
    }
  }
})

/** Languages whose messages fit GSM-7 once their letters are reduced, and those that need their script changed. */
const reducible = 'de en fr es pt it ca nl pl cs sk hu ro tr az sv da nb is fi et lv lt hr sl vi id sw'.split(
  ' ',
)
const transcribable = 'sr bg mk ru uk el'.split(' ')
for (const [level, languages] of [
  ['letters', reducible],
  ['scripts', transcribable],
] as const) {
  test(`level ${level} brings these languages to GSM-7: ${languages.join(' ')}`, () => {
    for (const language of languages) {
      for (const { text } of corpus.filter((row) => row.language === language)) {
        assert.equal(smartEncode(text, { level, language, when: 'gsm7' }).after.encoding, 'gsm7', text)
      }
    }
  })
}

test('emoji, and scripts that have no place in GSM-7, are left as they are', () => {
  const others = 'ar fa he ur hi bn ta te th zh ja ko ka hy am'.split(' ')
  for (const { language, text } of corpus) {
    if (!others.includes(language)) continue
    assert.deepEqual(transliterate(text, { level: 'scripts', language }), { text, changes: [] })
  }
  for (const { text } of corpus.filter(({ language }) => language === 'emoji')) {
    assert.equal(transliterate(text, { level: 'scripts' }).text, text)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countSegments } from '@kurzpost/gsm'
import { houseLanguages, houseText, ownText } from './texts.ts'
import { vocabulary } from './vocabulary.ts'
import { read } from './words.ts'

const said = { name: 'Stadtwerke AG', topic: null, contact: null }

test('every language that we read we also answer in', () => {
  assert.deepEqual([...houseLanguages].sort(), Object.keys(vocabulary).sort())
})

for (const language of houseLanguages) {
  test(`${language}: each confirmation is one segment, and the words that it names are understood`, () => {
    const texts = {
      out: houseText('opt_out', language, said),
      topic: houseText('opt_out', language, { ...said, topic: 'Linie S3' }),
      back: houseText('start', language, said),
      help: houseText('help', language, { ...said, contact: 'sw.example' }),
    }
    for (const [name, text] of Object.entries(texts)) {
      assert.equal(countSegments(text).segments, 1, `${name}: ${text}`)
      assert.doesNotMatch(text, /[{}]/)
      const order = text.match(/STOPP|STOP|START|BAJA|ALTA|SAIR|VOLTAR|DUR|BASLA|ALOITA|СТОП|СТАРТ|TD/)?.[0]
      const expected = name === 'out' || name === 'topic' ? 'start' : 'stop'
      assert.equal(read(order ?? '', { languages: [language] })?.act, expected, text)
    }
  })
}

test('a text of the topic comes before one of the account, each in the language wanted', () => {
  const account = { opt_out: { de: 'Konto', en: 'account' } }
  const topic = { opt_out: { de: '{name} ohne {topic}' } }
  assert.equal(
    ownText('opt_out', 'de', [topic, account], { ...said, topic: 'News' }),
    'Stadtwerke AG ohne News',
  )
  assert.equal(ownText('opt_out', 'en', [topic, account], said), 'account')
  assert.equal(ownText('opt_out', 'fr', [topic, account], said), undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstSpoken, regionalForm } from './locale.ts'

test('the first language of the reader that there is a catalogue for', () => {
  assert.equal(firstSpoken(['fr-FR', 'de-AT', 'en'], ['en', 'de']), 'de')
  assert.equal(firstSpoken(['fr-FR'], ['en', 'de']), undefined)
})

const forms: [string, string[], string][] = [
  ['de', ['en-US', 'de-AT', 'de'], 'de-AT'],
  ['en', ['de-DE'], 'en-GB'],
  ['en', ['en-US@posix'], 'en-GB'],
  ['en', ['en-US@posix', 'en-US'], 'en-US'],
  ['de', [], 'de'],
]
for (const [language, tags, form] of forms) {
  test(`${language} for a reader of ${tags.join(', ') || 'nothing'} is ${form}`, () => {
    assert.equal(regionalForm(language, tags), form)
    assert.doesNotThrow(() => new Intl.DateTimeFormat(regionalForm(language, tags)))
  })
}

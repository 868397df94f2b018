import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keywordsBench } from './testing.ts'

const bench = await keywordsBench()
const { add, receive, sent, trace } = bench

test('a word is answered by its text, in the language of the word, with the trace of who took it', async () => {
  await add({
    name: 'Opening hours',
    kind: 'template',
    keywords: [
      { word: 'ÖFFNUNG', language: 'de' },
      { word: 'HOURS', language: 'en' },
    ],
    texts: { answer: { de: 'Mo-Fr 9 bis 18 Uhr', en: 'Mon-Fri 9 to 18' } },
  })
  await receive('hours please!')
  assert.deepEqual(await sent(), ['Mon-Fri 9 to 18'])
  assert.deepEqual(await trace(), {
    asked: [{ step: 'keyword', by: 'keywords' }],
    taken_by: 'keywords',
    step: 'keyword',
    code: 'keyword_answer',
    sentence: 'HOURS (Opening hours) was answered.',
  })
  await receive('Oeffnung')
  await receive('Öffnumg')
  assert.deepEqual((await sent()).slice(1), ['Mo-Fr 9 bis 18 Uhr', 'Mo-Fr 9 bis 18 Uhr'])
  const [answer] = await bench.events('keyword.answered')
  assert.equal(answer!.payload.result, 'answer')
})

test('what is no word of ours is left to others', async () => {
  await receive('Hello, are you there?')
  assert.equal((await trace()).taken_by, null)
  assert.equal((await sent()).length, 3)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readRating } from './rating.ts'

const read: readonly [text: string, score: number, comment: string | null][] = [
  ['5', 5, null],
  [' 4 ', 4, null],
  ['3!', 3, null],
  ['5/5', 5, null],
  ['2 von 5', 2, null],
  ['4 out of 5', 4, null],
  ['5 Sterne', 5, null],
  ['Fünf', 5, null],
  ['two', 2, null],
  ['Note 2', 2, null],
  ['⭐⭐⭐⭐', 4, null],
  ['★★★★★ super', 5, 'super'],
  ['4 - etwas langsam', 4, 'etwas langsam'],
  ['1, nobody called back', 1, 'nobody called back'],
  ['5 danke!', 5, 'danke!'],
  ['３', 3, null],
]
const others = [
  '',
  'danke',
  '0',
  '6',
  '12',
  '5 Uhr passt',
  '5pm',
  '3 Stück bitte',
  '2 people',
  '⭐⭐⭐⭐⭐⭐',
  '3. Wann kommt ihr?',
  'einsam',
  '4ever',
]

for (const [text, score, comment] of read) {
  test(`"${text}" is a rating of ${score}`, () => assert.deepEqual(readRating(text), { score, comment }))
}
for (const text of others) {
  test(`"${text}" is no rating`, () => assert.equal(readRating(text), undefined))
}

test('whatever is read as a rating lies between 1 and 5', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const rating = readRating(text)
      assert.ok(rating === undefined || (rating.score >= 1 && rating.score <= 5))
    }),
  )
})

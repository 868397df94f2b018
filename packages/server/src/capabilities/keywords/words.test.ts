import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { vocabulary } from '../consent/vocabulary.ts'
import { isReserved, mayBeReserved } from './reserved.ts'
import { fold, mayMean, oneSlipApart, spellings, wordsOf } from './words.ts'

for (const [typed, word] of [
  ['S-Bahn', 'sbahn'],
  ['SBAHN!', 'sbahn'],
  ['s bahn 😀', 'sbahn'],
  ['Köln Hbf', 'koelnhbf'],
  ['KOELN HBF', 'koelnhbf'],
  ['Straße', 'strasse'],
  ['İPTAL', 'iptal'],
  ['ＦＵＬＬ', 'full'],
  ['Ελλάδα', 'ελλαδα'],
  ['नमस्ते', 'नमस्ते'],
] as const)
  test(`"${typed}" is looked up as "${word}"`, () => assert.equal(fold(typed), word.normalize('NFC')))

test('an umlaut is known without its dots, too', () => {
  assert.deepEqual(spellings('Öffnung'), ['oeffnung', 'offnung'])
  assert.deepEqual(spellings('Bus'), ['bus'])
})

test('folding a folded text changes nothing, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.equal(fold(fold(text)), fold(text))),
  )
})

test('words keep their capitals and inner signs, and lose what stands around them and what is only polite', () => {
  assert.deepEqual(wordsOf('  #Saldo: "Konto 12-3", bitte! 😀'), ['Saldo', 'Konto', '12-3'])
  assert.deepEqual(wordsOf('bitte'), ['bitte'])
  assert.deepEqual(wordsOf('?!'), [])
})

/** Optimal string alignment, by the book. */
function distance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)])
  for (let j = 0; j <= b.length; j++) d[0]![j] = j
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1)
    }
  return d[a.length]![b.length]!
}

test('one slip apart is a distance of one after Damerau and Levenshtein, for any two words', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
  fc.assert(
    fc.property(word, word, (a, b) => assert.equal(oneSlipApart(a, b), distance(a, b) === 1)),
    { numRuns: 2_000 },
  )
})

test('short words and other digits are no slips', () => {
  assert.equal(mayMean('abfahtr', 'abfahrt'), true)
  assert.equal(mayMean('bsu', 'bus'), false)
  assert.equal(mayMean('linie12', 'linie13'), false)
  assert.equal(mayMean('line12', 'linie12'), true)
})

test('every word that consent acts upon is reserved here', () => {
  const words = Object.values(vocabulary).flatMap((of) => {
    const { stop, softStop = [], help = [], start = [] } = of as Record<string, readonly string[]>
    return [...stop!, ...softStop, ...help, ...start]
  })
  assert.deepEqual(
    words.filter((word) => !isReserved(word)),
    [],
  )
})

test('what may be a STOP mistyped is taken for nothing else', () => {
  for (const word of ['STPO', 'Stopp', 'HLEP', 'abmeldn']) assert.equal(mayBeReserved(word), true, word)
  for (const word of ['SALDO', 'ABFAHRT', 'SHOPPING']) assert.equal(mayBeReserved(word), false, word)
})

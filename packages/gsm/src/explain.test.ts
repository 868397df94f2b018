import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { explainText } from './explain.ts'
import { segmentText } from './segment.ts'
import { clusterText, gsmText } from './texts.testing.ts'

const whys = (text: string, options?: Parameters<typeof explainText>[1]) =>
  explainText(text, options).characters.map(({ char, why, units }) => [char, why, units])

test('each character has its reason and its cost', () => {
  assert.deepEqual(whys('a€'), [
    ['a', 'basic', 1],
    ['€', 'extension', 2],
  ])
  assert.deepEqual(whys('a`😀'), [
    ['a', 'ucs2', 1],
    ['`', 'not_in_tables', 1],
    ['😀', 'not_in_tables', 2],
  ])
  const turkish = { languages: ['turkish'], encoding: 'gsm7' } as const
  assert.deepEqual(whys('aş€', turkish), [
    ['a', 'basic', 1],
    ['ş', 'single', 2],
    ['€', 'extension', 2],
  ])
  assert.deepEqual(whys(`aş€${'ş'.repeat(80)}`, turkish).slice(0, 3), [
    ['a', 'basic', 1],
    ['ş', 'locking', 1],
    ['€', 'locking', 1],
  ])
  assert.deepEqual(whys('aş', { languages: ['turkish'] }), [
    ['a', 'ucs2', 1],
    ['ş', 'ucs2', 1],
  ])
  assert.deepEqual(whys('èş^', turkish), [
    ['è', 'basic', 1],
    ['ş', 'single', 2],
    ['^', 'extension', 2],
  ])
  assert.deepEqual(whys('कA@।', { languages: ['hindi'], encoding: 'gsm7' }), [
    ['क', 'locking', 1],
    ['A', 'single', 2],
    ['@', 'single', 2],
    ['।', 'single', 2],
  ])
})

test('one backtick makes three segments of one, and the explanation says so', () => {
  const text = `${'a'.repeat(150)}\``
  const { segments, costs, characters } = explainText(text)
  assert.equal(segments, 3)
  assert.deepEqual(
    characters.filter(({ why }) => why === 'not_in_tables'),
    [{ index: 150, char: '`', why: 'not_in_tables', units: 1 }],
  )
  assert.deepEqual(costs, [
    { encoding: 'gsm7', shifts: {}, segments: 1, units: 151, missing: ['`'], chosen: false },
    { encoding: 'ucs2', shifts: {}, segments: 3, units: 151, missing: [], chosen: true },
  ])
})

test('what is missing counts as one septet each, over several segments too', () => {
  const [gsm7] = explainText('`'.repeat(307)).costs
  assert.deepEqual([gsm7!.segments, gsm7!.units, gsm7!.missing], [3, 307, ['`']])
})

test('the costs of the codings that compete stand side by side', () => {
  const { costs } = explainText(`è${'a'.repeat(200)}ş`, { languages: ['turkish', 'hindi'] })
  assert.deepEqual(
    costs.map(({ encoding, shifts, segments, missing, chosen }) => [
      encoding,
      shifts,
      segments,
      missing,
      chosen,
    ]),
    [
      ['gsm7', {}, 2, ['ş'], false],
      ['ucs2', {}, 4, [], false],
      ['gsm7', { single: 'turkish' }, 2, [], true],
      ['gsm7', { locking: 'turkish' }, 2, ['è'], false],
      ['gsm7', { locking: 'turkish', single: 'turkish' }, 2, ['è'], false],
    ],
  )
})

test('a table that has nothing of the text that the basic ones lack does not compete', () => {
  assert.equal(explainText('[é^€]', { languages: ['spanish'] }).costs.length, 2)
  assert.equal(explainText('[é^€]', { languages: ['turkish'] }).costs.length, 3)
})

test('a language that is named twice competes once', () => {
  const costs = (languages: 'turkish'[]) => explainText('ş'.repeat(100), { languages }).costs
  assert.deepEqual(costs(['turkish', 'turkish']), costs(['turkish']))
})

test('the explanation is that of segmentText, for any text and any languages', () => {
  const pieces = fc.array(fc.constantFrom('ş', 'ığ', 'é', 'ção', 'कोड', 'a', ' b', '€', '😀'), {
    maxLength: 120,
  })
  const anyText = fc.oneof(
    gsmText,
    clusterText,
    pieces.map((list) => list.join('')),
  )
  const anyLanguages = fc.subarray(['turkish', 'portuguese', 'hindi', 'spanish'] as const)
  fc.assert(
    fc.property(anyText, anyLanguages, (text, languages) => {
      const explained = explainText(text, { languages })
      const cut = segmentText(text, { languages })
      assert.equal(explained.encoding, cut.encoding)
      assert.deepEqual(explained.shifts, cut.shifts)
      assert.equal(explained.segments, cut.segments.length)
      assert.equal(explained.units, cut.units)
      assert.equal(
        explained.characters.reduce((sum, { units }) => sum + units, 0),
        cut.units,
      )
      assert.equal(explained.characters.map(({ char }) => char).join(''), text)
      assert.equal(explained.costs.filter(({ chosen }) => chosen).length, 1)
    }),
    { numRuns: 200 },
  )
})

test('more than 255 segments are counted, and not refused', () => {
  assert.equal(explainText('a'.repeat(255 * 153 + 1)).segments, 256)
})

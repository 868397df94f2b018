import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countSegments } from './count.ts'
import { createEstimator, type Estimate, estimateSegments } from './estimate.ts'
import { estimateBounds, type ValueBounds } from './estimate-bounds.ts'
import { smartEncode } from './smart-encode.ts'
import { fillTemplate, parseTemplate, type TemplatePart } from './template.ts'
import { anyMessage, basicChars, clusterText, gsmText } from './texts.testing.ts'

test('a template is literals and placeholders, and what is none is literal', () => {
  assert.deepEqual(parseTemplate('Hi {{ first name }}, {{code}}{{x}} {{}} {y} {{z}'), [
    'Hi ',
    { placeholder: 'first name' },
    ', ',
    { placeholder: 'code' },
    { placeholder: 'x' },
    ' {{}} {y} {{z}',
  ])
  assert.deepEqual(parseTemplate(''), [])
})

test('no value is nothing, and what every object has is no value', () => {
  const parts = parseTemplate('{{a}}|{{b}}|{{c}}|{{toString}}')
  assert.equal(fillTemplate(parts, { a: 0, b: null, c: 'x' }), '0||x|')
})

test('the numbers of an audience: least, most frequent, mean, most, and which recipient is an example', () => {
  const template = parseTemplate(`Hello {{name}}, ${'a'.repeat(140)}`)
  const names = ['Ann', 'Bob', 'Wolfgang Amadeus', 'Łucja', 'Eve', '']
  const estimate = estimateSegments(
    template,
    names.map((name) => ({ name })),
  )
  assert.deepEqual(estimate, {
    recipients: 6,
    segments: 9,
    min: 1,
    likely: 1,
    mean: 9 / 6,
    max: 3,
    bySegments: [
      { segments: 1, recipients: 4, example: 0 },
      { segments: 2, recipients: 1, example: 2 },
      { segments: 3, recipients: 1, example: 3 },
    ],
    ucs2: {
      recipients: 1,
      placeholders: [{ name: 'name', recipients: 1 }],
      characters: [{ char: 'Ł', codePoint: 0x141, recipients: 1, inTemplate: false }],
    },
    missing: [{ name: 'name', recipients: 1 }],
  } satisfies Estimate)
})

test('a template that forces UCS-2 by itself says so, and each recipient counts once a character', () => {
  const { ucs2 } = estimateSegments(parseTemplate('“{{a}}” {{b}} {{a}}'), [
    { a: '“ł', b: 'łł' },
    { a: 'x', b: 'y' },
  ])
  assert.deepEqual(ucs2, {
    recipients: 2,
    placeholders: [
      { name: 'a', recipients: 1 },
      { name: 'b', recipients: 1 },
    ],
    characters: [
      { char: '“', codePoint: 0x201c, recipients: 2, inTemplate: true },
      { char: '”', codePoint: 0x201d, recipients: 2, inTemplate: true },
      { char: 'ł', codePoint: 0x142, recipients: 1, inTemplate: false },
    ],
  })
})

test('of two numbers of segments that are equally frequent the greater is likely', () => {
  const texts = ['a', 'b', 'a'.repeat(161), 'b'.repeat(161)]
  assert.equal(estimateSegments([], texts).likely, 2)
})

test('with national tables Turkish names stay GSM-7 where that saves a segment', () => {
  const template = parseTemplate(`Hello {{name}}, ${'a'.repeat(140)}`)
  const audience = ['Ann', 'Işık', 'Łucja'].map((name) => ({ name }))
  const estimate = estimateSegments(template, audience, { languages: ['turkish'] })
  assert.deepEqual([estimate.ucs2.recipients, estimate.segments], [1, 1 + 1 + 3])
  assert.equal(estimateSegments(['Işık'], [{}], { languages: ['turkish'] }).ucs2.recipients, 1)
})

const borderCases: readonly string[] = [
  `${'a'.repeat(152)}€${'a'.repeat(152)}`,
  '€'.repeat(81),
  'Ж'.repeat(70),
  'Ж'.repeat(71),
  '😀'.repeat(67),
  'a'.repeat(161),
]
for (const text of borderCases) {
  test(`lengths do not decide where a pair may lie on a border: ${text.length} units from ${text.slice(-2)}`, () => {
    const { segments } = countSegments(text)
    const halves = { a: text.slice(0, 20), b: text.slice(20) }
    assert.equal(estimateSegments([text], [{}]).max, segments)
    assert.equal(estimateSegments(parseTemplate('{{a}}{{b}}'), [halves]).max, segments)
    assert.equal(estimateSegments([], [text]).max, segments)
  })
}

test('no recipients, no segments', () => {
  const { recipients, segments, min, likely, mean, max } = estimateSegments(['Hi'], [])
  assert.deepEqual(
    { recipients, segments, min, likely, mean, max },
    { recipients: 0, segments: 0, min: 0, likely: 0, mean: 0, max: 0 },
  )
})

test('with smart encoding the replaced texts are counted', () => {
  const template = parseTemplate(`Hello {{name}}, ${'a'.repeat(140)}`)
  const estimate = estimateSegments(template, [{ name: 'Łucja' }, { name: '字' }], {
    smartEncode: { level: 'letters' },
  })
  assert.deepEqual([estimate.min, estimate.max, estimate.ucs2.recipients], [1, 3, 1])
})

test('an audience is read once and one by one', () => {
  const estimator = createEstimator(parseTemplate('Hi {{n}}'))
  function* audience() {
    for (let index = 0; index < 1000; index++) {
      assert.equal(estimator.result().recipients, index)
      yield { n: index }
    }
  }
  for (const values of audience()) estimator.add(values)
  assert.equal(estimator.result().segments, 1000)
})

const turkish = fc.integer({ min: 0, max: 200 }).map((length) => 'aş'.repeat(length))
const value = fc.oneof(anyMessage, gsmText, clusterText, turkish, fc.constantFrom('\ud83d', '\ude00', ''))
const part: fc.Arbitrary<TemplatePart> = fc.oneof(
  value,
  fc.constantFrom({ placeholder: 'a' }, { placeholder: 'b' }),
)
const parts = fc.array(part, { maxLength: 5 })

test('each recipient counts exactly what the filled text takes, replaced or not', () => {
  const audience = fc.array(fc.oneof(fc.record({ a: value, b: value }), value), {
    minLength: 1,
    maxLength: 4,
  })
  const smart = fc.constantFrom(undefined, { level: 'scripts' as const })
  fc.assert(
    fc.property(
      parts,
      audience,
      smart,
      fc.record({
        referenceBits: fc.constantFrom(8 as const, 16 as const),
        languages: fc.subarray(['turkish', 'portuguese'] as const),
      }),
      (template, recipients, chosen, options) => {
        const texts = recipients.map((values) =>
          typeof values === 'string' ? values : fillTemplate(template, values),
        )
        const counts = texts.map((text) =>
          chosen ? smartEncode(text, { ...chosen, ...options }).after : countSegments(text, options),
        )
        const estimate = estimateSegments(template, recipients, {
          ...options,
          ...(chosen && { smartEncode: chosen }),
        })
        const segments = counts.map((count) => count.segments)
        assert.equal(estimate.min, Math.min(...segments))
        assert.equal(estimate.max, Math.max(...segments))
        assert.equal(
          estimate.segments,
          segments.reduce((sum, each) => sum + each, 0),
        )
        assert.equal(estimate.ucs2.recipients, counts.filter(({ encoding }) => encoding === 'ucs2').length)
        for (const row of estimate.bySegments) {
          assert.equal(row.example, segments.indexOf(row.segments))
          assert.equal(row.recipients, segments.filter((each) => each === row.segments).length)
        }
      },
    ),
  )
})

test('bounds: lengths alone give the least and the most', () => {
  const template = parseTemplate(`${'a'.repeat(150)}{{code}}{{name}}`)
  const code: ValueBounds = { min: 6, max: 6, alphabet: 'digits' }
  assert.deepEqual(estimateBounds(template, { code, name: { max: 4, alphabet: 'digits' } }), {
    min: 1,
    max: 1,
    ucs2: 'never',
  })
  assert.deepEqual(estimateBounds(template, { code, name: { max: 4, alphabet: 'gsm7' } }), {
    min: 1,
    max: 2,
    ucs2: 'never',
  })
  assert.deepEqual(estimateBounds(template, { code, name: { max: 4 } }), { min: 1, max: 3, ucs2: 'maybe' })
  assert.deepEqual(estimateBounds(['…', ...template], { code, name: { max: 4 } }), {
    min: 3,
    max: 3,
    ucs2: 'always',
  })
  assert.throws(() => estimateBounds(template, { code }), RangeError)
})

test('no text within the bounds takes fewer or more segments', () => {
  const bounded = fc.oneof(
    fc.record({
      alphabet: fc.constant('digits' as const),
      text: fc.array(fc.constantFrom(...basicChars), { maxLength: 400 }).map((all) => all.join('')),
    }),
    fc.record({
      alphabet: fc.constant('gsm7' as const),
      text: fc.oneof(gsmText, fc.constantFrom('€'.repeat(200), `a${'€'.repeat(300)}`)),
    }),
    fc.record({
      alphabet: fc.constant('any' as const),
      text: fc.oneof(value, fc.constantFrom('😀'.repeat(200), `a${'😀'.repeat(300)}`)),
    }),
  )
  const slack = fc.nat(3)
  fc.assert(
    fc.property(
      parts,
      bounded,
      bounded,
      slack,
      fc.constantFrom(8 as const, 16 as const),
      (template, a, b, more, referenceBits) => {
        const bound = ({ alphabet, text }: typeof a): ValueBounds => ({
          alphabet,
          min: Math.max(0, text.length - more),
          max: text.length + more,
        })
        const estimate = estimateBounds(template, { a: bound(a), b: bound(b) }, { referenceBits })
        const { segments, encoding } = countSegments(fillTemplate(template, { a: a.text, b: b.text }), {
          referenceBits,
        })
        assert.ok(
          estimate.min <= segments && segments <= estimate.max,
          `${estimate.min} ${segments} ${estimate.max}`,
        )
        if (estimate.ucs2 !== 'maybe') assert.equal(encoding, estimate.ucs2 === 'always' ? 'ucs2' : 'gsm7')
      },
    ),
  )
})

test('an empty text, given as such, lacks no value', () => {
  assert.deepEqual(estimateSegments([{ placeholder: 'name' }], ['']).missing, [])
  assert.deepEqual(estimateSegments([{ placeholder: 'name' }], [{}]).missing, [
    { name: 'name', recipients: 1 },
  ])
})

test('pairs leave a septet empty in every segment but the last', () => {
  const euros = { euros: { max: 152, alphabet: 'gsm7' } } as const
  const of = (literal: string) => estimateBounds([literal, { placeholder: 'euros' }], euros).max
  assert.deepEqual([of('a'), of('aa')], [2, 3])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type IdRelation, messageIdKey, messageIdKeys, relationsOf } from './message-id.ts'
import { createIdMatcher, type IdSample, learnIdBase } from './message-id-base.ts'

const pairs: [answer: string, receipt: string, relation: IdRelation][] = [
  ['39f99dd5', '972660181', 'hex-to-decimal'],
  ['972660181', '39f99dd5', 'decimal-to-hex'],
  ['972660181', '39F99DD5', 'decimal-to-hex'],
  ['39F99DD5', '0972660181', 'hex-to-decimal'],
  ['812FC7470000001B', '9308878062554710043', 'hex-to-decimal'],
  ['9308878062554710043', '812fc7470000001b', 'decimal-to-hex'],
  ['0913121205', '913121205', 'same'],
  ['913121205', '0913121205', 'same'],
  ['ABCDEF', 'abcdef', 'same'],
  ['0x1F', '31', 'hex-to-decimal'],
  ['31', '0x1F', 'decimal-to-hex'],
  ['0x1f', '1F', 'same'],
  ['000000ff', '255', 'hex-to-decimal'],
  ['0000000255', '000000FF', 'decimal-to-hex'],
  ['12345\0', ' 12345 ', 'same'],
  ['abc-1\0\0\0', 'ABC-1', 'same'],
  ['1101C1-C9D03D-F000', '1101c1-c9d03d-f000', 'same'],
  ['6F1C2A34-9B1E-4C0A-8F7D-1234567890AB', '6f1c2a34-9b1e-4c0a-8f7d-1234567890ab', 'same'],
  ['ffffffffffffffffffffffffffffffff', '340282366920938463463374607431768211455', 'hex-to-decimal'],
]
for (const [answer, receipt, relation] of pairs) {
  test(`group 31: ${JSON.stringify(answer)} and ${JSON.stringify(receipt)} are the same message (${relation})`, () => {
    assert.ok(messageIdKeys(receipt).includes(messageIdKey(answer)), messageIdKeys(receipt).join(' '))
    assert.ok(messageIdKeys(answer).includes(messageIdKey(receipt)), messageIdKeys(answer).join(' '))
    assert.deepEqual(relationsOf(answer, receipt), [relation])
    assert.ok(messageIdKeys(receipt, relation).includes(messageIdKey(answer)))
  })
}

test('group 31: ids that are no numbers are only folded, and the stored key is the fold', () => {
  assert.deepEqual(messageIdKeys('1101C1-C9D03D-F000'), ['1101c1-c9d03d-f000'])
  assert.deepEqual(messageIdKeys('1101C1-C9D03D-F000', 'hex-to-decimal'), ['1101c1-c9d03d-f000'])
  assert.deepEqual(messageIdKeys(' AbC-1\0\0'), ['abc-1'])
  assert.deepEqual(messageIdKeys(''), [''])
  assert.equal(messageIdKeys('00FF')[0], messageIdKey('ff'))
  assert.equal(messageIdKey('000'), '0')
})

const number = fc.bigInt({ min: 10n, max: 2n ** 128n - 1n })
const written = {
  decimal: (value: bigint) => value.toString(),
  hex: (value: bigint) => value.toString(16),
}
const dress = fc.record({ upper: fc.boolean(), zeros: fc.nat(8), nul: fc.boolean(), blank: fc.boolean() })
type Dress = typeof dress extends fc.Arbitrary<infer T> ? T : never
const dressed = (id: string, { upper, zeros, nul, blank }: Dress): string =>
  `${blank ? ' ' : ''}${'0'.repeat(zeros)}${upper ? id.toUpperCase() : id}${nul ? '\0' : ''}`

test('group 31: any number matches itself in any base, case and padding, and a relation leaves one reading', () => {
  const base = fc.constantFrom('decimal' as const, 'hex' as const)
  fc.assert(
    fc.property(number, base, base, dress, dress, (value, inAnswer, inReceipt, one, other) => {
      const answer = dressed(written[inAnswer](value), one)
      const receipt = dressed(written[inReceipt](value), other)
      assert.ok(messageIdKeys(receipt).includes(messageIdKey(answer)))
      const relation =
        inAnswer === inReceipt ? 'same' : inAnswer === 'hex' ? 'hex-to-decimal' : 'decimal-to-hex'
      assert.ok(relationsOf(answer, receipt).includes(relation))
      if (relation !== 'same') assert.equal(messageIdKeys(receipt, relation).length, 1)
    }),
  )
})

test('group 31: the key of a key is the key, and every candidate is one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 70 }), fc.stringMatching(/^0x?[0-9a-fA-F]{1,70}$/)), (id) => {
      assert.equal(messageIdKey(messageIdKey(id)), messageIdKey(id))
      assert.equal(messageIdKeys(id)[0], messageIdKey(id))
    }),
  )
})

const samplesOf = (relation: IdRelation, from: bigint, count: number): IdSample[] =>
  Array.from({ length: count }, (_, i) => {
    const value = from + BigInt(i)
    const hex = value.toString(16).toUpperCase()
    const decimal = value.toString().padStart(10, '0')
    if (relation === 'same') return { answer: decimal, receipt: value.toString() }
    return relation === 'hex-to-decimal'
      ? { answer: hex, receipt: decimal }
      : { answer: decimal, receipt: hex }
  })

for (const relation of ['same', 'hex-to-decimal', 'decimal-to-hex'] as const)
  test(`group 31: ${relation} is learned from eight pairs, and not from seven`, () => {
    assert.equal(learnIdBase(samplesOf(relation, 1_000n, 7)).relation, undefined)
    const base = learnIdBase(samplesOf(relation, 1_000n, 8))
    assert.deepEqual([base.relation, base.likely, base.confidence], [relation, relation, 0.9])
  })

test('group 31: a learned base ends the doubt whether 10 is ten or sixteen: no wrong segment matches any more', () => {
  // Ids one after another in hex, receipts in decimal: what a receipt says is also the hex id of another segment.
  const answers = new Map<string, bigint>()
  for (let value = 0x1000n; value < 0x9000n; value++) answers.set(messageIdKey(value.toString(16)), value)
  const wrongOf = (keys: (receipt: string) => string[]): number => {
    let wrong = 0
    for (let value = 0x1000n; value < 0x2000n; value++)
      for (const key of keys(value.toString())) if (answers.has(key) && answers.get(key) !== value) wrong++
    return wrong
  }
  const matcher = createIdMatcher()
  assert.ok(wrongOf(matcher.keys) > 100, 'the doubt is real')
  for (const sample of samplesOf('hex-to-decimal', 0x1000n, 20)) matcher.learn(sample)
  assert.equal(wrongOf(matcher.keys), 0)
  for (let value = 0x1000n; value < 0x2000n; value++)
    assert.equal(answers.get(matcher.keys(value.toString())[0]!), value)
})

test('group 31: numbers below ten and ids that fit nothing do not decide; a mixed link stays undecided', () => {
  assert.equal(
    learnIdBase(Array.from({ length: 50 }, () => ({ answer: '7', receipt: '07' }))).confidence,
    0.5,
  )
  assert.equal(
    learnIdBase(Array.from({ length: 50 }, () => ({ answer: 'a-1', receipt: 'b-2' }))).likely,
    undefined,
  )
  assert.equal(learnIdBase([{ answer: '', receipt: '' }]).counts.none, 1)
  const mixed = samplesOf('same', 5_000n, 20).flatMap((one, i) => [
    one,
    samplesOf('decimal-to-hex', 5_000n, 20)[i]!,
  ])
  assert.equal(learnIdBase(mixed).relation, undefined)
})

test('group 31: one wrong pair in a hundred does not unlearn a base, a changed carrier does', () => {
  const matcher = createIdMatcher()
  for (const sample of samplesOf('same', 10_000n, 100)) matcher.learn(sample)
  matcher.learn({ answer: '12345678', receipt: '87654321' })
  assert.equal(matcher.base.relation, 'same')
  for (const sample of samplesOf('hex-to-decimal', 10_000n, 30)) matcher.learn(sample)
  assert.equal(matcher.base.relation, undefined)
  for (const sample of samplesOf('hex-to-decimal', 20_000n, 200)) matcher.learn(sample)
  assert.equal(matcher.base.relation, 'hex-to-decimal')
})

test('group 31: what was learned survives a restart as JSON', () => {
  const matcher = createIdMatcher()
  for (const sample of samplesOf('decimal-to-hex', 1_000n, 40)) matcher.learn(sample)
  const next = createIdMatcher()
  next.restore(JSON.parse(JSON.stringify(matcher.base)))
  assert.deepEqual(next.base, matcher.base)
  assert.deepEqual(next.keys('FF'), ['255'])
})

test('an id that is longer than any number of the specification is only folded: conversion would cost its square', () => {
  const longest = '9'.repeat(64)
  assert.equal(messageIdKeys(longest).length, 3)
  assert.deepEqual(messageIdKeys(`${longest}9`), [`${longest}9`])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAssembly } from './assembly.ts'
import type { ReadSegment } from './read.ts'

const counts = () => ({ duplicate_parts: 0, incomplete_dropped: 0 })
const part = (text: string, number: number, total = 3, reference = 7): ReadSegment => ({
  text,
  encoding: 'gsm7',
  concat: { reference, total, part: number },
})

test('parts make a text in any order, with the ids in the order of the parts', () => {
  const assembly = createAssembly(counts())
  assert.equal(assembly.add('a', 'b', part('Z', 3), '30'), undefined)
  assert.equal(assembly.add('a', 'b', part('X', 1), '10'), undefined)
  assert.equal(assembly.open, 1)
  assert.deepEqual(assembly.add('a', 'b', part('Y', 2), '20'), {
    text: 'XYZ',
    encoding: 'gsm7',
    segments: 3,
    ids: ['10', '20', '30'],
  })
  assert.equal(assembly.open, 0)
})

test('texts of other senders, receivers, references and totals do not mix', () => {
  const assembly = createAssembly(counts())
  assembly.add('a', 'b', part('1', 1, 2), '1')
  const others = [
    assembly.add('x', 'b', part('2', 2, 2), '2'),
    assembly.add('a', 'x', part('2', 2, 2), '3'),
    assembly.add('a', 'b', part('2', 2, 2, 8), '4'),
    assembly.add('a', 'b', part('2', 2, 3), '5'),
  ]
  assert.deepEqual(others, [undefined, undefined, undefined, undefined])
  assert.equal(assembly.add('a', 'b', part('2', 2, 2), '6')?.text, '12')
})

test('a part that came twice counts once, and is counted', () => {
  const seen = counts()
  const assembly = createAssembly(seen)
  assembly.add('a', 'b', part('1', 1, 2), '1')
  assert.equal(assembly.add('a', 'b', part('1', 1, 2), '2'), undefined)
  assert.equal(assembly.add('a', 'b', part('2', 2, 2), '3')?.text, '12')
  assert.deepEqual(seen, { duplicate_parts: 1, incomplete_dropped: 0 })
})

test('a reference that comes round again gives up the text that never became whole', () => {
  const seen = counts()
  const assembly = createAssembly(seen)
  assembly.add('a', 'b', part('old', 1, 2), '1')
  assert.equal(assembly.add('a', 'b', part('new', 1, 2), '2'), undefined)
  assert.equal(assembly.add('a', 'b', part('er', 2, 2), '3')?.text, 'newer')
  assert.equal(seen.incomplete_dropped, 1)
})

test('only so many texts are open at a time: the oldest is given up', () => {
  const seen = counts()
  const assembly = createAssembly(seen, 2)
  for (const reference of [1, 2, 3]) assembly.add('a', 'b', part('1', 1, 2, reference), '1')
  assert.equal(assembly.open, 2)
  assert.equal(seen.incomplete_dropped, 1)
  assert.equal(assembly.add('a', 'b', part('2', 2, 2, 1), '2'), undefined)
  assert.equal(assembly.add('a', 'b', part('2', 2, 2, 3), '3')?.text, '12')
})

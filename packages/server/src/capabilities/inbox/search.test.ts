import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSearch } from './search.ts'

test('numbers are looked for by their beginning, however they are typed', () => {
  for (const typed of ['+49 151 23', '0049 151 23', '0151/23'])
    assert.deepEqual(readSearch(typed, '49'), { address: '+4915123' })
  assert.deepEqual(readSearch('72975', '49'), { address: '72975' })
})

test('words are looked for by their stems and their beginnings', () => {
  assert.deepEqual(readSearch('  Rechnung: offen? ', '49'), {
    words: 'Rechnung offen',
    prefix: "'Rechnung':* & 'offen':*",
  })
  assert.equal(readSearch('?! …', '49'), undefined)
})

test('whatever is typed, no quote gets into the query', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const search = readSearch(text, '49')
      if (search && 'words' in search) assert.match(search.prefix, /^('[\p{L}\p{N}]+':\*( & |$))+$/u)
    }),
  )
})

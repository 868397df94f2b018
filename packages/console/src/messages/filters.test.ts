import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFiltered, listParameters, readListSearch } from './filters.ts'

test('the link from an audience shows its messages: the reference goes from the address bar to the API', () => {
  const search = readListSearch({ client_ref: 'aud_01k00000000000000000000000', nonsense: 'x' })
  assert.deepEqual(search, { client_ref: 'aud_01k00000000000000000000000' })
  assert.ok(isFiltered(search))
  assert.deepEqual(listParameters(search), [
    ['limit', '50'],
    ['client_ref', 'aud_01k00000000000000000000000'],
  ])
  assert.equal(readListSearch({ client_ref: 4711 }).client_ref, '4711')
})

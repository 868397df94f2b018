import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inList, nameOf, step } from './pointer.ts'

test('names with signs of the notation are escaped, and read back as a name', () => {
  assert.equal(step('a/b~c'), '/a~1b~0c')
  assert.equal(nameOf('/x/a~1b~0c/0'), 'a/b~c')
  assert.equal(nameOf('/0'), 'value')
})

for (const [pointer, list, inside] of [
  ['/departures/0/to/name', '/departures', '/to/name'],
  ['/0/line', '', '/line'],
  ['/a/1/b/2', '/a/1/b', ''],
  ['/order/state', undefined, undefined],
] as const)
  test(`${pointer} is ${list === undefined ? 'in no list' : `${inside || 'an entry'} in ${list || 'the whole'}`}`, () => {
    assert.deepEqual(inList(pointer), list === undefined ? undefined : { list, inside })
  })

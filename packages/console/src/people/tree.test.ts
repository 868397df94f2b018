import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftOf, isGroup, newGroup, newLeaf, replaced, treeOf } from './tree.ts'

const attributes = [
  { key: 'points', label: 'Points', type: 'number' as const, choices: [] },
  { key: 'member', label: 'Member', type: 'boolean' as const, choices: [] },
]

test('a tree that the builder shows comes back as it was', () => {
  const tree = {
    all: [
      { tag: 'vip' },
      { attribute: 'points', op: 'above', value: 5 },
      { attribute: 'member', op: 'is', value: false },
      { field: 'name', op: 'known' },
      { any: [{ delivered_within: 30 }, { consent: 'none', topic: 'top_x' }, { reachable: 'sms' }] },
      { none: [{ radius: { km: 2.5, postcode: '10115' } }, { list: 'lst_x' }] },
    ],
  }
  assert.deepEqual(treeOf(draftOf(tree)!, attributes), tree)
})

test('what the builder cannot show is not edited with it', () => {
  assert.equal(draftOf({ all: [{ radius: { km: 1, lat: 1, lon: 2 } }] }), undefined)
  assert.equal(draftOf({ field: 'name', op: 'one_of', value: ['a'] }), undefined)
})

test('nothing is asked while a condition is empty', () => {
  assert.equal(treeOf(newGroup('all', [newLeaf('tag')]), attributes), undefined)
  const leaf = { ...newLeaf('attribute:points'), op: 'above', value: 'many' }
  assert.equal(treeOf(newGroup('any', [leaf]), attributes), undefined)
  assert.deepEqual(treeOf(newGroup('all', []), attributes), { all: [] })
})

test('a part is changed or taken out wherever it stands', () => {
  const inner = newLeaf('tag')
  const draft = newGroup('all', [newGroup('any', [inner])])
  const changed = replaced(draft, inner.key, { ...inner, value: 'x' })
  assert.deepEqual(treeOf(changed, attributes), { all: [{ any: [{ tag: 'x' }] }] })
  const gone = replaced(draft, inner.key, undefined)
  assert.ok(isGroup(gone.parts[0]!) && gone.parts[0].parts.length === 0)
})

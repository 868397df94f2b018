import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actOf, acts, keysOf } from './keys.ts'

const press = (key: string, more = {}) =>
  actOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }, { typing: false, menu: false })

test('a key does its act, and none with a modifier, in a field or in a menu', () => {
  assert.equal(press('e'), 'close')
  assert.equal(press('e', { ctrlKey: true }), undefined)
  const plain = { key: 'e', ctrlKey: false, metaKey: false, altKey: false }
  assert.equal(actOf(plain, { typing: true, menu: false }), undefined)
  assert.equal(actOf(plain, { typing: false, menu: true }), undefined)
  assert.equal(press('x'), undefined)
})

test('every act has a key that the help can show', () => {
  for (const act of acts) assert.ok(keysOf(act).length > 0, act)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTyped } from './typed.ts'

test('the word that is asked for is taken with any spaces, and nothing else is', () => {
  assert.ok(isTyped(' +49 30 123456 ', '+4930123456'))
  assert.ok(isTyped('Stammkunden  Süd', 'Stammkunden Su\u0308d'))
  assert.ok(!isTyped('', 'backup'))
  assert.ok(!isTyped('Backup', 'backup'), 'what differs by its capitals may be something else')
  assert.ok(!isTyped('backup2', 'backup'))
})

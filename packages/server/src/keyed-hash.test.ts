import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyedHash } from './keyed-hash.ts'

test('a keyed hash is HMAC-SHA-256, whatever the key and the text, one after another', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 4 }),
      (key, texts) => {
        const hashed = keyedHash(key)
        for (const text of texts)
          assert.deepEqual(hashed(text), createHmac('sha256', key).update(text).digest())
      },
    ),
  )
})

test('a key longer than a block is refused, for it would have to be hashed first', () => {
  assert.throws(() => keyedHash(new Uint8Array(65)), RangeError)
})

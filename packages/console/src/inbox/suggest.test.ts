import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedAt, fitting, replaceAsked } from './suggest.ts'

test('a slash at the beginning of a word asks for a canned answer, one within a word does not', () => {
  assert.deepEqual(askedAt('/off', 4, ['canned']), { kind: 'canned', typed: 'off', from: 0, to: 4 })
  assert.equal(askedAt('Hallo /', 7, ['canned'])?.typed, '')
  assert.equal(askedAt('am 3/4', 6, ['canned']), undefined)
  assert.equal(askedAt('https://x', 9, ['canned']), undefined)
  assert.equal(askedAt('/off und', 8, ['canned']), undefined)
})

test('an @ names a colleague in a note only', () => {
  assert.equal(askedAt('Frag @Be', 8, ['canned', 'mention'])?.kind, 'mention')
  assert.equal(askedAt('Frag @Be', 8, ['canned']), undefined)
  assert.equal(askedAt('a@b', 3, ['mention']), undefined)
})

test('what is chosen stands in place of what was typed', () => {
  const asked = askedAt('Ja /off bitte', 7, ['canned'])!
  assert.deepEqual(replaceAsked('Ja /off bitte', asked, 'Bis 18 Uhr.'), {
    text: 'Ja Bis 18 Uhr. bitte',
    cursor: 14,
  })
})

test('shortcuts come before titles, and nothing typed shows all', () => {
  const rows = [
    { shortcut: 'zeiten', title: 'Offen' },
    { shortcut: 'offen', title: 'Zeiten' },
  ]
  assert.deepEqual(
    fitting(rows, 'OF').map(({ shortcut }) => shortcut),
    ['offen', 'zeiten'],
  )
  assert.equal(fitting(rows, '').length, 2)
})

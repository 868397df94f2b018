import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parametersOf, readInboxSearch } from './search.ts'

test('the address keeps what makes sense and drops the rest', () => {
  const id = `cnv_${'0'.repeat(26)}`
  assert.deepEqual(readInboxSearch({ view: 'mine', talk: id, q: '' }), { view: 'mine', talk: id })
  assert.deepEqual(readInboxSearch({ view: 'all', talk: 'msg_1', team: 'x', q: 'Rechnung' }), {
    q: 'Rechnung',
  })
})

test('words are looked for everywhere, a team and a view among what is open', () => {
  assert.deepEqual(parametersOf({ view: 'mine', q: 'x' }), [['q', 'x']])
  assert.deepEqual(parametersOf({}), [['state', 'open']])
  const team = `tem_${'0'.repeat(26)}`
  assert.deepEqual(parametersOf({ team }), [
    ['state', 'open'],
    ['team', team],
  ])
})

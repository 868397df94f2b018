import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acts, after, allowedFrom, states, target } from './state.ts'

test('every act leads to one state, from at least one other', () => {
  for (const act of acts) assert.ok(states.includes(target(act)) && allowedFrom(act).length > 0, act)
})

test('a message of the person opens a conversation wherever it stands, an answer of ours waits for them', () => {
  for (const state of states) {
    assert.equal(after(state, 'receive'), 'open')
    assert.equal(after(state, 'reply'), 'waiting')
  }
})

test('what is closed is not snoozed, woken or closed again', () => {
  assert.deepEqual(
    acts.filter((act) => after('closed', act) === undefined),
    ['wait', 'snooze', 'wake', 'close'],
  )
})

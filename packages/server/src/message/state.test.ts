import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../store/testing.ts'
import { allowedFrom, finalStates, isFinal, type State, states, storedFrom, transitions } from './state.ts'
import { ask } from './testing.ts'

const { db } = await testDatabase()

/** The words in quotes of a CHECK as PostgreSQL prints it. */
async function wordsOf(constraint: string): Promise<string[]> {
  const rows = await ask<{ text: string }>(
    db,
    `select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1 and conrelid = 'messages'::regclass`,
    [constraint],
  )
  assert.equal(rows.length, 1, `${constraint} stands once`)
  return [...rows[0]!.text.matchAll(/'([a-z_]+)'/g)].map((match) => match[1]!)
}

test('the database knows exactly the states of the table', async () => {
  assert.deepEqual((await wordsOf('messages_state')).sort(), [...states].sort())
})

test('the database holds the same states for final', async () => {
  assert.deepEqual((await wordsOf('messages_final')).sort(), [...finalStates].sort())
})

test('every state leads to states of the table, and no final one back into the works', () => {
  for (const [from, tos] of Object.entries(transitions) as [State, readonly State[]][]) {
    for (const to of tos) {
      assert.ok(states.includes(to), `${from} -> ${to}`)
      assert.notEqual(from, to)
      // Only the phone's own word outranks an end, and cancelled is one's own will.
      if (isFinal(from)) assert.equal(to, 'delivered', `${from} -> ${to}`)
    }
  }
})

test('every state but the first ones can be reached, and an end from every state that is none', () => {
  const born: State[] = ['accepted', 'received']
  for (const state of states) {
    if (!born.includes(state)) assert.notEqual(allowedFrom(state).length, 0, `nothing leads to ${state}`)
    const seen = new Set<State>([state])
    for (const at of seen) for (const next of transitions[at]) seen.add(next)
    assert.ok([...seen].some(isFinal), `${state} never ends`)
  }
})

test('the guard of an UPDATE names states as the column has them', () => {
  for (const to of states) {
    const stored = storedFrom(to)
    assert.ok(!stored.includes('on_wire'), to)
    assert.equal(new Set(stored).size, stored.length, to)
    for (const from of stored) assert.ok(states.includes(from))
  }
  assert.ok(storedFrom('submitted').includes('queued'))
})

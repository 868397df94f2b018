import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Talk } from '../api/inbox.ts'
import { answeredBy, mergedOf } from './merging.ts'

const anna = { id: 'usr_1', name: 'Anna' }
const ben = { id: 'usr_2', name: 'Ben' }
const talk = (of: Partial<Talk>) => ({ state: 'open', assignee: null, team: null, unread: 0, ...of }) as Talk

test('of two conversations the one that stays keeps its agent, the earlier state holds, and what is new adds up', () => {
  const merged = mergedOf(
    talk({ state: 'closed', assignee: anna, unread: 1 }),
    talk({ state: 'waiting', assignee: ben, team: { id: 'tem_1', name: 'Shop' }, unread: 2 }),
  )
  assert.deepEqual(merged, {
    state: 'waiting',
    assignee: anna,
    team: { id: 'tem_1', name: 'Shop' },
    unread: 3,
  })
  assert.equal(mergedOf(talk({ state: 'snoozed' }), talk({ state: 'open' })).state, 'open')
  assert.equal(mergedOf(talk({ state: 'closed' }), talk({ state: 'closed', assignee: ben })).assignee, ben)
})

const happened = (what: string, data: Record<string, unknown>, at = '') =>
  ({ kind: 'event', what, data, at, by: anna, message: null }) as Entry
const said = (direction: 'inbound' | 'outbound', by: typeof anna | null = null) =>
  ({ kind: 'message', what: null, data: null, at: '', by, message: { direction } }) as Entry

test('a dialog answers from when it was given the conversation until it gives it back, or an agent writes', () => {
  const given = happened('handed_over', { to: 'orders' }, 'noon')
  assert.equal(answeredBy([said('inbound')]), undefined)
  assert.deepEqual(answeredBy([given, said('inbound'), said('outbound')]), {
    dialog: 'orders',
    since: 'noon',
  })
  assert.equal(answeredBy([given, happened('handed_to_us', { from: 'orders' })]), undefined)
  assert.equal(answeredBy([given, said('outbound', ben)]), undefined)
  assert.deepEqual(
    answeredBy([happened('handed_to_us', { from: 'orders' }), given, happened('closed', {})]),
    {
      ...{ dialog: 'orders', since: 'noon' },
    },
  )
})

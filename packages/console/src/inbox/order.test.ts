import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Talk } from '../api/inbox.ts'
import { countNew, extended, freshly, goneFrom, neighbour, patched, without } from './order.ts'

const talk = (id: string, minute: number, unread = 0) =>
  ({ id, unread, last_at: `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z` }) as Talk

const [a, b, c] = [talk('a', 30), talk('b', 20), talk('c', 10)]

test('a row that changes stays where it is, and a new one is counted and not put in', () => {
  const shown = freshly([a, b, c])
  const fresh = [talk('d', 50), talk('c', 40, 2), a, b]
  const after = patched(shown, fresh)
  assert.deepEqual(after.ids, ['a', 'b', 'c'])
  assert.equal(after.rows.get('c')!.unread, 2)
  assert.equal(countNew(after, fresh), 1)
})

test('what the view no longer holds is known as gone, as far down as the server has told', () => {
  const shown = freshly([a, b, c])
  assert.deepEqual([...goneFrom(shown, [a, c], true)], ['b'])
  assert.deepEqual([...goneFrom(shown, [a], false)], [], 'below the page nobody knows')
  assert.deepEqual([...goneFrom(shown, [a, c], false)], ['b'])
})

test('pages are added once, and one that is taken away leaves its place', () => {
  const shown = extended(freshly([a, b]), [b, c])
  assert.deepEqual(shown.ids, ['a', 'b', 'c'])
  assert.deepEqual(without(shown, 'b').ids, ['a', 'c'])
})

test('up and down stop at the ends, and begin at one where nothing is chosen', () => {
  const ids = ['a', 'b', 'c']
  assert.equal(neighbour(ids, 'a', 1), 'b')
  assert.equal(neighbour(ids, 'c', 1), undefined)
  assert.equal(neighbour(ids, undefined, 1), 'a')
  assert.equal(neighbour(ids, 'x', -1), 'c')
})

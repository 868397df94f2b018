import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Audience, Segment, Tree } from '../api/contacts.ts'
import { heldFor, segmentsOn } from './uses.ts'

const segment = (name: string, definition: Tree): Segment => ({ id: name, name, definition, updated_at: '' })
const audience = (name: string, of: Partial<Audience>) =>
  ({ name, state: 'held', list: null, segment: null, ...of }) as Audience

test('a list is used by the segments that ask for it, however deep', () => {
  const segments = [
    segment('plain', { list: 'lst_1' }),
    segment('deep', { all: [{ tag: 'vip' }, { none: [{ any: [{ list: 'lst_1' }] }] }] }),
    segment('negated', { not: { list: 'lst_1' } }),
    segment('other', { all: [{ list: 'lst_2' }, { tag: 'lst_1' }] }),
  ]
  assert.deepEqual(segmentsOn(segments, 'lst_1'), ['plain', 'deep', 'negated'])
})

test('what has not begun needs its list; what has begun or ended does not', () => {
  const audiences = [
    audience('waits', { list: 'lst_1' }),
    audience('runs', { list: 'lst_1', state: 'running' }),
    audience('of another', { list: 'lst_2' }),
    audience('of a segment', { segment: 'seg_1' }),
  ]
  assert.deepEqual(heldFor(audiences, 'lst_1'), ['waits'])
  assert.deepEqual(heldFor(audiences, 'seg_1'), ['of a segment'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hours } from './hours.ts'
import { clocksFor, type Promised } from './targets.ts'

const hours: Hours = {
  time_zone: 'Europe/Berlin',
  openings: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  closed_on: [],
}
const promised: Promised[] = [
  { target: 'first_answer', minutes: 60, warn_minutes: 15 },
  { target: 'next_answer', minutes: 30, warn_minutes: 0 },
  { target: 'resolution', minutes: 16 * 60, warn_minutes: 60 },
]
const friday = new Date('2026-11-20T16:30:00+01:00')

test('a message that opens starts the clocks of the first answer and of the resolution, in opening time', () => {
  assert.deepEqual(clocksFor(promised, hours, { at: friday, opened: true, answered: false }), [
    {
      target: 'first_answer',
      dueAt: new Date('2026-11-23T09:30:00+01:00'),
      warnAt: new Date('2026-11-23T09:15:00+01:00'),
    },
    {
      target: 'resolution',
      dueAt: new Date('2026-11-24T16:30:00+01:00'),
      warnAt: new Date('2026-11-24T15:30:00+01:00'),
    },
  ])
})

test('one after an answer of ours starts that of the next answer, without a warning where none was asked for', () => {
  assert.deepEqual(clocksFor(promised, hours, { at: friday, opened: false, answered: true }), [
    { target: 'next_answer', dueAt: new Date('2026-11-20T17:00:00+01:00'), warnAt: null },
  ])
})

test('a second message before the answer starts nothing, and a promise that cannot end is none', () => {
  assert.deepEqual(clocksFor(promised, hours, { at: friday, opened: false, answered: false }), [])
  const never = { ...hours, openings: [] }
  assert.deepEqual(clocksFor(promised, never, { at: friday, opened: true, answered: false }), [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysOf, usesOf } from './days.ts'

const data = [
  { day: '2026-11-20', service_id: 'a', result: 'answer', uses: 3 },
  { day: '2026-11-20', service_id: 'b', result: 'not_found', uses: 2 },
  { day: '2026-11-22', service_id: 'a', result: 'quota', uses: 1 },
  { day: '2026-11-22', service_id: null, result: 'unknown', uses: 4 },
] as const

test('days without a use stand between the others', () => {
  assert.deepEqual(daysOf([...data], '2026-11-22', 3), [
    { day: '2026-11-20', answer: 3, other: 2 },
    { day: '2026-11-21', answer: 0, other: 0 },
    { day: '2026-11-22', answer: 0, other: 5 },
  ])
})

test('uses are those of services, whatever came of them', () => {
  assert.deepEqual(
    [...usesOf([...data])],
    [
      ['a', 4],
      ['b', 2],
    ],
  )
})

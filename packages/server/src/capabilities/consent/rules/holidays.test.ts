import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHoliday, isState, loadHolidays } from './holidays.ts'

test('holidays of a whole country are known, those of one state are not taken for it', async () => {
  await loadHolidays()
  assert.equal(isHoliday('DE', '2026-12-25'), true)
  assert.equal(isHoliday('DE', '2026-04-06'), true, 'Easter Monday moves')
  assert.equal(isHoliday('DE', '2027-03-29'), true)
  assert.equal(isHoliday('DE', '2026-11-01'), false, 'only in five states')
  assert.equal(isHoliday('DE', '2026-12-24'), false)
  assert.equal(isHoliday('FR', '2026-07-14'), true)
  assert.equal(isHoliday('FR', '2026-07-15'), false)
  assert.equal(isHoliday('CZ', '2026-09-28'), true)
})

test('a state has its own beside those of its country, and what is no state is known not to be', async () => {
  await loadHolidays()
  assert.equal(isHoliday('DE-BY', '2026-11-01'), true, 'All Saints')
  assert.equal(isHoliday('DE-BY', '2026-12-25'), true)
  assert.equal(isHoliday('DE-BE', '2026-11-01'), false)
  assert.equal(isHoliday('DE-BE', '2026-03-08'), true)
  assert.deepEqual(
    await Promise.all([
      isState('DE', 'BY'),
      isState('DE', 'XX'),
      isState('XX', 'BY'),
      isState('DE', 'toString'),
    ]),
    [true, false, false, false],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Route } from '../api/operate-types.ts'
import { byRank } from './rank.ts'

const route = (id: string, given: Partial<Route>): Route => ({
  id,
  carrier_id: 'car_1',
  carrier: 'main',
  prefix: '',
  account_id: null,
  lanes: [],
  sender: null,
  cost: 0,
  weight: 100,
  enabled: true,
  ...given,
})

test('routes stand in the order in which a message is offered them', () => {
  const ranked = [
    route('the longest prefix', { prefix: '+49170', cost: 9 }),
    route('another country of two digits', { prefix: '+43' }),
    route('an account', { prefix: '+49', account_id: 'acc_1', cost: 9 }),
    route('a sender', { prefix: '+49', sender: 'Shop', cost: 9 }),
    route('a lane', { prefix: '+49', lanes: ['code'], cost: 9 }),
    route('cheap', { prefix: '+49', cost: 1 }),
    route('dear', { prefix: '+49', cost: 2, weight: 200 }),
    route('dear, with the smaller share', { prefix: '+49', cost: 2 }),
    route('everything', {}),
  ]
  assert.deepEqual(
    ranked
      .toReversed()
      .toSorted(byRank)
      .map(({ id }) => id),
    ranked.map(({ id }) => id),
  )
})

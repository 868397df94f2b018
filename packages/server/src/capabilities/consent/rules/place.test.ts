import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packs, packsAt } from './packs.ts'
import { placeOf, settledIn } from './place.ts'

test('an area code says the state and its zones; a mobile number without one may be anywhere in its country', () => {
  assert.deepEqual(placeOf('+12125550100').zones, ['America/New_York'])
  assert.deepEqual(
    placeOf('+18505550100').zones,
    ['America/Chicago', 'America/New_York'],
    'both sides of Florida',
  )
  assert.deepEqual(placeOf('+12125550100').regions, ['NY'])
  assert.deepEqual(placeOf('+14165550100').countries, ['CA'])
  assert.ok(placeOf('+61491570156').zones.length > 5)
  assert.ok(placeOf('+18005550100').zones.length > 20, 'a toll-free code is everywhere')
  assert.deepEqual(placeOf('+5592912345678').zones, ['America/Manaus'])
  assert.deepEqual(placeOf('+447400123456').countries, ['GB'])
  assert.deepEqual(placeOf('+4915123456789').countries, ['DE'])
})

test('every zone that we name is known to this Node', () => {
  for (const number of ['+1907', '+1867', '+1709', '+5581', '+5568', '+5597'].map((code) => `${code}5550100`))
    for (const zone of placeOf(number).zones)
      assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: zone }), zone)
})

test('a number of no country has no zones, and none is made up', () => {
  assert.deepEqual(placeOf('+88216123456').zones, [])
})

test('a zone that is known of a person is one more place, unless the number says nothing', () => {
  assert.deepEqual(settledIn(placeOf('+12125550100'), 'America/Los_Angeles').zones, [
    'America/Los_Angeles',
    'America/New_York',
  ])
  assert.deepEqual(settledIn(placeOf('+61491570156'), 'Australia/Perth').zones, ['Australia/Perth'])
  assert.ok(
    settledIn(placeOf('+61491570156'), 'Europe/Berlin').zones.includes('Australia/Perth'),
    'a traveller',
  )
})

test('a state has its rules beside those of the country, and an unknown state those of all', () => {
  const ids = (number: string, kind: 'marketing' | 'service' = 'marketing') =>
    packsAt(packs, placeOf(number), kind).map(({ id }) => id)
  assert.deepEqual(ids('+12125550100'), ['us'])
  assert.deepEqual(ids('+18605550100'), ['us', 'us-ct'])
  assert.ok(ids('+18005550100').includes('us-tx') && ids('+18005550100').includes('us-ct'))
  assert.deepEqual(ids('+33612345678'), ['fr'])
  assert.deepEqual(ids('+4366012345678'), ['elsewhere'])
  assert.deepEqual(ids('+33612345678', 'service'), [], 'not even those of elsewhere')
})

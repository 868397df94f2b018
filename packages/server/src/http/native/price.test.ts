import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPrices } from '../../message/price.ts'
import type { RoutingFacts } from '../../routing/router.ts'
import { testApi } from '../testing.ts'
import { priceRoutes } from './price.ts'

/** Of the one route that there is: German numbers from Bakery cost something, and what Swiss ones cost nobody has said. */
const costOf = ({ recipient, sender }: RoutingFacts): number | undefined =>
  recipient.startsWith('+41') ? 0 : sender === 'Bakery' ? 0.0712 : undefined
const rules = { country: 'DE', defaultSender: 'Bakery' }
const priceOf = createPrices({ costOf }, { ...rules, currency: 'EUR' })

const { ask, as, key } = await testApi(() => priceRoutes({ priceOf, country: 'DE', lenient: false }))

test('a segment has the price of its route, from the usual sender or another, and none where none is said', async () => {
  const price = async (query: string) => (await ask('GET', `/v1/price?${query}`)).body.price
  assert.deepEqual(await price('to=0151%2023456789'), { amount: 0.0712, currency: 'EUR' })
  assert.equal(await price('to=%2B4915123456789&from=Other'), null)
  assert.equal(await price('to=%2B41791234567'), null)
})

test('without a currency nothing has a price', () => {
  const none = createPrices({ costOf }, { ...rules, currency: undefined })
  const facts = { accountId: '', recipient: '+4915123456789', sender: null, lane: 'transactional' as const }
  assert.equal(none(facts), null)
  assert.deepEqual(priceOf(facts), { amount: 0.0712, currency: 'EUR' })
})

test('what is no number, or asked by who may not send, gets no price', async () => {
  assert.equal((await ask('GET', '/v1/price?to=nobody')).body.error.code, 'invalid_number')
  assert.equal((await ask('GET', '/v1/price')).status, 422)
  assert.equal((await as(await key('inbox'))('GET', '/v1/price?to=%2B4915123456789')).status, 403)
})

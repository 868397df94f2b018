import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { laneNames } from '../message/lane.ts'
import { advantage, offersOf, type RouteRule, type RoutingFacts, rank } from './rank.ts'
import { createTable, drawOf } from './table.ts'

const carriers = ['a', 'b', 'c', 'd', 'e']
const accounts = ['acc-1', 'acc-2']
const prefixes = ['', '+4', '+49', '+4915', '+49151', '+43']
const senders = ['Shop', '12345']

const routeOf = (values: Partial<RouteRule> & { carrierId: string }): RouteRule => ({
  id: `route to ${values.carrierId}`,
  accountId: null,
  prefix: '',
  lanes: [],
  sender: null,
  cost: 0,
  weight: 100,
  enabled: true,
  ...values,
})
const factsOf = (values: Partial<RoutingFacts> = {}): RoutingFacts => ({
  accountId: 'acc-1',
  recipient: '+4915123456789',
  sender: null,
  lane: 'transactional',
  ...values,
})
const carriersOf = (routes: readonly RouteRule[], facts: RoutingFacts) =>
  rank(routes, facts).map(({ carrierId }) => carrierId)

const anyRoute = fc.record({
  carrierId: fc.constantFrom(...carriers),
  accountId: fc.option(fc.constantFrom(...accounts)),
  prefix: fc.constantFrom(...prefixes),
  lanes: fc.subarray(laneNames, { maxLength: 2 }),
  sender: fc.option(fc.constantFrom(...senders)),
  cost: fc.constantFrom(0, 0.01, 0.02),
  weight: fc.integer({ min: 1, max: 10_000 }),
  enabled: fc.boolean(),
})
const anyRoutes = fc
  .array(anyRoute, { maxLength: 12 })
  .map((routes) => routes.map((route, at): RouteRule => ({ id: `r${at}`, ...route })))
const anyFacts = fc.record({
  accountId: fc.constantFrom(...accounts, 'acc-3'),
  recipient: fc
    .tuple(fc.constantFrom(...prefixes.slice(1), '+1'), fc.integer({ min: 100_000, max: 999_999 }))
    .map(([prefix, rest]) => `${prefix}${rest}`),
  sender: fc.option(fc.constantFrom(...senders, 'Other')),
  lane: fc.constantFrom(...laneNames),
})

test('the order does not depend on that of the routes, and the same message always goes the same way', () => {
  fc.assert(
    fc.property(anyRoutes, anyFacts, fc.infiniteStream(fc.nat()), (routes, facts, keys) => {
      const shuffled = routes
        .map((route) => [keys.next().value as number, route] as const)
        .sort(([a], [b]) => a - b)
        .map(([, route]) => route)
      assert.deepEqual(carriersOf(shuffled, facts), carriersOf(routes, facts))
    }),
  )
})

test('a carrier appears once, and only those that a matching route offers appear', () => {
  fc.assert(
    fc.property(anyRoutes, anyFacts, (routes, facts) => {
      const ordered = carriersOf(routes, facts)
      const offered = routes.filter(
        (route) =>
          route.enabled &&
          facts.recipient.startsWith(route.prefix) &&
          [null, facts.accountId].includes(route.accountId) &&
          [null, facts.sender].includes(route.sender) &&
          (route.lanes.length === 0 || route.lanes.includes(facts.lane)),
      )
      assert.equal(new Set(ordered).size, ordered.length)
      assert.deepEqual([...ordered].sort(), [...new Set(offered.map(({ carrierId }) => carrierId))].sort())
    }),
  )
})

test('no carrier comes before one whose route has an advantage over its own', () => {
  fc.assert(
    fc.property(anyRoutes, anyFacts, (routes, facts) => {
      const ordered = rank(routes, facts)
      ordered.forEach((later, at) => {
        for (const earlier of ordered.slice(0, at))
          assert.equal(advantage(later.route, earlier.route), undefined)
      })
    }),
  )
})

test('prefix counts before account, account before sender, sender before lanes, lanes before cost', () => {
  const better: [Partial<RouteRule>, Partial<RouteRule>][] = [
    [{ prefix: '+4915' }, { prefix: '+49', accountId: 'acc-1', sender: 'Shop', lanes: ['code'] }],
    [{ accountId: 'acc-1' }, { sender: 'Shop', lanes: ['code'] }],
    [{ sender: 'Shop' }, { lanes: ['code'] }],
    [{ lanes: ['code'] }, {}],
    [{ cost: 0.05 }, { cost: 0.06 }],
  ]
  for (const [first, second] of better) {
    const routes = [
      routeOf({ carrierId: 'second', cost: first.cost === undefined ? 0 : 0.06, ...second }),
      routeOf({ carrierId: 'first', cost: 1, ...first }),
    ]
    assert.deepEqual(carriersOf(routes, factsOf({ lane: 'code', sender: 'Shop' })), ['first', 'second'])
  }
})

/** Shares of the first place among many recipients. */
function shares(routes: readonly RouteRule[], count = 20_000): Map<string, number> {
  const found = new Map<string, number>()
  for (let n = 0; n < count; n++) {
    const [first] = carriersOf(routes, factsOf({ recipient: `+49151${10_000_000 + n}` }))
    found.set(first!, (found.get(first!) ?? 0) + 1 / count)
  }
  return found
}

test('equals share by weight, also numbers in a row', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 4 }), (weights) => {
      const routes = weights.map((weight, at) => routeOf({ carrierId: carriers[at]!, weight }))
      const total = weights.reduce((sum, weight) => sum + weight)
      const found = shares(routes)
      weights.forEach((weight, at) => {
        const share = found.get(carriers[at]!) ?? 0
        assert.ok(Math.abs(share - weight / total) < 0.02, `${weight} of ${total} got ${share}`)
      })
    }),
    { numRuns: 10 },
  )
})

test('several routes of one carrier in the same rank add their weights up', () => {
  const routes = [
    routeOf({ id: '1', carrierId: 'a', weight: 30 }),
    routeOf({ id: '2', carrierId: 'a', weight: 45 }),
    routeOf({ id: '3', carrierId: 'b', weight: 25 }),
  ]
  assert.ok(Math.abs(shares(routes).get('a')! - 0.75) < 0.02)
})

test('a carrier that goes moves only the recipients that it had', () => {
  const all = ['a', 'b', 'c'].map((carrierId) => routeOf({ carrierId }))
  const left = all.slice(0, 2)
  for (let n = 0; n < 2_000; n++) {
    const facts = factsOf({ recipient: `+43660${100_000 + n}` })
    const [first, second] = carriersOf(all, facts)
    assert.equal(carriersOf(left, facts)[0], first === 'c' ? second : first)
  }
})

test('what falls to the second place is shared by weight too', () => {
  const routes = ['a', 'b', 'c'].map((carrierId) => routeOf({ carrierId }))
  const seconds = new Map<string, number>()
  let among = 0
  for (let n = 0; n < 6_000; n++) {
    const [first, second] = carriersOf(routes, factsOf({ recipient: `+49170${1_000_000 + n}` }))
    if (first !== 'a') continue
    among++
    seconds.set(second!, (seconds.get(second!) ?? 0) + 1)
  }
  assert.ok(Math.abs(seconds.get('b')! / among - 0.5) < 0.05)
})

test('n carriers of equal rank make at most n² orders', () => {
  const routes = Array.from({ length: 6 }, (_, at) => routeOf({ carrierId: `c${at}`, id: `r${at}` }))
  const orders = new Set<string>()
  for (let n = 0; n < 5_000; n++) orders.add(carriersOf(routes, factsOf({ recipient: `+49151${n}` })).join())
  assert.equal(orders.size, 30)
})

test('the table finds what ranking one by one finds, and messages with the same draw have the same order', () => {
  fc.assert(
    fc.property(anyRoutes, fc.array(anyFacts, { minLength: 1, maxLength: 40 }), (routes, many) => {
      const table = createTable(routes, [{ accountId: 'acc-2', sender: 'Shop' }])
      const orders = new Map<unknown, Map<number, string>>()
      for (const facts of many) {
        const choice = table.choice(facts)
        const matching = routes.filter((route) => rank([route], facts).length > 0)
        const ids = (groups: readonly (readonly { carrierId: string }[])[]) =>
          groups.map((group) => group.map(({ carrierId }) => carrierId))
        assert.deepEqual(ids(choice.groups), ids(offersOf(matching)))
        const mine = facts.accountId === 'acc-2' && facts.sender === 'Shop'
        assert.deepEqual([choice.accountId, choice.sender], mine ? ['acc-2', 'Shop'] : [null, null])
        const drawn = drawOf(choice, facts.recipient)
        const order = carriersOf(routes, facts).join()
        const seen = orders.get(choice) ?? new Map()
        orders.set(choice, seen)
        assert.equal(seen.get(drawn) ?? order, order)
        seen.set(drawn, order)
      }
    }),
  )
})

import type { Lane } from '../message/lane.ts'

/** What routes look at. Ids are bare UUIDs, addresses in their one spelling. */
export interface RoutingFacts {
  readonly accountId: string
  readonly recipient: string
  /** null: the carrier chooses. */
  readonly sender: string | null
  readonly lane: Lane
}

/** A rule that offers a carrier to messages. What is empty or null matches everything. */
export interface RouteRule {
  readonly id: string
  readonly carrierId: string
  readonly accountId: string | null
  /** '' or + and digits. */
  readonly prefix: string
  readonly lanes: readonly Lane[]
  readonly sender: string | null
  /** Of a segment. */
  readonly cost: number
  /** Share among routes of the same rank and cost. */
  readonly weight: number
  readonly enabled: boolean
}

/** Why a route is not asked at all. */
export type Mismatch = 'disabled' | 'prefix' | 'account' | 'lane' | 'sender'

/** Why this route has no say in this message; undefined when it offers its carrier. */
export function mismatch(route: RouteRule, facts: RoutingFacts): Mismatch | undefined {
  if (!route.enabled) return 'disabled'
  if (!facts.recipient.startsWith(route.prefix)) return 'prefix'
  if (route.accountId !== null && route.accountId !== facts.accountId) return 'account'
  if (route.lanes.length > 0 && !route.lanes.includes(facts.lane)) return 'lane'
  if (route.sender !== null && route.sender !== facts.sender) return 'sender'
  return undefined
}

/** What one route has over another, in the order in which it counts. */
export type Advantage = 'prefix' | 'account' | 'sender' | 'lanes' | 'cost'

const criteria: readonly (readonly [Advantage, (route: RouteRule) => number])[] = [
  ['prefix', (route) => -route.prefix.length],
  ['account', (route) => (route.accountId === null ? 1 : 0)],
  ['sender', (route) => (route.sender === null ? 1 : 0)],
  ['lanes', (route) => (route.lanes.length === 0 ? 1 : 0)],
  ['cost', (route) => route.cost],
]

/** By what `a` comes before `b`; undefined when it does not, or only by its share. */
export const advantage = (a: RouteRule, b: RouteRule): Advantage | undefined => {
  const first = criteria.find(([, of]) => of(a) !== of(b))
  return first && first[1](a) < first[1](b) ? first[0] : undefined
}

/** Below 0: `a` comes first. 0: only shares tell them apart. */
export function byRank(a: RouteRule, b: RouteRule): number {
  for (const [, of] of criteria) {
    const difference = of(a) - of(b)
    if (difference !== 0) return difference
  }
  return 0
}

/** A carrier that is offered, the best of its routes, and its share among those of the same rank. */
export interface Offer {
  readonly carrierId: string
  readonly route: RouteRule
  readonly weight: number
  readonly seed: number
}

/**
 * The offers of the routes that match, in groups of equal rank and cost, best group first. A carrier stands in
 * its best group only; several routes of it there add their weights up.
 */
export function offersOf(routes: readonly RouteRule[]): Offer[][] {
  const ordered = [...routes].sort((a, b) => byRank(a, b) || (a.id < b.id ? -1 : 1))
  const groups: Map<string, Offer>[] = []
  const seen = new Set<string>()
  let before: RouteRule | undefined
  for (const route of ordered) {
    if (!before || byRank(before, route) !== 0) groups.push(new Map())
    before = route
    const group = groups.at(-1)!
    const { carrierId, weight } = route
    const same = group.get(carrierId)
    if (same) group.set(carrierId, { ...same, weight: same.weight + weight })
    else if (!seen.has(carrierId)) group.set(carrierId, { carrierId, route, weight, seed: hash(carrierId) })
    seen.add(carrierId)
  }
  return groups.map((group) => [...group.values()].sort(fixed)).filter((group) => group.length > 0)
}

const fixed = (a: Offer, b: Offer): number => b.weight - a.weight || (a.carrierId < b.carrierId ? -1 : 1)

/** Places of a path that are drawn by weight. From there on the order is fixed, so that n carriers make at most n² paths. */
export const drawnPlaces = 2

/**
 * The carriers of a message, in the order in which they are tried. Shares are drawn by weighted rendezvous hashing
 * of the recipient and the carrier (Efraimidis and Spirakis' keys): a recipient keeps its way, and a carrier that comes
 * or goes moves only its own share.
 */
export function order(groups: readonly (readonly Offer[])[], recipient: string): Offer[] {
  const ordered: Offer[] = []
  for (const group of groups) {
    if (group.length === 1 || ordered.length >= drawnPlaces) {
      ordered.push(...group)
      continue
    }
    const rest = [...group]
    while (rest.length > 0) {
      const at = ordered.length < drawnPlaces ? draw(rest, recipient) : 0
      ordered.push(...rest.splice(at, 1))
    }
  }
  return ordered
}

/** Index of the offer that this recipient falls to: the one whose exponential clock of rate `weight` rings first. */
export function draw(offers: readonly Offer[], recipient: string): number {
  const key = hash(recipient)
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let at = 0; at < offers.length; at++) {
    const { seed, weight } = offers[at]!
    const rings = -Math.log((mix(key ^ seed) + 0.5) / 2 ** 32) / weight
    if (rings < least) {
      least = rings
      best = at
    }
  }
  return best
}

/** Ordered carriers for a message by these routes. Total: equal inputs in any order give the same answer. */
export function rank(routes: readonly RouteRule[], facts: RoutingFacts): Offer[] {
  return order(offersOf(routes.filter((route) => mismatch(route, facts) === undefined)), facts.recipient)
}

/** FNV-1a of the UTF-16 units, well mixed: numbers that differ in their last digit must not go the same way. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return mix(value)
}

/** The finaliser of MurmurHash3: each bit of the input changes half of the output. */
function mix(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

import type { Lane } from '../message/lane.ts'
import {
  draw,
  drawnPlaces,
  mismatch,
  type Offer,
  offersOf,
  type RouteRule,
  type RoutingFacts,
} from './rank.ts'

/** Messages with the same choice of carriers, but for what the recipient's hash draws among equals. */
export interface Choice {
  readonly groups: readonly (readonly Offer[])[]
  /** Whether there is anything to draw. */
  readonly drawn: boolean
  /** What the paths of this choice belong to alone; both null: nobody's, they are shared. */
  readonly accountId: string | null
  readonly sender: string | null
  /** Ids of the paths that are known, by what was drawn. */
  readonly paths: Map<number, number>
}

interface Class {
  /** Lengths of prefixes, longest first, without the empty one. */
  readonly lengths: readonly number[]
  readonly byPrefix: ReadonlyMap<string, Choice>
  readonly otherwise: Choice
}

/** A row of `rate_limits`. `sender` null: the account's own. */
export interface LimitRule {
  readonly accountId: string
  readonly sender: string | null
}

export interface RoutingTable {
  /** The choice for a message, by a handful of map lookups. */
  choice(facts: RoutingFacts): Choice
}

/**
 * Routes and limits made ready for looking up. Which routes match depends on the account, the lane, the sender and the
 * longest prefix alone, and of accounts and senders only those that a rule names make a difference.
 */
export function createTable(routes: readonly RouteRule[], limits: readonly LimitRule[]): RoutingTable {
  const rules = [...routes, ...limits]
  const accounts = new Set(rules.map(({ accountId }) => accountId))
  const senders = new Set(rules.map(({ sender }) => sender))
  const limited = new Set(limits.map(({ accountId, sender }) => `${accountId} ${sender ?? ''}`))
  const classes = new Map<string, Map<Lane, Map<string | null, Class>>>()

  function make(accountId: string, sender: string | null, lane: Lane): Class {
    const fits = routes.filter(
      (route) => mismatch(route, { accountId, sender, lane, recipient: route.prefix }) === undefined,
    )
    const owner =
      sender !== null && limited.has(`${accountId} ${sender}`)
        ? { accountId, sender }
        : limited.has(`${accountId} `)
          ? { accountId, sender: null }
          : { accountId: null, sender: null }
    const choice = (prefix: string): Choice => {
      const groups = offersOf(fits.filter((route) => prefix.startsWith(route.prefix)))
      return { ...owner, groups, drawn: hasDrawn(groups), paths: new Map() }
    }
    const prefixes = new Set(fits.map(({ prefix }) => prefix).filter((prefix) => prefix !== ''))
    return {
      lengths: [...new Set([...prefixes].map(({ length }) => length))].sort((a, b) => b - a),
      byPrefix: new Map([...prefixes].map((prefix) => [prefix, choice(prefix)])),
      otherwise: choice(''),
    }
  }

  function classOf(facts: RoutingFacts): Class {
    const account = accounts.has(facts.accountId) ? facts.accountId : ''
    const sender = senders.has(facts.sender) ? facts.sender : null
    const found = classes.get(account)?.get(facts.lane)?.get(sender)
    if (found) return found
    const made = make(account, sender, facts.lane)
    const byLane = classes.get(account) ?? new Map<Lane, Map<string | null, Class>>()
    const bySender = byLane.get(facts.lane) ?? new Map<string | null, Class>()
    classes.set(account, byLane.set(facts.lane, bySender.set(sender, made)))
    return made
  }

  return {
    choice(facts) {
      const { lengths, byPrefix, otherwise } = classOf(facts)
      for (const length of lengths) {
        const found = byPrefix.get(facts.recipient.slice(0, length))
        if (found) return found
      }
      return otherwise
    },
  }
}

function hasDrawn(groups: readonly (readonly Offer[])[]): boolean {
  let place = 0
  for (const group of groups) {
    if (place >= drawnPlaces) return false
    if (group.length > 1) return true
    place += group.length
  }
  return false
}

/** What the hash of the recipient draws, as a number: the same for all messages that share a path. */
export function drawOf(choice: Choice, recipient: string): number {
  if (!choice.drawn) return 0
  let place = 0
  let drawn = 0
  for (const group of choice.groups) {
    let rest = group
    while (rest.length > 0 && place < drawnPlaces) {
      const at = rest.length === 1 ? 0 : draw(rest, recipient)
      drawn = drawn * 1024 + at
      place++
      rest = rest.toSpliced(at, 1)
    }
    if (place >= drawnPlaces) break
  }
  return drawn
}

import {
  type Advantage,
  advantage,
  type Mismatch,
  mismatch,
  type RouteRule,
  type RoutingFacts,
  rank,
} from './rank.ts'
import type { RoutedCarrier } from './routes.store.ts'

/** How a carrier is at the moment: `code` for programs, `sentence` for people; it goes on after "it is". */
export interface Standing {
  readonly takes: boolean
  readonly code: string
  readonly sentence: string
}

type Named = Pick<RoutedCarrier, 'id' | 'name'>

export interface Step {
  readonly carrier: Named
  readonly route: RouteRule
  readonly takable: boolean
  /** `chosen`, why it comes after the one before it, or why it is passed over. */
  readonly code: string
  readonly sentence: string
}

export interface LeftOut {
  readonly carrier: Named
  readonly route: RouteRule
  readonly code: string
  readonly sentence: string
}

export interface Explanation {
  readonly carrier: Named | null
  readonly code: 'taken' | 'waits' | 'no_route'
  readonly sentence: string
  /** Who is tried, in this order. */
  readonly path: readonly Step[]
  /** Routes that have no say in it. */
  readonly leftOut: readonly LeftOut[]
}

/** Why a route ranks after the one before it. */
const later: Record<Advantage, { code: string; why: (route: RouteRule, before: RouteRule) => string }> = {
  prefix: {
    code: 'shorter_prefix',
    why: ({ prefix }, before) =>
      prefix === ''
        ? `it names no prefix, and that one does`
        : `its prefix ${prefix} is shorter than ${before.prefix}`,
  },
  account: { code: 'any_account', why: () => 'it is for any account, and that one names yours' },
  sender: { code: 'any_sender', why: () => 'it is for any sender, and that one names this sender' },
  lanes: { code: 'any_lane', why: () => 'it is for any lane, and that one names this lane' },
  cost: {
    code: 'dearer',
    why: ({ cost }, before) => `it costs ${cost} a segment, and that one ${before.cost}`,
  },
}

/** Why a route has no say. */
const outside: Record<Mismatch, { code: string; why: (route: RouteRule, facts: RoutingFacts) => string }> = {
  disabled: { code: 'disabled', why: () => 'The route is switched off.' },
  prefix: {
    code: 'other_prefix',
    why: ({ prefix }, { recipient }) =>
      `The route is for numbers that begin with ${prefix}, and ${recipient} does not.`,
  },
  account: { code: 'other_account', why: () => 'The route is for another account.' },
  lane: {
    code: 'other_lane',
    why: ({ lanes }, { lane }) => `The route is for ${lanes.join(', ')}, and the message is ${lane}.`,
  },
  sender: {
    code: 'other_sender',
    why: ({ sender }, facts) =>
      `The route is for the sender ${sender}, and the message ${facts.sender === null ? 'names none' : `comes from ${facts.sender}`}.`,
  },
}

/** What would become of a message now, and why: the same rules that route it, with what was weighed written down. */
export function explain(
  rules: { routes: readonly RouteRule[]; carriers: ReadonlyMap<string, RoutedCarrier> },
  facts: RoutingFacts,
  standing: (carrierId: string) => Standing,
): Explanation {
  const named = (id: string): Named => rules.carriers.get(id) ?? { id, name: id }
  const ranked = rank(rules.routes, facts)
  const chosen = ranked.findIndex(({ carrierId }) => standing(carrierId).takes)
  const path = ranked.map(({ carrierId, route }, at): Step => {
    const { takes, code, sentence } = standing(carrierId)
    const step = { carrier: named(carrierId), route, takable: takes }
    const place =
      at === 0
        ? first(ranked[1]?.route, route)
        : after(route, ranked[at - 1]!.route, named(ranked[at - 1]!.carrierId))
    if (at === chosen) return { ...step, code: 'chosen', sentence: `Takes the message. ${place.sentence}` }
    if (!takes) return { ...step, code, sentence: `Cannot take it now: it is ${sentence}. ${place.sentence}` }
    return { ...step, ...place }
  })
  const used = new Set(path.map(({ route }) => route.id))
  const leftOut = rules.routes
    .filter(({ id }) => !used.has(id))
    .map((route): LeftOut => {
      const why = mismatch(route, facts)
      const carrier = named(route.carrierId)
      if (why) return { carrier, route, code: outside[why].code, sentence: outside[why].why(route, facts) }
      const sentence =
        'Another route of this carrier is at least as good; where they are equal, their weights add up.'
      return { carrier, route, code: 'same_carrier', sentence }
    })
  return { ...verdict(path, chosen), path, leftOut }
}

function first(next: RouteRule | undefined, route: RouteRule): { code: string; sentence: string } {
  if (!next) return { code: 'only', sentence: 'It is the only carrier that a route offers for it.' }
  const by = advantage(route, next)
  return {
    code: 'first',
    sentence: by ? firsts[by](route) : 'Equal routes share by weight, and this number falls to it.',
  }
}
const firsts: Record<Advantage, (route: RouteRule) => string> = {
  prefix: ({ prefix }) => `It comes first: of the prefixes that fit, its ${prefix} is the longest.`,
  account: () => 'It comes first: its route names the account.',
  sender: () => 'It comes first: its route names the sender.',
  lanes: () => 'It comes first: its route names the lane.',
  cost: ({ cost }) => `It comes first: of equal routes, its ${cost} a segment is the cheapest.`,
}

function after(route: RouteRule, before: RouteRule, carrier: Named): { code: string; sentence: string } {
  const by = advantage(before, route)
  return by
    ? { code: later[by].code, sentence: `Comes after ${carrier.name}: ${later[by].why(route, before)}.` }
    : {
        code: 'share',
        sentence: `Comes after ${carrier.name}, its equal: they share by weight, and this number falls to that one first.`,
      }
}

function verdict(path: readonly Step[], chosen: number): Pick<Explanation, 'carrier' | 'code' | 'sentence'> {
  if (path.length === 0)
    return {
      carrier: null,
      code: 'no_route',
      sentence: 'No route offers a carrier for it, so it would wait until one does, or expire.',
    }
  const names = path.map(({ carrier }) => carrier.name)
  if (chosen < 0)
    return {
      carrier: null,
      code: 'waits',
      sentence: `It would wait for ${names.join(' or ')}: none of them can take messages now.`,
    }
  const { carrier } = path[chosen]!
  const passed =
    chosen === 0 ? '' : ` ${names.slice(0, chosen).join(' and ')} would come first, but cannot take it now.`
  return { carrier, code: 'taken', sentence: `It would go to ${carrier.name}.${passed}` }
}

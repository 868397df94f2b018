import type { Route } from '../api/operate-types.ts'

/** What a route has over another, in the order in which it counts; the smaller number goes first. */
const criteria: readonly ((route: Route) => number)[] = [
  ({ prefix }) => -prefix.length,
  ({ account_id }) => (account_id === null ? 1 : 0),
  ({ sender }) => (sender === null ? 1 : 0),
  ({ lanes }) => (lanes.length === 0 ? 1 : 0),
  ({ cost }) => cost,
  ({ weight }) => -weight,
]

/** As the server ranks them. Between prefixes of one length, which no number has both of, by the prefix itself. */
export function byRank(a: Route, b: Route): number {
  const [longest, ...others] = criteria
  const difference = longest!(a) - longest!(b) || compare(a.prefix, b.prefix)
  if (difference !== 0) return difference
  for (const of of others) if (of(a) !== of(b)) return of(a) - of(b)
  return compare(a.carrier, b.carrier) || compare(a.id, b.id)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

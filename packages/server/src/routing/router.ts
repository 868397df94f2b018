import type { Bell } from '../bell.ts'
import type { Db } from '../store/db.ts'
import { internPaths, type Path, type PathRow, pathKey, readPaths } from './paths.store.ts'
import { order, type RouteRule, type RoutingFacts } from './rank.ts'
import { type RoutedCarrier, readRules, routingState } from './routes.store.ts'
import { type Choice, createTable, drawOf, type RoutingTable } from './table.ts'

export type { RoutingFacts } from './rank.ts'

/**
 * Whose tokens the messages of a path need. With a sender: those of its own row of `rate_limits`, and of the account's
 * (sender '') as well where it has one. Without: the account's.
 */
export interface RateLimitKey {
  readonly accountId: string
  readonly sender: string | null
}

export type Takable = (carrierId: string) => boolean

export interface Router {
  /** Of the rules that it works with. */
  readonly revision: number
  readonly carriers: ReadonlyMap<string, RoutedCarrier>
  /** Routes of carriers that are not deleted, the disabled ones too. */
  readonly routes: readonly RouteRule[]
  /** Paths of messages about to be queued, in their order; from memory on the common path, else interned first. */
  paths(facts: readonly RoutingFacts[]): readonly number[] | Promise<readonly number[]>
  /** Carriers of a path in order, without the deleted ones; [] when unknown. */
  carriersOf(path: number): readonly string[]
  /** The same by their names, as timelines have them. */
  namesOf(path: number): readonly string[]
  /** Cost of a segment by the route that comes first among those whose carrier takes messages; undefined: none would. */
  costOf(facts: RoutingFacts): number | undefined
  /** The path with this carrier at its end; undefined when there is no other. */
  elsewhere(path: number, carrierId: string): Promise<number | undefined>
  /** Paths for which this carrier is the first that is neither paused nor drained, and that `takable` says yes to. */
  pathsFor(carrierId: string, takable: Takable): readonly { path: number; limit: RateLimitKey | null }[]
  /** Paths whose carriers are all gone, so that nobody claims from them. Their messages want routing anew, as those of path 0. */
  deadPaths(): readonly number[]
  /** Reads rules and paths again if they have changed. Call it on the bell `carriers`, and every second in case a ring was lost. */
  refresh(): Promise<void>
}

interface KnownPath {
  readonly path: number
  readonly limit: RateLimitKey | null
  /** Without the deleted ones. */
  readonly carriers: readonly string[]
  readonly row: PathRow
}

/** Resolves when it has read the rules for the first time. Paths that it makes ring `carriers`, for they need to be claimed from. */
export async function createRouter({ db, bell }: { db: Db; bell: Bell }): Promise<Router> {
  let revision = -1
  let carriersState = -1
  let carriers: ReadonlyMap<string, RoutedCarrier> = new Map()
  let routes: readonly RouteRule[] = []
  let table: RoutingTable = createTable([], [])
  let known: ReadonlyMap<number, KnownPath> = new Map()
  /** Which paths a carrier stands in, and who is before it there. */
  let standing: ReadonlyMap<string, { entry: KnownPath; before: readonly string[] }[]> = new Map()
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  async function read(): Promise<void> {
    const now = await routingState(db)
    const isNew = now.revision !== revision || now.carriers !== carriersState
    if (!isNew && now.paths === known.size) return
    const rules = isNew ? await readRules(db) : undefined
    const paths = await readPaths(db)
    if (rules) {
      carriers = new Map(rules.carriers.map((carrier) => [carrier.id, carrier]))
      // The reads see one moment each: a carrier that was made between them is for the next time.
      routes = rules.routes.filter(({ carrierId }) => carriers.has(carrierId))
      table = createTable(routes, rules.limits)
      // Of before the rules were read: a change in between makes them newer than this says, and they are read once more.
      revision = now.revision
      carriersState = now.carriers
    }
    // Paths are never taken away, and what this process has made since they were read is not among them.
    const later = [...known.values()].map(({ row }) => row)
    learn([...later, ...paths])
  }

  /** One under way may have looked before what the caller has just written: then once more after it, for all who wait. */
  function refresh(): Promise<void> {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined
        running = read()
        return running
      })
    return next
  }

  function learn(paths: readonly PathRow[]): void {
    known = new Map(paths.map((row) => [row.id, knownPath(row)]))
    const places = new Map<string, { entry: KnownPath; before: readonly string[] }[]>()
    for (const entry of known.values()) {
      entry.carriers.forEach((carrier, at) => {
        const list = places.get(carrier) ?? []
        if (at === 0) places.set(carrier, list)
        list.push({ entry, before: entry.carriers.slice(0, at) })
        places.set(carrier, list)
      })
    }
    standing = places
  }

  const knownPath = (row: PathRow): KnownPath => ({
    path: row.id,
    limit: row.accountId === null ? null : { accountId: row.accountId, sender: row.sender },
    carriers: row.carriers.filter((carrier) => carriers.has(carrier)),
    row,
  })

  async function intern(wanted: readonly Path[]): Promise<Map<string, number>> {
    const unique = new Map(wanted.map((path) => [pathKey(path), path]))
    const ids = await internPaths(db, [...unique.values()])
    if ([...ids.values()].some((id) => !known.has(id))) {
      bell.ring('carriers')
      learn([
        ...[...known.values()].map(({ row }) => row),
        ...[...unique].map(([key, path]) => ({ ...path, id: ids.get(key)! })),
      ])
    }
    return ids
  }

  async function internFor(facts: readonly RoutingFacts[], choices: readonly Choice[]): Promise<number[]> {
    const paths = choices.map((choice, at) => pathOf(choice, facts[at]!.recipient))
    const ids = await intern(paths)
    return choices.map((choice, at) => {
      const id = ids.get(pathKey(paths[at]!))!
      choice.paths.set(drawOf(choice, facts[at]!.recipient), id)
      return id
    })
  }

  await refresh()
  return {
    get revision() {
      return revision
    },
    get carriers() {
      return carriers
    },
    get routes() {
      return routes
    },
    paths(facts) {
      const ids: number[] = []
      for (const fact of facts) {
        const choice = table.choice(fact)
        const id = choice.paths.get(drawOf(choice, fact.recipient))
        if (id === undefined) return internFor(facts, facts.map(table.choice))
        ids.push(id)
      }
      return ids
    },
    carriersOf: (path) => known.get(path)?.carriers ?? [],
    namesOf: (path) =>
      (known.get(path)?.carriers ?? []).flatMap((carrier) => carriers.get(carrier)?.name ?? []),
    costOf(facts) {
      const offers = table.choice(facts).groups.flat()
      const first = offers.find(({ carrierId }) => carriers.get(carrierId)?.mode === 'active') ?? offers[0]
      return first?.route.cost
    },
    async elsewhere(path, carrierId) {
      // Another process may have made it.
      if (!known.has(path)) await refresh()
      const from = known.get(path)
      const others = from?.carriers.filter((carrier) => carrier !== carrierId)
      if (!from || !others || others.length === 0) return undefined
      const { accountId, sender } = from.row
      const to = { carriers: [...others, carrierId], accountId, sender }
      return (await intern([to])).get(pathKey(to))
    },
    pathsFor(carrierId, takable) {
      const takes: Takable = (id) => carriers.get(id)?.mode === 'active' && takable(id)
      if (!takes(carrierId)) return []
      return (standing.get(carrierId) ?? [])
        .filter(({ before }) => !before.some(takes))
        .map(({ entry }) => entry)
    },
    deadPaths: () =>
      // Those without carriers from the start are where messages without a route wait.
      [...known.values()]
        .filter(({ carriers, row }) => carriers.length === 0 && row.carriers.length > 0)
        .map(({ path }) => path),
    refresh,
  }
}

/** Where a message goes by its choice and what its recipient's hash draws. */
const pathOf = ({ groups, accountId, sender }: Choice, recipient: string): Path => ({
  carriers: order(groups, recipient).map(({ carrierId }) => carrierId),
  accountId,
  sender,
})

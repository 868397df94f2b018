import type { Lane } from '../message/lane.ts'
import { statement, type Tx } from '../store/db.ts'
import type { RouteRule } from './rank.ts'
import type { LimitRule } from './table.ts'

export interface RoutedCarrier {
  readonly id: string
  readonly name: string
  readonly mode: 'active' | 'paused' | 'drained'
}

const stateOfRouting = statement(
  'routing_state',
  `select revision, (select count(*) from paths) as paths,
     (select coalesce(sum(c.revision), 0) from carriers c)::float8 as carriers from routing`,
)

/** By which rules messages are routed, and what else is kept in memory: whether it pays to read it again. */
export interface RoutingState {
  readonly revision: number
  /** How many paths there are. */
  readonly paths: number
  /** Another one with each change of a carrier, such as to pause it: paths stay as they are. */
  readonly carriers: number
}

export async function routingState(tx: Tx): Promise<RoutingState> {
  return (await tx.query<RoutingState>(stateOfRouting))[0]!
}

const liveCarriers = statement(
  'routed_carriers',
  'select id, name, mode from carriers where deleted_at is null',
)
const columns = `r.id, r.carrier_id as "carrierId", r.account_id as "accountId", r.prefix, r.lanes::text[] as lanes,
  r.sender, r.cost::float8 as cost, r.weight, r.enabled`
const liveRoutes = statement(
  'live_routes',
  `select ${columns} from routes r join carriers c on c.id = r.carrier_id where c.deleted_at is null order by r.id`,
)
const liveLimits = statement(
  'live_rate_limits',
  `select account_id as "accountId", nullif(sender, '') as sender from rate_limits`,
)

/** Carriers that are not deleted, their routes (the disabled ones too), and the limits that are set. */
export async function readRules(
  tx: Tx,
): Promise<{ carriers: RoutedCarrier[]; routes: RouteRule[]; limits: LimitRule[] }> {
  return {
    carriers: await tx.query<RoutedCarrier>(liveCarriers),
    routes: await listRoutes(tx),
    limits: await tx.query<LimitRule>(liveLimits),
  }
}

/** Of carriers that are not deleted, oldest first. */
export const listRoutes = (tx: Tx): Promise<RouteRule[]> =>
  tx.query<RouteRule & { lanes: Lane[] }>(liveRoutes)

const raise = statement(
  'raise_routing_revision',
  'update routing set revision = revision + 1, changed_at = now()',
)

/**
 * In the transaction of every change after which a message may have another path: of routes, of which carriers there are
 * and how they are called, of who is limited. Ring `carriers` once it has committed.
 */
export async function raiseRevision(tx: Tx): Promise<void> {
  await tx.query(raise)
}

// A carrier or an account that is not there gives no row; the carrier is held, so that it is not deleted meanwhile.
const insertOne = statement(
  'insert_route',
  `insert into routes as r (id, carrier_id, account_id, prefix, lanes, sender, cost, weight, enabled, created_at, updated_at)
   select $1, c.id, $3, $4, $5::lane[], $6, $7, $8, $9, $10, $10 from carriers c
   where c.id = $2 and c.deleted_at is null and ($3::uuid is null or exists (select from accounts a where a.id = $3))
   for share of c returning ${columns}`,
)
const routeForUpdate = statement(
  'route_for_update',
  `select ${columns} from routes r join carriers c on c.id = r.carrier_id
   where r.id = $1 and c.deleted_at is null for update of r`,
)
const updateOne = statement(
  'update_route',
  `update routes r set carrier_id = c.id, account_id = $3, prefix = $4, lanes = $5::lane[], sender = $6, cost = $7,
     weight = $8, enabled = $9, updated_at = $10
   from carriers c where r.id = $1 and c.id = $2 and c.deleted_at is null
     and ($3::uuid is null or exists (select from accounts a where a.id = $3))
   returning ${columns}`,
)
const deleteOne = statement('delete_route', 'delete from routes r where r.id = $1 returning r.id')
const deleteOfCarrier = statement('delete_routes_of_carrier', 'delete from routes r where r.carrier_id = $1')
const countOfCarrier = statement(
  'count_routes_of_carrier',
  'select count(*) as count from routes where carrier_id = $1',
)

const values = (route: RouteRule, now: Date): unknown[] => [
  ...[route.id, route.carrierId, route.accountId, route.prefix, route.lanes, route.sender],
  ...[route.cost, route.weight, route.enabled, now],
]

/** Undefined when its carrier or its account is not there. */
export async function insertRoute(tx: Tx, route: RouteRule, now: Date): Promise<RouteRule | undefined> {
  return (await tx.query<RouteRule>(insertOne, values(route, now)))[0]
}

/** Held until the transaction ends. */
export async function lockRoute(tx: Tx, id: string): Promise<RouteRule | undefined> {
  return (await tx.query<RouteRule>(routeForUpdate, [id]))[0]
}

/** Undefined when its carrier or its account is not there. */
export async function updateRoute(tx: Tx, route: RouteRule, now: Date): Promise<RouteRule | undefined> {
  return (await tx.query<RouteRule>(updateOne, values(route, now)))[0]
}

/** False when there was none. */
export async function deleteRoute(tx: Tx, id: string): Promise<boolean> {
  return (await tx.query(deleteOne, [id])).length > 0
}

export async function deleteRoutesOf(tx: Tx, carrierId: string): Promise<void> {
  await tx.query(deleteOfCarrier, [carrierId])
}

export async function countRoutesOf(tx: Tx, carrierId: string): Promise<number> {
  return (await tx.query<{ count: number }>(countOfCarrier, [carrierId]))[0]!.count
}

/** A route that takes everything, as one is when nothing else is said. */
export const catchAll = (id: string, carrierId: string): RouteRule => ({
  id,
  carrierId,
  accountId: null,
  prefix: '',
  lanes: [],
  sender: null,
  cost: 0,
  weight: 100,
  enabled: true,
})

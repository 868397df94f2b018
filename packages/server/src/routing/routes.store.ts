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
  'select revision, (select count(*) from paths) as paths from routing',
)

/** The revision of the rules, and how many paths there are: whether it pays to read them again. */
export async function routingState(tx: Tx): Promise<{ revision: number; paths: number }> {
  return (await tx.query<{ revision: number; paths: number }>(stateOfRouting))[0]!
}

const liveCarriers = statement(
  'routed_carriers',
  'select id, name, mode from carriers where deleted_at is null',
)
const routeColumns = `r.id, r.carrier_id as "carrierId", r.account_id as "accountId", r.prefix, r.lanes::text[] as lanes,
  r.sender, r.cost::float8 as cost, r.weight, r.enabled`
const liveRoutes = statement(
  'live_routes',
  `select ${routeColumns} from routes r join carriers c on c.id = r.carrier_id where c.deleted_at is null`,
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
    routes: await tx.query<RouteRule & { lanes: Lane[] }>(liveRoutes),
    limits: await tx.query<LimitRule>(liveLimits),
  }
}

const raise = statement(
  'raise_routing_revision',
  'update routing set revision = revision + 1, changed_at = now()',
)

/** In the transaction of every change of routes, carriers or limits. Ring `carriers` once it has committed. */
export async function raiseRevision(tx: Tx): Promise<void> {
  await tx.query(raise)
}

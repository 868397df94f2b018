import { statement, type Tx } from '../store/db.ts'
import type { CarrierSetup } from './kinds.ts'

export type Mode = 'active' | 'paused' | 'drained'
export const modes = ['active', 'paused', 'drained'] as const satisfies readonly Mode[]

/** A row of `carriers` that is not deleted. Ids are bare UUIDs. */
export interface CarrierRow extends CarrierSetup {
  /** Owns what comes in on it. */
  readonly account_id: string
  readonly name: string
  readonly mode: Mode
  readonly origin: 'api' | 'config'
  /** Rises with each change by people, and not with what is learned. */
  readonly revision: number
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = `id, account_id, name, kind, profile, settings, secrets, mode, origin, learned, revision, created_at, updated_at`

const allCarriers = statement(
  'carriers',
  `select ${columns} from carriers where deleted_at is null order by name`,
)
const oneCarrier = statement(
  'carrier_for_update',
  `select ${columns} from carriers where id = $1 and deleted_at is null for update`,
)
const carrierNamed = statement(
  'carrier_named',
  `select ${columns} from carriers where name = $1 and deleted_at is null for update`,
)
const retiredNamed = statement(
  'retired_carrier_named',
  `select ${columns} from carriers where name = $1 and deleted_at is not null and origin = 'config'
   order by deleted_at desc limit 1 for update`,
)

/** All that are not deleted, by name. */
export const listCarriers = (tx: Tx): Promise<CarrierRow[]> => tx.query<CarrierRow>(allCarriers)

/** Held until the transaction ends. */
export async function lockCarrier(tx: Tx, id: string): Promise<CarrierRow | undefined> {
  return (await tx.query<CarrierRow>(oneCarrier, [id]))[0]
}

/** Held until the transaction ends. `retired`: the last one from the configuration that was taken out. */
export async function lockNamed(
  tx: Tx,
  name: string,
): Promise<{ live: CarrierRow | undefined; retired: CarrierRow | undefined }> {
  const [live] = await tx.query<CarrierRow>(carrierNamed, [name])
  const [retired] = live ? [] : await tx.query<CarrierRow>(retiredNamed, [name])
  return { live, retired }
}

const insertOne = statement(
  'insert_carrier',
  `insert into carriers (id, account_id, name, kind, profile, settings, secrets, mode, origin, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
   on conflict (name) where deleted_at is null do nothing returning ${columns}`,
)

export type NewCarrier = Omit<CarrierRow, 'learned' | 'revision' | 'created_at' | 'updated_at'>

/** Undefined when there is one of that name. */
export async function insertCarrier(tx: Tx, carrier: NewCarrier, now: Date): Promise<CarrierRow | undefined> {
  const { id, account_id, name, kind, profile, settings, secrets, mode, origin } = carrier
  const values = [id, account_id, name, kind, profile, settings, secrets, mode, origin, now]
  return (await tx.query<CarrierRow>(insertOne, values))[0]
}

const nameTaken = statement(
  'carrier_name_taken',
  'select from carriers where name = $1 and id <> $2 and deleted_at is null',
)
const updateOne = statement(
  'update_carrier',
  `update carriers set name = $2, profile = $3, settings = $4, secrets = $5, mode = $6, origin = $7, deleted_at = null,
     revision = revision + 1, updated_at = $8
   where id = $1 returning ${columns}`,
)

/** Whether another live carrier has this name. */
export async function isNameTaken(tx: Tx, name: string, id: string): Promise<boolean> {
  return (await tx.query(nameTaken, [name, id])).length > 0
}

/** Stores what has changed of a carrier that the transaction holds; one that was taken out is live again. */
export async function updateCarrier(
  tx: Tx,
  carrier: Pick<CarrierRow, 'id' | 'name' | 'profile' | 'settings' | 'secrets' | 'mode' | 'origin'>,
  now: Date,
): Promise<CarrierRow> {
  const { id, name, profile, settings, secrets, mode, origin } = carrier
  const values = [id, name, profile, settings, secrets, mode, origin, now]
  return (await tx.query<CarrierRow>(updateOne, values))[0]!
}

const retireOne = statement('retire_carrier', 'update carriers set deleted_at = $2 where id = $1')

/** Takes a carrier out. Its row stays: segments and receipts name it. */
export async function retireCarrier(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.query(retireOne, [id, now])
}

/** What the holder of a bind says about it every few seconds; what it does not say is missing. */
export interface BindReport {
  type?: string
  host?: string | null
  window?: number | null
  in_flight?: number | null
  /** By contract, of this bind. */
  segments_per_second?: number | null
  /** As measured. */
  rate?: number | null
  /** What the pacer holds between probes; null while nothing is paced. */
  pace?: number | null
  answer_ms?: { p50: number; p99: number } | null
  errors?: { code: string; count: number }[]
  last_error?: { code: string; at: string } | null
}

export interface BindRow {
  carrier_id: string
  slot: number
  /** null: nobody holds it. */
  node: number | null
  state: 'down' | 'binding' | 'bound' | 'open'
  state_at: Date
  report: BindReport
}

const allBinds = statement(
  'binds_of_carriers',
  `select carrier_id, slot, case when leased_until > now() then node end as node,
     case when leased_until > now() then state else 'down' end as state, state_at, report
   from binds where $1::uuid is null or carrier_id = $1 order by carrier_id, slot`,
)

/** Of all carriers, or of one. A bind whose lease has run out is down, whatever its last holder said. */
export const listBinds = (tx: Tx, carrierId?: string): Promise<BindRow[]> =>
  tx.query<BindRow>(allBinds, [carrierId ?? null])

/** Further than this nobody counts. */
export const mostCounted = 100_000
const queuedFirst = statement(
  'queued_by_carrier',
  // Of each path only so much is counted: a backlog of millions must not slow a page down.
  `select c.id, sum(n.count)::float8 as queued from paths p
   cross join lateral (
     select a.id from unnest(p.carriers) with ordinality as a(id, place) join carriers c on c.id = a.id and c.deleted_at is null
     order by a.place limit 1) c
   cross join lateral (
     select count(*) from (select from queue q where q.status = 'ready' and q.path = p.id limit ${mostCounted}) counted) n
   group by c.id`,
)

/** Messages that are ready, by the first carrier of their path; at most 100,000 of each path are counted. */
export async function countQueued(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx.query<{ id: string; queued: number }>(queuedFirst)
  return new Map(rows.map(({ id, queued }) => [id, queued]))
}

const usage = statement(
  'carrier_usage',
  `with lone as materialized (
     select p.id from paths p where $1 = any (p.carriers) and not exists (
       select from unnest(p.carriers) a(id) join carriers c on c.id = a.id where c.id <> $1 and c.deleted_at is null))
   select
     (select coalesce(sum(jsonb_array_length(c.messages)), 0)::float8 from claims c where c.carrier_id = $1) as on_wire,
     (select count(*)::float8 from (select from queue q where q.path in (select id from lone) limit ${mostCounted}) q) as only_way`,
)

/** What depends on a carrier: messages on the wire by it, and queued ones that no other carrier may take (at most 100,000 are counted). */
export async function readUsage(tx: Tx, id: string): Promise<{ on_wire: number; only_way: number }> {
  return (await tx.query<{ on_wire: number; only_way: number }>(usage, [id]))[0]!
}

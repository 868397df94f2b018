import type { Role } from '../roles.ts'
import { statement, type Tx } from '../store/db.ts'

/** What a node says of itself. */
export interface NodeFacts {
  host: string
  pid: number
  version: string
  roles: readonly Role[]
  /** Where its HTTP interface is; empty before it stands. */
  url: string
  draining: boolean
  report: object
}

/** When the statement ran, by the database's clock, in milliseconds since the epoch. */
const databaseMs = '(extract(epoch from clock_timestamp()) * 1000)::float8 as database_ms'

const registerNode = statement(
  'register_node',
  `insert into nodes (started_at, host, pid, version, roles, url, draining, report)
   values (now(), $1, $2, $3, $4, $5, $6, $7) returning number, ${databaseMs}`,
)
const nodeBeat = statement(
  'node_beat',
  `insert into nodes as n (number, started_at, host, pid, version, roles, url, draining, report)
     overriding system value values ($8, now(), $1, $2, $3, $4, $5, $6, $7)
   on conflict (number) do update set seen_at = now(), url = excluded.url, draining = excluded.draining, report = excluded.report
   returning ${databaseMs}`,
)
const removeNode = statement('remove_node', 'delete from nodes where number = $1')
const removeOtherNodes = statement('remove_other_nodes', 'delete from nodes where number <> $1')
const forgetNodes = statement(
  'forget_nodes',
  `with gone as (delete from nodes where seen_at < now() - interval '1 day')
   delete from incarnations where since < now() - interval '1 day' and id <> incarnation()`,
)

const values = ({ host, pid, version, roles, url, draining, report }: NodeFacts): unknown[] => [
  host,
  pid,
  version,
  roles,
  url,
  draining,
  JSON.stringify(report),
]

/** A new node's number, and the time by the database. */
export async function register(tx: Tx, facts: NodeFacts): Promise<{ number: number; database_ms: number }> {
  return (await tx.query<{ number: number; database_ms: number }>(registerNode, values(facts)))[0]!
}

/** "I am here." A row that was cleaned away while its node slept comes back under its number. Gives the time by the database. */
export async function beat(tx: Tx, number: number, facts: NodeFacts): Promise<number> {
  return (await tx.query<{ database_ms: number }>(nodeBeat, [...values(facts), number]))[0]!.database_ms
}

/** A node that has stopped cleanly leaves nothing behind. */
export async function remove(tx: Tx, number: number): Promise<void> {
  await tx.query(removeNode, [number])
}

/** All others are dead: a database that is this process's own says so. */
export async function removeOthers(tx: Tx, number: number): Promise<void> {
  await tx.query(removeOtherNodes, [number])
}

/** Forgets the nodes that have not been seen for a day. */
export async function forgetDead(tx: Tx): Promise<void> {
  await tx.query(forgetNodes)
}

export interface NodeRow {
  number: number
  host: string
  pid: number
  version: string
  roles: Role[]
  url: string
  started_at: Date
  seen_at: Date
  draining: boolean
  alive: boolean
  report: Record<string, unknown>
  binds: { carrier_id: string; carrier: string; slot: number; state: string }[]
}

const listNodes = statement(
  'list_nodes',
  `select n.number, n.host, n.pid, n.version, n.roles, n.url, n.started_at, n.seen_at, n.draining, n.alive, n.report,
     coalesce((select jsonb_agg(jsonb_build_object('carrier_id', b.carrier_id, 'carrier', c.name, 'slot', b.slot, 'state', b.state)
         order by c.name, b.slot)
       from binds b join carriers c on c.id = b.carrier_id where b.node = n.number), '[]') as binds
   from living_nodes n order by n.number`,
)

/** Every node that has been seen in the last day and has not stopped cleanly, with the bind slots that it holds. */
export const listAll = (tx: Tx): Promise<NodeRow[]> => tx.query<NodeRow>(listNodes)

const readCrew = statement(
  'read_crew',
  `select n.number, n.draining, (extract(epoch from now() - n.started_at) * 1000)::float8 as age_ms from living_nodes n
   where n.alive and 'carriers' = any (n.roles)`,
)
const readHeld = statement(
  'read_held',
  'select carrier_id, slot, node from binds where node is not null and leased_until >= now()',
)

/** Who may hold binds. */
export interface Hand {
  number: number
  /** Takes nothing more. */
  draining: boolean
  /** Since its start. */
  age_ms: number
}

export interface HeldSlot {
  carrier_id: string
  slot: number
  node: number
}

/** The living nodes that may hold binds, and who holds which under a lease that runs. */
export async function readShares(tx: Tx): Promise<{ hands: Hand[]; held: HeldSlot[] }> {
  return { hands: await tx.query<Hand>(readCrew), held: await tx.query<HeldSlot>(readHeld) }
}

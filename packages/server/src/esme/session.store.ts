import { statement, type Tx } from '../store/db.ts'

/** A bind as all nodes see it. */
export interface SessionRow {
  node: number
  /** Its number on that node. */
  session: number
  account_id: string
  login_id: string
  bind_type: 'transmitter' | 'receiver' | 'transceiver'
  address: string
  version: number
  tls: boolean
  since: Date
}

const list = statement(
  'select_smpp_sessions',
  `select s.* from smpp_sessions s join living_nodes n on n.number = s.node and n.alive order by s.since, s.node, s.session`,
)

/** Who is bound, to every node that lives; oldest first. */
export const listSessions = (tx: Tx): Promise<SessionRow[]> => tx.query<SessionRow>(list)

const hold = statement(
  'hold_smpp_deliveries',
  'insert into smpp_holders (node) values ($1) on conflict do nothing',
)

/** Writes down that this node may have sessions, and deliveries on them: what it leaves if it dies is looked for. */
export async function becomeHolder(tx: Tx, node: number): Promise<void> {
  await tx.query(hold, [node])
}

const announce = statement(
  'announce_smpp_sessions',
  `with gone as (
     delete from smpp_sessions where node = $1 and session = any ($2::integer[]))
   insert into smpp_sessions (node, session, account_id, login_id, bind_type, address, version, tls, since)
   select $1, session, account_id, login_id, bind_type, address, version, tls, since
   from json_to_recordset($3) as s(session integer, account_id uuid, login_id uuid, bind_type text, address text,
     version smallint, tls boolean, since timestamptz)
   on conflict do nothing`,
)

/** Writes down who has come to this node, and who has left. */
export async function announceSessions(
  tx: Tx,
  node: number,
  came: readonly Omit<SessionRow, 'node'>[],
  left: readonly number[],
): Promise<void> {
  await tx.query(announce, [node, left, JSON.stringify(came)])
}

const forget = statement(
  'forget_smpp_sessions',
  // Dead is who is silent, and holds its lock no more in this life of PostgreSQL. One that only stands still holds it, and may
  // have its deliveries on the wire: those lapse.
  `with dead as materialized (
     select h.node from smpp_holders h left join nodes n on n.number = h.node
     where n.number is null or n.seen_at < now() - interval '5 seconds' and n.incarnation = incarnation() and not exists (
       select from pg_locks l where l.locktype = 'advisory' and l.classid = 7678 and l.objid::bigint = n.number
         and l.objsubid = 2 and l.granted and l.database = (select oid from pg_database where datname = current_database()))),
   gone as (delete from smpp_sessions s using dead where s.node = dead.node),
   let_go as (delete from smpp_holders h using dead where h.node = dead.node returning h.node),
   freed as (
     update smpp_deliveries d set node = null, due_at = $1 from let_go where d.node = let_go.node returning 1)
   select count(*)::integer as n from freed`,
)

/** Forgets the sessions of nodes that are gone, and frees what they had on their links; returns how many of these. */
export async function takeOverFromTheDead(tx: Tx, now: Date): Promise<number> {
  return (await tx.query<{ n: number }>(forget, [now]))[0]!.n
}

const leaveNode = statement(
  'leave_smpp_sessions',
  `with gone as (delete from smpp_sessions where node = $1),
   freed as (update smpp_deliveries set node = null, due_at = $2 where node = $1)
   delete from smpp_holders where node = $1`,
)

/** A clean end: nothing of this node is on a link any more. */
export async function leaveSessions(tx: Tx, node: number, now: Date): Promise<void> {
  await tx.query(leaveNode, [node, now])
}

import type pg from 'pg'
import { statement, type Tx } from '../store/db.ts'

const acquireBind = statement(
  'acquire_bind',
  `insert into binds as b (carrier_id, slot, node, fence, leased_until)
   values ($1, $2, $3, 1, now() + $4 * interval '1 millisecond')
   on conflict (carrier_id, slot) do update
     set node = excluded.node, fence = b.fence + 1, leased_until = excluded.leased_until
     where b.node is null
       -- Its time is up, and PostgreSQL has been there long enough for its holder to have come back.
       or b.leased_until < now() and not exists (
         select from incarnations i where i.id = incarnation() and i.since > now() - $5 * interval '1 millisecond')
       -- Its holder held its lock in this life of PostgreSQL, and holds it no more: it is dead.
       or not exists (
         select from nodes n where n.number = b.node and (n.incarnation <> incarnation() or exists (
           select from pg_locks l where l.locktype = 'advisory' and l.classid = $6 and l.objid::bigint = n.number
           and l.objsubid = 2 and l.granted and l.database = (select oid from pg_database where datname = current_database()))))
   returning fence`,
)
const renewBind = statement(
  'renew_bind',
  `update binds set leased_until = now() + $4 * interval '1 millisecond'
   where carrier_id = $1 and slot = $2 and fence = $3 returning fence`,
)
const releaseBind = statement(
  'release_bind',
  `update binds set node = null, leased_until = '-infinity' where carrier_id = $1 and slot = $2 and fence = $3`,
)

/** Class of the advisory locks by which nodes show that they live; the object is the node's number. The view `living_nodes` names it too. */
export const nodeLockClass = 7678

/** After a restart or a fail-over of PostgreSQL the living need a moment to renew what has run out meanwhile. */
const reviveMs = 5_000

/**
 * Takes a bind slot if it is free, its lease has run out, or its holder is dead (its advisory lock is gone, or its
 * row). Returns the new fencing token, or undefined while somebody else holds it. All times are the database's own.
 */
export async function acquire(
  tx: Tx,
  carrierId: string,
  slot: number,
  node: number,
  ttlMs: number,
  graceMs = reviveMs,
): Promise<number | undefined> {
  const values = [carrierId, slot, node, ttlMs, graceMs, nodeLockClass]
  const rows = await tx.query<{ fence: number }>(acquireBind, values)
  return rows[0]?.fence
}

/** Prolongs a lease, also one that has run out and that nobody has taken; false when another holder has. */
export async function renew(
  tx: Tx,
  carrierId: string,
  slot: number,
  fence: number,
  ttlMs: number,
): Promise<boolean> {
  return (await tx.query(renewBind, [carrierId, slot, fence, ttlMs])).length > 0
}

export async function release(tx: Tx, carrierId: string, slot: number, fence: number): Promise<void> {
  await tx.query(releaseBind, [carrierId, slot, fence])
}

/** Holds the node's advisory lock for as long as the session lives, and notes in which life of PostgreSQL that is. */
export async function lockNode(session: pg.Client, number: number): Promise<void> {
  await session.query('select pg_advisory_lock($1, $2)', [nodeLockClass, number])
  await session.query(
    'insert into incarnations (id, since) values (incarnation(), now()) on conflict do nothing',
  )
  await session.query('update nodes set incarnation = incarnation() where number = $1', [number])
}

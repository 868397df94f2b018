import type pg from 'pg'
import { statement, type Tx } from '../store/db.ts'

const acquireBind = statement(
  'acquire_bind',
  `insert into binds as b (carrier_id, slot, node, fence, leased_until)
   values ($1, $2, $3, 1, now() + $4 * interval '1 millisecond')
   on conflict (carrier_id, slot) do update
     set node = excluded.node, fence = b.fence + 1, leased_until = excluded.leased_until
     where b.leased_until < now() or b.node is null
       or now() >= pg_postmaster_start_time() + $6 * interval '1 millisecond' and not exists (
         select from pg_locks l where l.locktype = 'advisory' and l.classid = $5 and l.objid::bigint = b.node
         and l.objsubid = 2 and l.granted and l.database = (select oid from pg_database where datname = current_database()))
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

/** Class of the advisory locks by which nodes show that they live; the object is the node's number. */
export const nodeLockClass = 7678

/** A restart of PostgreSQL drops every lock, and the living need a moment to take theirs again. */
const reviveMs = 10_000

/**
 * Takes a bind slot if it is free, its lease has run out, or its holder is dead (its advisory lock is gone).
 * Returns the new fencing token, or undefined while somebody else holds it.
 */
export async function acquire(
  tx: Tx,
  carrierId: string,
  slot: number,
  node: number,
  ttlMs: number,
  graceMs = reviveMs,
): Promise<number | undefined> {
  const values = [carrierId, slot, node, ttlMs, nodeLockClass, graceMs]
  const rows = await tx.query<{ fence: number }>(acquireBind, values)
  return rows[0]?.fence
}

/** Prolongs a lease; false when another holder has taken the slot. */
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

const registerNode = statement(
  'register_node',
  'insert into nodes (started_at) values (now()) returning number',
)

/** A new node's number. */
export async function register(tx: Tx): Promise<number> {
  return (await tx.query<{ number: number }>(registerNode))[0]!.number
}

/** Holds the node's advisory lock for as long as the session lives. */
export async function lockNode(session: pg.Client, number: number): Promise<void> {
  await session.query('select pg_advisory_lock($1, $2)', [nodeLockClass, number])
}

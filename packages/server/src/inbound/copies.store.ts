import { uuidFloor } from '../ids.ts'
import { plain, quoted, uuids } from '../store/arrays.ts'
import { statement, type Tx } from '../store/db.ts'

/** Class of the advisory locks, one a carrier, that whoever stores what came in on it shares until the commit. */
const lockClass = 7681

const share = statement(
  'inbound_share',
  `select pg_advisory_xact_lock_shared(${lockClass}, hashtext(id::text)) from unnest($1::uuid[]) as d(id)`,
)
const wait = statement('inbound_wait', `select pg_advisory_xact_lock(${lockClass}, hashtext($1::uuid::text))`)

/** What this transaction stores of these carriers, others can wait for. First of all in it. */
export async function shareCarriers(tx: Tx, carriers: ReadonlySet<string>): Promise<void> {
  if (carriers.size > 0) await tx.query(share, [uuids([...carriers].sort())])
}

/** Resolves once all that was being stored of this carrier, on any node, is stored or given up. */
export async function untilStored(db: Tx, carrierId: string): Promise<void> {
  await db.query(wait, [carrierId])
}

/** A delivery over a session that is young enough to bring copies. */
export interface YoungRow {
  n: number
  carrier_id: string
  sender: string
  fingerprint: string
  began: string
}

const find = statement(
  'inbound_copies',
  // By the index of senders; the order and the limit, which is none, hold it to that. What was said once more since the session
  // began is said by a person.
  `select d.n::integer from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[])
     with ordinality as d(carrier_id, sender, fingerprint, began, n)
   cross join lateral (
     select max(f.created_at) as at from (
       select m.created_at from messages m
       where m.sender = d.sender and m.direction = 'inbound' and m.id >= $5 and m.carrier_id = d.carrier_id
         and m.fingerprint = d.fingerprint and m.created_at >= $6
       order by m.sender, m.account_id, m.id limit 100000) f) last
   where last.at < d.began`,
)

/** The `n` of those that came before their session began, but not before `since`, and are stored. */
export async function findCopies(tx: Tx, rows: readonly YoungRow[], since: Date): Promise<number[]> {
  if (rows.length === 0) return []
  const copies = await tx.query<{ n: number }>(find, [
    uuids(rows.map((row) => row.carrier_id)),
    quoted(rows.map((row) => row.sender)),
    uuids(rows.map((row) => row.fingerprint)),
    plain(rows.map((row) => row.began)),
    uuidFloor(since),
    since,
  ])
  return copies.map(({ n }) => rows[n - 1]!.n)
}

import { type Statement, statement, type Tx } from '../store/db.ts'
import type { Claimant } from './claim.store.ts'
import type { Lane } from './lane.ts'
import type { Lost } from './settle.ts'

export interface SweptRow {
  account_id: string
  id: string
  lane: Lane
  expires_at: Date
  path: number
  attempt: number
  status: 'scheduled' | 'ready' | 'uncertain'
}

const columns = 'q.account_id, q.message_id as id, q.path, q.lane, q.expires_at, q.attempt, q.status'

// By their places, which the lock holds: a plan made while the queue was empty would look for keys in all of it.
const promoteDue = statement(
  'promote_due',
  `update queue q set status = 'ready' where q.ctid = any (array(
     select ctid from queue where status = 'scheduled' and due_at <= $1 and expires_at > $1
     order by due_at limit $2 for update skip locked))
   returning ${columns}`,
)
const takeDueUncertain = statement(
  'select_due_uncertain',
  `select ${columns} from queue q where q.status = 'uncertain' and q.due_at <= $1 and q.expires_at > $1
   order by q.due_at limit $2 for update skip locked`,
)
const takeExpired = statement(
  'delete_expired',
  `delete from queue q where q.ctid = any (array(
     select ctid from queue where expires_at <= $1
     order by expires_at limit $2 for update skip locked))
   returning ${columns}`,
)
/** Takes over the claims that `gone` names, and finds which of their messages nobody has settled. */
const takeClaims = (name: string, gone: string) =>
  statement(
    name,
    // A message that was settled has another state, and one that went back to the queue stands there.
    `with ${gone},
   gone as (
     delete from claims where id in (select id from named) returning carrier_id, messages, claimed_at),
   listed as (
     select distinct on (e.id) e.account_id, e.id, e.path, e.lane, e.expires_at, e.attempt, gone.claimed_at as at,
       gone.carrier_id, (select name from carriers where carriers.id = gone.carrier_id) as carrier
     from gone cross join lateral jsonb_to_recordset(gone.messages) as e(
       account_id uuid, id uuid, path integer, lane lane, expires_at timestamptz, attempt smallint)
     order by e.id, e.attempt desc),
   lost as (
     select listed.* from listed
     cross join lateral (
       select from messages m where m.account_id = listed.account_id and m.id = listed.id and m.state = 'queued' limit 1) m
     where not exists (
       select from queue q where q.account_id = listed.account_id and q.message_id = listed.id))
   select (select count(*)::integer from gone) as claims, coalesce(jsonb_agg(to_jsonb(lost)), '[]') as messages from lost`,
  )
const takeAbandoned = takeClaims(
  'take_abandoned_claims',
  `named as materialized (
     select id from claims where carrier_id = $1 and slot = $2 and fence < $3 order by id limit $4 for update skip locked)`,
)
const takeLapsed = takeClaims(
  'take_lapsed_claims',
  // From the few binds to their claims: there is nothing to do unless a bind has ended, and that is mostly so. A
  // bind that was given back shows no end of its lease, so the claim must be old as well.
  `ended as materialized (
     select carrier_id, slot from binds where leased_until < now() - $2 * interval '1 millisecond'),
   named as materialized (
     select c.id from ended e join claims c on c.carrier_id = e.carrier_id and c.slot = e.slot
     where c.claimed_at < $1::timestamptz - $2 * interval '1 millisecond' limit $3 for update of c skip locked)`,
)

/** Makes scheduled and postponed messages ready that are due. */
export const promote = (tx: Tx, now: Date, limit: number) => tx.query<SweptRow>(promoteDue, [now, limit])

/** Locks messages whose wait for an answer has ended. */
export const dueUncertain = (tx: Tx, now: Date, limit: number) =>
  tx.query<SweptRow>(takeDueUncertain, [now, limit])

/** Takes out of the queue what is too late to send. What is on the wire is left to its answer. */
export const expired = (tx: Tx, now: Date, limit: number) => tx.query<SweptRow>(takeExpired, [now, limit])

interface Taken {
  claims: number
  messages: (Lost & { carrier_id: string })[]
}

async function take(tx: Tx, statement: Statement, values: unknown[]): Promise<Taken> {
  type Row = {
    claims: number
    messages: (Omit<Taken['messages'][number], 'at' | 'expires_at'> & { at: string; expires_at: string })[]
  }
  const [row] = await tx.query<Row>(statement, values)
  const { claims, messages } = row!
  return {
    claims,
    messages: messages.map((each) => ({
      ...each,
      at: new Date(each.at),
      expires_at: new Date(each.expires_at),
    })),
  }
}

/**
 * Takes over up to `limit` claims made under an older fencing token of this bind, whose submitter is gone. Returns
 * how many there were and which of their messages nobody has settled.
 */
export const abandoned = (tx: Tx, { carrierId, slot, fence }: Claimant, limit: number): Promise<Taken> =>
  take(tx, takeAbandoned, [carrierId, slot, fence, limit])

/** The same for claims of binds that nobody has held for `quietMs`: their carrier may never come back. */
export const lapsed = (tx: Tx, now: Date, quietMs: number, limit: number): Promise<Taken> =>
  take(tx, takeLapsed, [now, quietMs, limit])

const cancelQueued = statement(
  'cancel_queued',
  // After a first attempt something may be out: a copy whose fate nobody knows, or some parts of a long message.
  `delete from queue q where q.account_id = $1 and q.message_id = $2 and q.status in ('scheduled', 'ready')
     and (q.attempt = 0 or not exists (
         select from messages m where m.account_id = $1 and m.id = $2 and m.possible_duplicate)
       and not exists (select from segments s where s.account_id = $1 and s.message_id = $2))
   returning q.attempt`,
)

/** Takes one message out of the queue if nothing of it is on the wire or may be out already; false when it is too late. */
export async function unqueue(tx: Tx, accountId: string, id: string): Promise<boolean> {
  return (await tx.query(cancelQueued, [accountId, id])).length > 0
}

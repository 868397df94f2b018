import { statement, type Tx } from '../store/db.ts'
import type { Lane } from './lane.ts'
import type { Claimant } from './store.ts'

export interface SweptRow {
  account_id: string
  id: string
  lane: Lane
  expires_at: Date
  status: 'scheduled' | 'ready' | 'on_wire' | 'uncertain'
}

const columns = 'q.account_id, q.message_id as id, q.lane, q.expires_at, q.status'

const promoteDue = statement(
  'promote_due',
  `update queue q set status = 'ready' where (q.account_id, q.message_id) in (
     select account_id, message_id from queue where status = 'scheduled' and due_at <= $1 and expires_at > $1
     order by due_at limit $2 for update skip locked)
   returning ${columns}`,
)
const takeDueUncertain = statement(
  'select_due_uncertain',
  `select ${columns} from queue q where q.status = 'uncertain' and q.due_at <= $1 and q.expires_at > $1
   order by q.due_at limit $2 for update skip locked`,
)
const takeExpired = statement(
  'delete_expired',
  `delete from queue q where (q.account_id, q.message_id) in (
     select account_id, message_id from queue where expires_at <= $1 and status <> 'on_wire'
     order by expires_at limit $2 for update skip locked)
   returning ${columns}`,
)
const takeAbandoned = statement(
  'select_abandoned',
  `select ${columns} from queue q
   where q.status = 'on_wire' and q.carrier_id = $1 and q.slot = $2 and q.fence < $3
   limit $4 for update skip locked`,
)

/** Makes scheduled and postponed messages ready that are due. */
export const promote = (tx: Tx, now: Date, limit: number) => tx.query<SweptRow>(promoteDue, [now, limit])

/** Locks messages whose wait for an answer has ended. */
export const dueUncertain = (tx: Tx, now: Date, limit: number) =>
  tx.query<SweptRow>(takeDueUncertain, [now, limit])

/** Takes out of the queue what is too late to send. What is on the wire is left to its answer. */
export const expired = (tx: Tx, now: Date, limit: number) => tx.query<SweptRow>(takeExpired, [now, limit])

/** Locks messages claimed under an older fencing token of this bind: their submitter is gone. */
export const abandoned = (tx: Tx, { carrierId, slot, fence }: Claimant, limit: number) =>
  tx.query<SweptRow>(takeAbandoned, [carrierId, slot, fence, limit])

const cancelQueued = statement(
  'cancel_queued',
  `delete from queue where account_id = $1 and message_id = $2 and status in ('scheduled', 'ready') returning attempt`,
)

/** Takes one message out of the queue if nothing of it is on the wire; false when it is too late. */
export async function unqueue(tx: Tx, accountId: string, id: string): Promise<boolean> {
  return (await tx.query(cancelQueued, [accountId, id])).length > 0
}

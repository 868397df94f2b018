import type { SentSegment } from '../carriers/carrier.ts'
import { uuidFloor } from '../ids.ts'
import { statement, type Tx } from '../store/db.ts'

/** A segment that a carrier took and has not spoken of since. */
export interface Silent extends SentSegment {
  /** Of its message. */
  readonly id: string
}

const silentBetween = statement(
  'select_silent_segments',
  `select m.id, s.remote_id as "remoteId", s.remote_key as "remoteKey", m.sender as "from", m.recipient as "to"
   from (
     select account_id, id, sender, recipient from messages
     where id > $2 and id < $3 and state in ('submitted', 'uncertain') order by id) m
   cross join lateral (
     select remote_id, remote_key from segments s
     where s.account_id = m.account_id and s.message_id = m.id and s.carrier_id = $1 and s.state = 'submitted') s
   order by m.id limit $4`,
)

/** Segments of messages behind `after` (an id) that were accepted before `until`, oldest first. */
export const silent = (
  tx: Tx,
  carrierId: string,
  { after, until, limit }: { after: string; until: Date; limit: number },
): Promise<Silent[]> => tx.query(silentBetween, [carrierId, after, uuidFloor(until), limit])

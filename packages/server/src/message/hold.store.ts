import { quoted, uuids } from '../store/arrays.ts'
import { statement, type Tx } from '../store/db.ts'
import type { Lane } from './lane.ts'

/** Which of the messages that wait: every condition that is given holds. */
export interface WaitingFilter {
  /** In E.164. */
  recipients: readonly string[]
  /** From this one, or from whichever the carrier chooses: that may be it. */
  sender?: string
  /** Bare UUID. */
  topic?: string
  lanes?: readonly Lane[]
  /** What hangs on consent: marketing, and what is about any topic but these. */
  bound?: { except: readonly string[] }
  /** With this reference of whoever sent them. */
  clientRef?: string
}

const takeWaiting = statement(
  'take_waiting',
  // Found by the recipient's index and then by key; a claim that has the row already wins, and what it took is on its way.
  // The limit is none: with it each recipient is looked up by itself, and without it all messages since $3 are read.
  `with found as materialized (
     select place.ctid as place from unnest($2::text[]) as d(recipient)
     cross join lateral (
       select m.id from messages m
       where m.recipient = d.recipient and m.account_id = $1 and m.id > $3 and m.state in ('queued', 'scheduled')
         and ($4::text is null or m.sender = $4 or m.sender is null) and ($5::uuid is null or m.topic_id = $5)
         and ($6::lane[] is null or m.lane = any ($6))
         and ($7::uuid[] is null
           or (m.lane = 'marketing' or m.topic_id is not null) and m.topic_id = any ($7) is not true)
         and ($8::text is null or m.client_ref = $8)
       order by m.recipient, m.account_id, m.id limit 100000) m
     cross join lateral (
       select q.ctid from queue q where q.account_id = $1 and q.message_id = m.id and q.status in ('scheduled', 'ready')
       limit 1 for update) place)
   delete from queue q using found where q.ctid = found.place returning q.message_id as id`,
)

/** Takes messages out of the queue that wait there and are newer than `after`. Returns their ids, bare. */
export async function takeWaitingOnes(
  tx: Tx,
  accountId: string,
  { recipients, sender, topic, lanes, bound, clientRef }: WaitingFilter,
  after: string,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(takeWaiting, [
    accountId,
    quoted(recipients),
    after,
    sender ?? null,
    topic ?? null,
    lanes ? `{${lanes.join()}}` : null,
    bound ? uuids(bound.except) : null,
    clientRef ?? null,
  ])
  return rows.map(({ id }) => id)
}

const putOff = statement(
  'put_off',
  `with found as materialized (
     select place.ctid as place from unnest($2::uuid[]) as d(id)
     cross join lateral (
       select q.ctid from queue q where q.account_id = $1 and q.message_id = d.id
         and (q.status = 'ready' or (q.status = 'scheduled' and q.due_at < $3)) limit 1 for update) place)
   update queue q set status = 'scheduled', due_at = $3 from found where q.ctid = found.place returning q.message_id as id`,
)

/** Makes messages wait until `until` that are ready, or would be before. Returns the ids of those that do. */
export async function putOffReady(
  tx: Tx,
  accountId: string,
  ids: readonly string[],
  until: Date,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(putOff, [accountId, uuids(ids), until])
  return rows.map(({ id }) => id)
}

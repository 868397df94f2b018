import { statement, type Tx } from '../store/db.ts'
import type { Lane } from './lane.ts'
import type { Prepared } from './prepare.ts'

/** A message that waits and of which nothing has gone out. */
export interface Waiting {
  lane: Lane
  sender: string | null
  recipient: string
  client_ref: string | null
  origin: object | null
  state: 'queued' | 'scheduled'
  send_at: Date | null
  expires_at: Date
  /** Its row in the queue, as JSON. */
  place: string
}

const take = statement(
  'take_replaceable',
  // Out of the queue, and in again with the new text: a claim that began before sees the old row gone and the new one not
  // yet, so it cannot send the old text after we have said that it is replaced.
  `with gone as (
     delete from queue q where q.account_id = $1 and q.message_id = $2 and q.status in ('scheduled', 'ready') and q.attempt = 0
     returning to_jsonb(q)::text as place)
   select m.lane, m.sender, m.recipient, m.client_ref, m.origin, m.state, m.send_at, m.expires_at, gone.place
   from gone cross join lateral (
     select * from messages m where m.account_id = $1 and m.id = $2 and m.state in ('queued', 'scheduled') limit 1) m`,
)

/** Takes a message out of the queue if nothing of it has gone out; put it back with `putReplaced` or roll back. */
export async function takeReplaceable(tx: Tx, accountId: string, id: string): Promise<Waiting | undefined> {
  return (await tx.query<Waiting>(take, [accountId, id]))[0]
}

const put = statement(
  'put_replaced',
  `with said as (
     update messages set body = $4, encoding = $5, segments = $6::smallint,
       reference = case when $6::smallint > 1 then coalesce(reference, $7::smallint) end, user_data = null, send_at = $8, expires_at = $9,
       origin = $10, updated_at = $11,
       timeline = case when length(timeline) < 20000
         then timeline || jsonb_build_object('state', state, 'at', $12::text, 'replaced', true) || ',' else timeline end
     where account_id = $1 and id = $2)
   insert into queue select (jsonb_populate_record(null::queue,
     $3::jsonb || jsonb_build_object('due_at', coalesce($8::timestamptz, $11), 'expires_at', $9::timestamptz))).*`,
)

/** Writes the new text, and puts the message back in its place. `reference`: for a text that is long only now. */
export async function putReplaced(
  tx: Tx,
  key: { accountId: string; id: string },
  place: string,
  prepared: Pick<Prepared, 'body' | 'encoding' | 'segments' | 'sendAt' | 'expiresAt'>,
  more: { reference: number; origin: object | null; now: Date },
): Promise<void> {
  const { body, encoding, segments, sendAt, expiresAt } = prepared
  const { reference, origin, now } = more
  const values = [
    key.accountId,
    key.id,
    place,
    body,
    encoding,
    segments,
    reference,
    sendAt,
    expiresAt,
    origin,
    now,
  ]
  await tx.query(put, [...values, now.toISOString()])
}

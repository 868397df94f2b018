import { uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

/** What stands where an address was. */
export const erased = 'erased'

const ofPerson = statement(
  'contact_messages_of_person',
  `select m.id from unnest($2::text[]) as d(number) cross join lateral (
     select m.id from messages m where m.recipient = d.number and m.account_id = $1 and m.direction = 'outbound'
     order by m.recipient, m.account_id, m.id limit 1000000) m
   union all
   select m.id from unnest($2::text[]) as d(number) cross join lateral (
     select m.id from messages m where m.sender = d.number and m.account_id = $1 and m.direction = 'inbound'
     order by m.sender, m.account_id, m.id limit 1000000) m`,
)
/** Ids of all messages to and from these numbers. */
export const messagesOf = async (tx: Tx, accountId: string, numbers: readonly string[]): Promise<string[]> =>
  numbers.length === 0
    ? []
    : (await tx.query<{ id: string }>(ofPerson, [accountId, numbers])).map(({ id }) => id)

const emptyMessages = statement(
  'contact_messages_empty',
  // The row stays: it was paid for, and counts. What is in it and who it was with goes.
  `with found as materialized (
     select place.* from unnest($2::uuid[]) as d(id) cross join lateral (
       select m.ctid as place, m.tableoid as part, m.id, m.created_at, m.final_at from messages m
       where m.account_id = $1 and m.id = d.id and m.id between $3 and $4 and m.final_at is not null limit 1 for update) place),
   parts as (
     update segments s set request = null, receipts = '[]' from found
     where s.account_id = $1 and s.message_id = found.id and s.message_id between $3 and $4)
   update messages m set body = '', user_data = null, origin = null, client_ref = null, trace = null,
     recipient = case when m.direction = 'outbound' then '${erased}' else m.recipient end,
     sender = case when m.direction = 'inbound' then '${erased}' else m.sender end
   from found where m.account_id = $1 and m.id = found.id and m.id between $3 and $4
   returning m.id, m.created_at, m.final_at`,
)
export interface Emptied {
  id: string
  created_at: Date
  final_at: Date
}
/** Empties messages that have ended: text, number, the bytes that went out. Those still on their way are left. */
export async function emptyEnded(tx: Tx, accountId: string, ids: readonly string[]): Promise<Emptied[]> {
  if (ids.length === 0) return []
  const ordered = [...ids].sort()
  return tx.query<Emptied>(emptyMessages, [accountId, uuids(ordered), ordered[0], ordered.at(-1)])
}

const chunksAbout = statement(
  'contact_event_chunks_about',
  `select c.id, c.events from event_chunks c
   where c.id > $2 and c.id < $3 and c.accounts @> array[$1::uuid]
     and exists (select from unnest($4::text[]) as d(message) where strpos(c.events, d.message) > 0)
   order by c.id limit $5`,
)
/** Chunks of events between two ids in which one of these messages (public ids) is named. */
export const chunksNaming = (
  tx: Tx,
  accountId: string,
  between: { after: string; before: string },
  messages: readonly string[],
  limit: number,
): Promise<{ id: string; events: string }[]> =>
  tx.query(chunksAbout, [accountId, between.after, between.before, messages, limit])

const rewrite = statement('contact_event_chunks_rewrite', 'update event_chunks set events = $2 where id = $1')
export const rewriteChunk = async (tx: Tx, id: string, events: string): Promise<void> => {
  await tx.query(rewrite, [id, events])
}

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
       select m.ctid as place, m.tableoid as part, m.id from messages m
       where m.account_id = $1 and m.id = d.id and m.id between $3 and $4 and m.final_at is not null limit 1 for update) place),
   parts as (
     update segments s set request = null, receipts = '' from found
     where s.account_id = $1 and s.message_id = found.id and s.message_id between $3 and $4)
   update messages m set body = '', user_data = null, origin = null, client_ref = null, trace = null, fingerprint = null,
     recipient = case when m.direction = 'outbound' then '${erased}' else m.recipient end,
     sender = case when m.direction = 'inbound' then '${erased}' else m.sender end
   from found where m.account_id = $1 and m.id = found.id and m.id between $3 and $4
   returning m.id`,
)
/** Empties messages that have ended: text, number, the bytes that went out. Those still on their way are left. Returns the ids of those that had. */
export async function emptyEnded(tx: Tx, accountId: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const ordered = [...ids].sort()
  const rows = await tx.query<{ id: string }>(emptyMessages, [
    ...[accountId, uuids(ordered), ordered[0], ordered.at(-1)],
  ])
  return rows.map(({ id }) => id)
}

const chunks = statement(
  'contact_event_chunks_after',
  // Cut into pages before it is searched: a statement must not read all that there is.
  `select c.id, exists (select from unnest($3::text[]) as d(address) where strpos(c.events, d.address) > 0) as named
   from (
     select id, events from event_chunks where id > $2 and accounts @> array[$1::uuid] order by id limit $4) c
   order by c.id`,
)
/** Chunks with events of the account behind an id, in order, and whether one of these addresses stands in them. */
export const chunksAfter = (
  tx: Tx,
  accountId: string,
  after: string,
  addresses: readonly string[],
  limit: number,
): Promise<{ id: string; named: boolean }[]> => tx.query(chunks, [accountId, after, addresses, limit])

const lock = statement(
  'contact_event_chunks_lock',
  `select c.id, c.events from unnest($1::uuid[]) as d(id)
   cross join lateral (select id, events from event_chunks c where c.id = d.id for update) c order by c.id`,
)
/** These chunks as they are now; nobody else rewrites them until the end of the transaction. */
export const lockChunks = async (
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; events: string }[]> => (ids.length === 0 ? [] : tx.query(lock, [uuids(ids)]))

const rewrite = statement('contact_event_chunks_rewrite', 'update event_chunks set events = $2 where id = $1')
export const rewriteChunk = async (tx: Tx, id: string, events: string): Promise<void> => {
  await tx.query(rewrite, [id, events])
}

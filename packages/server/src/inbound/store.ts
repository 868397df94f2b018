import { statement, type Tx } from '../store/db.ts'

/** One part of a long inbound message. */
export interface PartRow {
  carrier_id: string
  sender: string
  recipient: string
  /** 16-bit references offset by 65536. */
  reference: number
  total: number
  part: number
  /** The text as a JSON string: a part may end in half a character, which PostgreSQL's text cannot hold. */
  body: string
  encoding: 'gsm7' | 'ucs2'
}

const lockGroups = statement(
  'lock_inbound_groups',
  // The upsert locks the group's row until the end of the transaction: whoever stores another part of the same
  // message at this moment waits, and then sees this part.
  `insert into inbound_groups as g (carrier_id, sender, recipient, reference, total, first_at)
   select distinct carrier_id, sender, recipient, reference, total, $2::timestamptz
   from json_to_recordset($1) as d(carrier_id uuid, sender text, recipient text, reference integer, total smallint)
   order by 1, 2, 3, 4, 5
   on conflict (carrier_id, sender, recipient, reference, total) do update set
     first_at = case when g.completed_at < excluded.first_at - interval '10 minutes' then excluded.first_at else g.first_at end,
     completed_at = case when g.completed_at < excluded.first_at - interval '10 minutes' then null else g.completed_at end`,
)
const insertParts = statement(
  'insert_inbound_parts',
  `insert into inbound_parts (carrier_id, sender, recipient, reference, total, part, body, encoding, received_at)
   select carrier_id, sender, recipient, reference, total, d.part, d.body, d.encoding, $2
   from json_to_recordset($1) as d(carrier_id uuid, sender text, recipient text, reference integer, total smallint,
     part smallint, body text, encoding text)
   join inbound_groups g using (carrier_id, sender, recipient, reference, total)
   where g.completed_at is null -- a part sent again after its message was whole is no new message
   on conflict do nothing`,
)
const takeComplete = statement(
  'take_complete_groups',
  `with touched as (
     select distinct carrier_id, sender, recipient, reference, total
     from json_to_recordset($1) as d(carrier_id uuid, sender text, recipient text, reference integer, total smallint)),
   complete as (
     select p.carrier_id, p.sender, p.recipient, p.reference, p.total,
       array_agg(p.body order by p.part) as bodies, count(*)::integer as parts,
       bool_or(p.encoding = 'ucs2') as wide
     from touched join inbound_parts p using (carrier_id, sender, recipient, reference, total)
     group by 1, 2, 3, 4, 5 having count(*) = p.total),
   closed as (
     update inbound_groups g set completed_at = $2 from complete c
     where g.carrier_id = c.carrier_id and g.sender = c.sender and g.recipient = c.recipient
       and g.reference = c.reference and g.total = c.total),
   gone as (
     delete from inbound_parts p using complete c
     where p.carrier_id = c.carrier_id and p.sender = c.sender and p.recipient = c.recipient
       and p.reference = c.reference and p.total = c.total)
   select carrier_id, sender, recipient, bodies, parts, wide from complete`,
)

export interface Assembled {
  carrier_id: string
  sender: string
  recipient: string
  /** JSON strings, in the order of the parts. */
  bodies: string[]
  /** Parts that came. */
  parts: number
  wide: boolean
  /** Parts that were announced; equal to `parts` when the message is whole. */
  total?: number
}

/** Stores parts, in any order and from any bind, and takes the messages that they complete. */
export async function storeParts(tx: Tx, parts: readonly PartRow[], now: Date): Promise<Assembled[]> {
  if (parts.length === 0) return []
  const json = JSON.stringify(parts)
  await tx.query(lockGroups, [json, now])
  await tx.query(insertParts, [json, now])
  return tx.query<Assembled>(takeComplete, [json, now])
}

const takeStale = statement(
  'take_stale_groups',
  `with stale as (
     select * from inbound_groups where first_at < $1 and completed_at is null order by first_at limit $2 for update skip locked),
   pieces as (
     select p.carrier_id, p.sender, p.recipient, p.reference, p.total,
       array_agg(p.body order by p.part) as bodies, count(*)::integer as parts, bool_or(p.encoding = 'ucs2') as wide
     from stale join inbound_parts p using (carrier_id, sender, recipient, reference, total) group by 1, 2, 3, 4, 5),
   gone as (
     delete from inbound_groups g using stale s
     where g.carrier_id = s.carrier_id and g.sender = s.sender and g.recipient = s.recipient
       and g.reference = s.reference and g.total = s.total)
   select carrier_id, sender, recipient, bodies, parts, wide, total::integer from pieces`,
)

/** Takes long messages whose missing parts did not come in time, as far as they came. */
export function takeStaleGroups(tx: Tx, before: Date, limit: number): Promise<Assembled[]> {
  return tx.query<Assembled>(takeStale, [before, limit])
}

const forgetGroups = statement('forget_complete_groups', 'delete from inbound_groups where completed_at < $1')

/** Forgets messages that were whole before `before`: their parts are no longer sent again. */
export async function forgetComplete(tx: Tx, before: Date): Promise<void> {
  await tx.query(forgetGroups, [before])
}

export interface NewInbound {
  account_id: string
  id: string
  sender: string
  recipient: string
  body: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  carrier_id: string
  timeline: object[]
  trace: object
}

const insertInbound = statement(
  'insert_inbound',
  `insert into messages (account_id, id, direction, state, sender, recipient, body, encoding, segments, carrier_id,
     timeline, trace, created_at, updated_at, final_at)
   select account_id, id, 'inbound', 'received', sender, recipient, body, encoding, segments, carrier_id, timeline, trace, $2, $2, $2
   from json_to_recordset($1) as d(account_id uuid, id uuid, sender text, recipient text, body text, encoding text,
     segments smallint, carrier_id uuid, timeline jsonb, trace jsonb)`,
)

export async function insertReceived(tx: Tx, rows: readonly NewInbound[], now: Date): Promise<void> {
  if (rows.length > 0) await tx.query(insertInbound, [JSON.stringify(rows), now])
}

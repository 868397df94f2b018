import { listed, plain, quoted, uuids } from '../store/arrays.ts'
import { statement, type Tx } from '../store/db.ts'
import { partitioned, partitionOf } from '../store/partitions.ts'

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

const key = 'carrier_id, sender, recipient, reference, total'
const asParts = `json_to_recordset($1) as d(carrier_id uuid, sender text, recipient text, reference integer, total smallint,
  part smallint, body text, encoding text)`

const lockGroups = statement(
  'lock_inbound_groups',
  // The upsert locks the group's row until the end of the transaction: whoever stores another part of the same
  // message at this moment waits, and then sees this part.
  `insert into inbound_groups as g (${key}, first_at)
   select distinct ${key}, $2::timestamptz from ${asParts} order by 1, 2, 3, 4, 5
   on conflict (${key}) do update set first_at = g.first_at`,
)
const reopenGroups = statement(
  'reopen_inbound_groups',
  // The parts of a whole message are kept for a while. The same part once more is the network being careful;
  // another text under the number of a part is the next message of a phone whose references repeat. What came
  // again since the message was whole may belong to that next one, so it stays.
  `with again as (
     select distinct ${key} from ${asParts} join inbound_groups g using (${key})
     where g.completed_at is not null and (g.completed_at < $2::timestamptz - interval '10 minutes' or exists (
       select from inbound_parts p where p.carrier_id = g.carrier_id and p.sender = g.sender and p.recipient = g.recipient
         and p.reference = g.reference and p.total = g.total and p.part = d.part and p.body <> d.body))),
   reopened as (
     update inbound_groups g set first_at = $2, completed_at = null from again a
     where g.carrier_id = a.carrier_id and g.sender = a.sender and g.recipient = a.recipient
       and g.reference = a.reference and g.total = a.total
     returning g.*, old.completed_at as was)
   delete from inbound_parts p using reopened r
   where p.carrier_id = r.carrier_id and p.sender = r.sender and p.recipient = r.recipient
     and p.reference = r.reference and p.total = r.total and p.received_at <= r.was`,
)
const insertParts = statement(
  'insert_inbound_parts',
  `insert into inbound_parts (${key}, part, body, encoding, received_at)
   select distinct on (${key}, part) ${key}, part, body, encoding, $2::timestamptz from ${asParts}
   on conflict (${key}, part) do update set received_at = excluded.received_at`,
)
const takeComplete = statement(
  'take_complete_groups',
  `with touched as (select distinct ${key} from ${asParts}),
   complete as (
     select p.carrier_id, p.sender, p.recipient, p.reference, p.total,
       array_agg(p.body order by p.part) as bodies, count(*)::integer as parts,
       bool_or(p.encoding = 'ucs2') as wide
     from touched join inbound_groups g using (${key}) join inbound_parts p using (${key})
     where g.completed_at is null
     group by 1, 2, 3, 4, 5 having count(*) = p.total),
   closed as (
     update inbound_groups g set completed_at = $2 from complete c
     where g.carrier_id = c.carrier_id and g.sender = c.sender and g.recipient = c.recipient
       and g.reference = c.reference and g.total = c.total)
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

/**
 * Parts of one statement: each number of a message once. A repetition is dropped; another text under the same
 * number is the next message, and its turn comes after this one's.
 */
function inTurns(parts: readonly PartRow[]): PartRow[][] {
  const turns: Map<string, PartRow>[] = []
  for (const part of parts) {
    const { carrier_id, sender, recipient, reference, total } = part
    const name = JSON.stringify([carrier_id, sender, recipient, reference, total, part.part])
    if (turns.some((turn) => turn.get(name)?.body === part.body)) continue
    const turn = turns.find((each) => !each.has(name))
    if (turn) turn.set(name, part)
    else turns.push(new Map([[name, part]]))
  }
  return turns.map((turn) => [...turn.values()])
}

/** Stores parts, in any order and from any bind, and takes the messages that they complete. */
export async function storeParts(tx: Tx, parts: readonly PartRow[], now: Date): Promise<Assembled[]> {
  const assembled: Assembled[] = []
  for (const turn of inTurns(parts)) {
    const json = JSON.stringify(turn)
    await tx.query(lockGroups, [json, now])
    await tx.query(reopenGroups, [json, now])
    await tx.query(insertParts, [json, now])
    assembled.push(...(await tx.query<Assembled>(takeComplete, [json, now])))
  }
  return assembled
}

/** What names the parts of one long message. */
export type GroupKey = Pick<PartRow, 'carrier_id' | 'sender' | 'recipient' | 'reference' | 'total'>

const listStale = statement(
  'list_stale_groups',
  `select ${key} from inbound_groups where first_at < $1 and completed_at is null order by first_at limit $2`,
)
const lockStale = statement(
  'lock_stale_group',
  // In a statement of its own: the next sees the part that another node was storing while this one waited for it.
  `select 1 from inbound_groups where carrier_id = $1 and sender = $2 and recipient = $3 and reference = $4 and total = $5
   for update`,
)
const takeStale = statement(
  'take_stale_group',
  `with stale as (
     delete from inbound_groups where carrier_id = $1 and sender = $2 and recipient = $3 and reference = $4 and total = $5
       and first_at < $6 and completed_at is null
     returning ${key})
   select p.carrier_id, p.sender, p.recipient, array_agg(p.body order by p.part) as bodies, count(*)::integer as parts,
     bool_or(p.encoding = 'ucs2') as wide, p.total::integer
   from stale join inbound_parts p using (${key}) group by p.carrier_id, p.sender, p.recipient, p.total`,
)

/** Long messages whose missing parts did not come in time, oldest first. */
export function staleGroups(tx: Tx, before: Date, limit: number): Promise<GroupKey[]> {
  return tx.query<GroupKey>(listStale, [before, limit])
}

/** Takes such a message as far as it came; undefined when a part or another node came first. */
export async function takeStaleGroup(tx: Tx, group: GroupKey, before: Date): Promise<Assembled | undefined> {
  const { carrier_id, sender, recipient, reference, total } = group
  await tx.query(lockStale, [carrier_id, sender, recipient, reference, total])
  const rows = await tx.query<Assembled>(takeStale, [carrier_id, sender, recipient, reference, total, before])
  return rows[0]
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
  /** By what a copy of it is known; null where the network has ids. */
  fingerprint: string | null
  received_at: Date
}

const insertInbound = partitioned(
  'insert_inbound',
  (
    own,
  ) => `insert into messages${own} (account_id, id, direction, state, sender, recipient, body, encoding, segments, carrier_id,
     timeline, trace, fingerprint, created_at, updated_at, final_at)
   select account_id, id, 'inbound', 'received', sender, recipient, body, encoding, segments, carrier_id, timeline, trace,
     fingerprint, received_at, $1, $1
   from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::uuid[],
     $10::text[], $11::jsonb[], $12::uuid[], $13::timestamptz[])
   as d(account_id, id, sender, recipient, body, encoding, segments, carrier_id, timeline, trace, fingerprint, received_at)`,
)

export async function insertReceived(tx: Tx, rows: readonly NewInbound[], now: Date): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map((row) => row.id).sort()
  await tx.query(insertInbound(partitionOf(ids)), [
    now,
    uuids(rows.map((row) => row.account_id)),
    uuids(rows.map((row) => row.id)),
    quoted(rows.map((row) => row.sender)),
    quoted(rows.map((row) => row.recipient)),
    quoted(rows.map((row) => row.body)),
    plain(rows.map((row) => row.encoding)),
    plain(rows.map((row) => row.segments)),
    uuids(rows.map((row) => row.carrier_id)),
    quoted(rows.map((row) => listed(row.timeline))),
    quoted(rows.map((row) => JSON.stringify(row.trace))),
    plain(rows.map((row) => row.fingerprint)),
    plain(rows.map((row) => row.received_at.toISOString())),
  ])
}

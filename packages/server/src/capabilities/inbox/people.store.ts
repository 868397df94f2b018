import { plain, quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

/** Who somebody is who wrote from an address. Ids are bare UUIDs. */
export interface Found {
  /** Place in what was asked. */
  n: number
  /** The conversation to which this address belongs, and whose that is. */
  conversation_id: string | null
  person: string | null
  contact_id: string | null
  /** The contact whose conversation it was is no more: merged into another, or deleted. */
  orphaned: boolean
  /** As the contact has it. */
  language: string | null
}

const find = statement(
  'inbox_find_people',
  // Each row is looked up by itself: joined, all of an account might be read for each of its people.
  `select d.n::integer - 1 as n, a.conversation_id, c.person, p.contact_id, k.language,
     c.contact_id is not null and c.contact_id is distinct from p.contact_id and not exists (
       select from contacts o where o.account_id = d.account_id and o.id = c.contact_id) as orphaned
   from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as d(account_id, channel, address, n)
   left join lateral (
     select conversation_id from inbox_addresses a
     where a.account_id = d.account_id and a.channel = d.channel and a.address = d.address limit 1) a on true
   left join lateral (
     select person, contact_id from inbox_conversations c
     where c.account_id = d.account_id and c.id = a.conversation_id limit 1) c on true
   left join lateral (
     select contact_id from contact_addresses p
     where p.account_id = d.account_id and p.channel = d.channel and p.address = d.address limit 1) p on true
   left join lateral (
     select language from contacts k where k.account_id = d.account_id and k.id = p.contact_id limit 1) k on true`,
)

export interface Address {
  accountId: string
  channel: string
  address: string
}

/** One answer for each address, in their order. */
export async function findPeople(tx: Tx, addresses: readonly Address[]): Promise<Found[]> {
  const rows = await tx.query<Found>(find, [
    uuids(addresses.map(({ accountId }) => accountId)),
    quoted(addresses.map(({ channel }) => channel)),
    quoted(addresses.map(({ address }) => address)),
  ])
  const found: Found[] = []
  for (const row of rows) found[row.n] = row
  return found
}

const contactPrefix = 'contact:'

/**
 * The person behind an address: a contact where it is one's; else whoever the conversation is with in which it stands
 * already, which may be somebody whom agents know by another address; else whoever has the address.
 */
export function personOf({ channel, address }: Omit<Address, 'accountId'>, found: Found): string {
  if (found.contact_id !== null) return `${contactPrefix}${found.contact_id}`
  return found.person ?? `${channel}:${address}`
}

/** The conversation turns out to be this contact's: it stood under an address, or under a contact that was merged into this one. */
export const isFoundOut = ({ person, contact_id, orphaned }: Found): boolean =>
  contact_id !== null && person !== null && (orphaned || !person.startsWith(contactPrefix))

const assignAddresses = statement(
  'inbox_assign_addresses',
  `insert into inbox_addresses as a (account_id, channel, address, conversation_id)
   select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[])
   on conflict (account_id, channel, address) do update set conversation_id = excluded.conversation_id
     where a.conversation_id <> excluded.conversation_id`,
)

/** From now on these addresses belong to these conversations. Sorted, so that two who do so at once do not lock each other. */
export async function assign(tx: Tx, rows: readonly (Address & { conversationId: string })[]): Promise<void> {
  if (rows.length === 0) return
  const key = ({ accountId, channel, address }: Address) => `${accountId} ${channel} ${address}`
  const sorted = [...new Map(rows.map((row) => [key(row), row])).values()].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  )
  await tx.query(assignAddresses, [
    uuids(sorted.map(({ accountId }) => accountId)),
    quoted(sorted.map(({ channel }) => channel)),
    quoted(sorted.map(({ address }) => address)),
    uuids(sorted.map(({ conversationId }) => conversationId)),
  ])
}

const belong = statement(
  'inbox_belong',
  // Where that person has a conversation already, theirs stays and this one is merged into it by the caller.
  `update inbox_conversations c set person = d.person, contact_id = d.contact_id
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) as d(account_id, id, person, contact_id)
   where c.account_id = d.account_id and c.id = d.id and not exists (
     select from inbox_conversations o where o.account_id = d.account_id and o.person = d.person)
   returning c.id`,
)

export interface Belonging {
  accountId: string
  id: string
  person: string
  contactId: string | null
}

/** Conversations turn out to be these people's, one each. Returns the ids of those who had none so far. */
export async function belongTo(tx: Tx, rows: readonly Belonging[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const done = await tx.query<{ id: string }>(belong, [
    uuids(rows.map(({ accountId }) => accountId)),
    uuids(rows.map(({ id }) => id)),
    quoted(rows.map(({ person }) => person)),
    plain(rows.map(({ contactId }) => contactId)),
  ])
  return new Set(done.map(({ id }) => id))
}

const owner = statement(
  'inbox_conversation_of_person',
  'select id from inbox_conversations where account_id = $1 and person = $2',
)

export async function conversationOf(tx: Tx, accountId: string, person: string): Promise<string | undefined> {
  return (await tx.query<{ id: string }>(owner, [accountId, person]))[0]?.id
}

/** Of two states the earlier one holds: what was put away to come back comes back, whatever the other stood at. */
const place = (row: 'c' | 'g') =>
  `array_position(array['open', 'snoozed', 'waiting', 'closed'], ${row}.state)`

const merge = statement(
  'inbox_merge',
  // One statement for all that hangs on it. What counts of two is added, what says when is the earlier or the later one.
  `with gone as (delete from inbox_conversations where account_id = $1 and id = $2 returning *),
   addresses as (update inbox_addresses set conversation_id = $3 where account_id = $1 and conversation_id = $2),
   entries as (update inbox_entries set conversation_id = $3 where account_id = $1 and conversation_id = $2),
   words as (
     update inbox_words set conversation_id = $3 where ctid = any (array(
       select place.ctid from inbox_entries e
       cross join lateral (
         select w.ctid from inbox_words w where w.account_id = e.account_id and w.entry_id = e.id limit 1 for update) place
       where e.account_id = $1 and e.conversation_id = $2))),
   mentions as (update inbox_mentions set conversation_id = $3 where account_id = $1 and conversation_id = $2),
   reads as (delete from inbox_reads where account_id = $1 and conversation_id = $2 returning user_id, seen),
   seen as (
     insert into inbox_reads as r (account_id, user_id, conversation_id, seen)
     select $1, user_id, $3, seen from reads
     on conflict (account_id, conversation_id, user_id) do update set seen = r.seen + excluded.seen),
   clocks as (
     delete from inbox_clocks where account_id = $1 and conversation_id = $2 returning *),
   running as (
     insert into inbox_clocks as k (account_id, conversation_id, target, started_at, due_at, warn_at, breached_at)
     select account_id, $3, target, started_at, due_at, warn_at, breached_at from clocks
     on conflict (account_id, conversation_id, target) do update set started_at = excluded.started_at,
       due_at = excluded.due_at, warn_at = excluded.warn_at, breached_at = coalesce(k.breached_at, excluded.breached_at)
       where excluded.due_at < k.due_at),
   presence as (delete from inbox_presence where account_id = $1 and conversation_id = $2)
   update inbox_conversations c set
     person = case when c.contact_id is null and g.contact_id is not null then g.person else c.person end,
     contact_id = coalesce(c.contact_id, g.contact_id),
     state = (array['open', 'snoozed', 'waiting', 'closed'])[least(${place('c')}, ${place('g')})],
     snoozed_until = case when 'open' not in (c.state, g.state) then least(c.snoozed_until, g.snoozed_until) end,
     closed_at = case when c.state = 'closed' and g.state = 'closed' then c.closed_at end,
     assignee = coalesce(c.assignee, g.assignee), assignee_name = coalesce(c.assignee_name, g.assignee_name),
     team_id = coalesce(c.team_id, g.team_id),
     flags = array(select distinct unnest(c.flags || g.flags)),
     inbound_count = c.inbound_count + g.inbound_count,
     waiting_since = least(c.waiting_since, g.waiting_since),
     last_at = greatest(c.last_at, g.last_at),
     last_message_id = case when g.last_at > c.last_at then g.last_message_id else c.last_message_id end,
     channel = case when g.last_at > c.last_at then g.channel else c.channel end,
     address = case when g.last_at > c.last_at then g.address else c.address end,
     sender = case when g.last_at > c.last_at then g.sender else c.sender end,
     away_for = greatest(c.away_for, g.away_for),
     rating_until = greatest(c.rating_until, g.rating_until)
   from gone g where c.account_id = $1 and c.id = $3`,
)
const lockBoth = statement(
  'inbox_lock_both',
  'select id from inbox_conversations where account_id = $1 and id = any($2::uuid[]) order by id for update',
)

/** Everything of `from` becomes part of `into`. False when one of them is not there (any more). */
export async function mergeInto(tx: Tx, accountId: string, from: string, into: string): Promise<boolean> {
  const both = await tx.query(lockBoth, [accountId, uuids([from, into])])
  if (both.length < 2) return false
  await tx.query(merge, [accountId, from, into])
  return true
}

const language = statement(
  'inbox_language',
  `select p.language from inbox_conversations c join contacts p on p.account_id = c.account_id and p.id = c.contact_id
   where c.account_id = $1 and c.id = $2`,
)

/** What the contact behind a conversation speaks, where that is known. */
export async function languageOf(tx: Tx, accountId: string, id: string): Promise<string | null> {
  return (await tx.query<{ language: string | null }>(language, [accountId, id]))[0]?.language ?? null
}

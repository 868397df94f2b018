import { plain, quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

/** Something that happened in a conversation; ids are bare UUIDs, that of a message is the message's own. */
export interface NewEntry {
  accountId: string
  id: string
  conversationId: string
  kind: 'message' | 'note' | 'event'
  direction?: 'inbound' | 'outbound'
  what?: string
  by?: { id: string; name: string } | null
  note?: string
  data?: object
  at: Date
}

const insert = statement(
  'inbox_insert_entries',
  // A message that is told twice is there once. Who typed it is known only to whoever comes first or says so.
  `insert into inbox_entries as e (account_id, id, conversation_id, kind, direction, what, by_id, by_name, note, data, at)
   select account_id, id, conversation_id, kind, direction, what, by_id, by_name, note, data::jsonb, at
   from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
     $10::text[], $11::timestamptz[])
     as d(account_id, id, conversation_id, kind, direction, what, by_id, by_name, note, data, at)
   on conflict (account_id, id) do update set by_id = excluded.by_id, by_name = excluded.by_name, what = excluded.what
     where e.by_id is null and e.what is null and (excluded.by_id is not null or excluded.what is not null)
   returning id`,
)

export async function insertEntries(tx: Tx, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return
  const column = (of: (entry: NewEntry) => string | null | undefined) => quoted(entries.map(of))
  await tx.query(insert, [
    uuids(entries.map(({ accountId }) => accountId)),
    uuids(entries.map(({ id }) => id)),
    uuids(entries.map(({ conversationId }) => conversationId)),
    column(({ kind }) => kind),
    column(({ direction }) => direction),
    column(({ what }) => what),
    column(({ by }) => by?.id),
    column(({ by }) => by?.name),
    column(({ note }) => note),
    column(({ data }) => data && JSON.stringify(data)),
    plain(entries.map(({ at }) => at.toISOString())),
  ])
}

/** An entry as it is read; what a message says and how it stands comes from the message, null once that is deleted. */
export interface EntryRow {
  id: string
  kind: 'message' | 'note' | 'event'
  direction: 'inbound' | 'outbound' | null
  what: string | null
  by_id: string | null
  by_name: string | null
  note: string | null
  data: Record<string, unknown> | null
  at: Date
  body: string | null
  state: string | null
  channel: string | null
  from: string | null
  to: string | null
  segments: number | null
  error_code: string | null
  trace: { asked?: { flag?: string; step: string; by: string }[]; taken_by?: string | null } | null
}

const list = statement(
  'inbox_entries_of',
  `select e.id, e.kind, e.direction, e.what, e.by_id, e.by_name, e.note, e.data, e.at, m.body, m.state, m.channel,
     m.sender as from, m.recipient as to, m.segments, m.error_code, m.trace
   from inbox_entries e left join messages m on e.kind = 'message' and m.account_id = e.account_id and m.id = e.id
   where e.account_id = $1 and e.conversation_id = $2 and ($3::uuid is null or e.id < $3)
   order by e.id desc limit $4`,
)

/** Newest first; `before` is exclusive. */
export function listEntries(
  tx: Tx,
  accountId: string,
  conversationId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<EntryRow[]> {
  return tx.query<EntryRow>(list, [accountId, conversationId, before ?? null, limit])
}

const words = statement(
  'inbox_insert_words',
  `insert into inbox_words (account_id, entry_id, conversation_id, words)
   select d.account_id, d.id, e.conversation_id, inbox_words_of(d.account_id, d.body)
   from unnest($1::uuid[], $2::uuid[], $3::text[]) as d(account_id, id, body)
   cross join lateral (
     select conversation_id from inbox_entries e where e.account_id = d.account_id and e.id = d.id limit 1) e
   on conflict (account_id, entry_id) do nothing`,
)

/** Makes what was said findable: of those that are entries. */
export async function insertWords(
  tx: Tx,
  rows: readonly { accountId: string; id: string; text: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(words, [
    uuids(rows.map(({ accountId }) => accountId)),
    uuids(rows.map(({ id }) => id)),
    quoted(rows.map(({ text }) => text)),
  ])
}

const follow = statement(
  'inbox_follow_messages',
  // Into conversations that there are already; nobody's state changes by what a campaign sends.
  `with found as materialized (
     select d.account_id, d.id, a.conversation_id, d.direction, d.what, d.at, d.noted
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::boolean[])
       as d(account_id, id, address, direction, what, at, noted)
     cross join lateral (
       select conversation_id from inbox_addresses a
       where a.account_id = d.account_id and a.channel = 'sms' and a.address = d.address limit 1) a),
   added as (
     insert into inbox_entries (account_id, id, conversation_id, kind, direction, what, at)
     select account_id, id, conversation_id, 'message', direction, what, at from found where not noted
     on conflict (account_id, id) do nothing
     returning account_id, id, conversation_id),
   said as (
     insert into inbox_words (account_id, entry_id, conversation_id, words)
     select f.account_id, f.id, f.conversation_id, inbox_words_of(f.account_id, m.body)
     from found f cross join lateral (
       select body from messages m where m.account_id = f.account_id and m.id = f.id limit 1) m
     on conflict (account_id, entry_id) do nothing)
   select account_id, id, conversation_id from added`,
)

export interface Followed {
  accountId: string
  id: string
  /** Of the person. */
  address: string
  direction: 'inbound' | 'outbound'
  what: string | null
  at: Date
  /** Is an entry already: only its words are missing. */
  noted: boolean
}

/** Messages of people with whom there is a conversation become entries of it. Returns those that were new. */
export function followMessages(
  tx: Tx,
  rows: readonly Followed[],
): Promise<{ account_id: string; id: string; conversation_id: string }[]> {
  return tx.query(follow, [
    uuids(rows.map(({ accountId }) => accountId)),
    uuids(rows.map(({ id }) => id)),
    quoted(rows.map(({ address }) => address)),
    quoted(rows.map(({ direction }) => direction)),
    quoted(rows.map(({ what }) => what)),
    plain(rows.map(({ at }) => at.toISOString())),
    plain(rows.map(({ noted }) => noted)),
  ])
}

import { plain, quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'
import type { State } from './state.ts'

/** What came in from one person, to be noted in their conversation. */
export interface Arrival {
  accountId: string
  person: string
  contactId: string | null
  channel: string
  address: string
  /** Ours, to which they wrote last. */
  sender: string
  /** For a conversation that is not there yet. */
  newId: string
  /** Bare ids, in their order. */
  messages: readonly { id: string; at: Date }[]
  flags: readonly string[]
}

/** The conversation after the message, and what it was before. */
export interface Received {
  account_id: string
  id: string
  person: string
  /** Null for a new one. */
  was: State | null
  round: number
  assignee: string | null
  assignee_name: string | null
  team_id: string | null
  opened_at: Date
  waiting_since: Date | null
  /** True when this message is the first that nobody has answered. */
  first_waiting: boolean
  answered_at: Date | null
  away_for: Date | null
  away_day: string | null
  away_count: number
}

const receive = statement(
  'inbox_receive',
  // Ordered by the caller: whoever does the same at this moment takes the same rows in the same order, and waits here.
  `insert into inbox_conversations as c (account_id, id, person, contact_id, channel, address, sender, state, flags,
     inbound_count, opened_at, waiting_since, last_at, last_message_id, created_at)
   select account_id, id, person, contact_id, channel, address, sender, 'open', string_to_array(flags, ' '), messages,
     first_at, first_at, last_at, last_id, last_at
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[],
     $10::timestamptz[], $11::timestamptz[], $12::uuid[])
     as d(account_id, id, person, contact_id, channel, address, sender, flags, messages, first_at, last_at, last_id)
   on conflict (account_id, person) do update set
     state = 'open', snoozed_until = null, closed_at = null, rating_until = null,
     contact_id = excluded.contact_id, channel = excluded.channel, address = excluded.address, sender = excluded.sender,
     flags = case when excluded.flags <@ c.flags then c.flags else array(select distinct unnest(c.flags || excluded.flags)) end,
     inbound_count = c.inbound_count + excluded.inbound_count,
     round = c.round + (c.state = 'closed')::integer,
     opened_at = case when c.state = 'closed' then excluded.opened_at else c.opened_at end,
     waiting_since = case when c.state = 'closed' then excluded.waiting_since else coalesce(c.waiting_since, excluded.waiting_since) end,
     answered_at = case when c.state = 'closed' then null else c.answered_at end,
     last_at = greatest(c.last_at, excluded.last_at),
     last_message_id = greatest(c.last_message_id, excluded.last_message_id)
   returning account_id, id, person, old.state as was, round, assignee, assignee_name, team_id, opened_at, waiting_since,
     old.waiting_since is null or old.state = 'closed' as first_waiting, answered_at, away_for, away_day::text, away_count`,
)

/** Opens the conversations of these people, or opens them again. One arrival a person. */
export function receiveArrivals(tx: Tx, arrivals: readonly Arrival[]): Promise<Received[]> {
  const key = ({ accountId, person }: Arrival) => `${accountId} ${person}`
  const sorted = [...arrivals].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  const column = (of: (arrival: Arrival) => string | null) => sorted.map(of)
  return tx.query<Received>(receive, [
    uuids(sorted.map(({ accountId }) => accountId)),
    uuids(sorted.map(({ newId }) => newId)),
    quoted(column(({ person }) => person)),
    plain(column(({ contactId }) => contactId)),
    quoted(column(({ channel }) => channel)),
    quoted(column(({ address }) => address)),
    quoted(column(({ sender }) => sender)),
    quoted(column(({ flags }) => flags.join(' '))),
    plain(sorted.map(({ messages }) => messages.length)),
    plain(column(({ messages }) => messages[0]!.at.toISOString())),
    plain(column(({ messages }) => messages.at(-1)!.at.toISOString())),
    plain(column(({ messages }) => messages.at(-1)!.id)),
  ])
}

const openRounds = statement(
  'inbox_open_rounds',
  `insert into inbox_rounds (account_id, conversation_id, round, opened_at)
   select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::timestamptz[])
   on conflict (account_id, conversation_id, round) do nothing`,
)

/** Rounds that have begun: their figures are kept from here on. */
export async function beginRounds(
  tx: Tx,
  rounds: readonly Pick<Received, 'account_id' | 'id' | 'round' | 'opened_at'>[],
): Promise<void> {
  if (rounds.length === 0) return
  await tx.query(openRounds, [
    uuids(rounds.map(({ account_id }) => account_id)),
    uuids(rounds.map(({ id }) => id)),
    plain(rounds.map(({ round }) => round)),
    plain(rounds.map(({ opened_at }) => opened_at.toISOString())),
  ])
}

const away = statement(
  'inbox_note_away',
  `update inbox_conversations c set away_for = d.until, away_day = d.day,
     away_count = case when c.away_day = d.day then c.away_count + 1 else 1 end
   from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::date[]) as d(account_id, id, until, day)
   where c.account_id = d.account_id and c.id = d.id`,
)

/** They have been told that nobody is there until then. */
export async function noteAway(
  tx: Tx,
  rows: readonly { accountId: string; id: string; until: Date; day: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(away, [
    uuids(rows.map(({ accountId }) => accountId)),
    uuids(rows.map(({ id }) => id)),
    plain(rows.map(({ until }) => until.toISOString())),
    plain(rows.map(({ day }) => day)),
  ])
}

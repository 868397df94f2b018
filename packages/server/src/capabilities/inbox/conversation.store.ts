import { statement, type Tx } from '../../store/db.ts'
import type { State } from './state.ts'

/** A conversation as it is stored. Ids are bare UUIDs, users and keys have their public ids. */
export interface Conversation {
  id: string
  contact_id: string | null
  channel: string
  address: string
  sender: string | null
  state: State
  snoozed_until: Date | null
  assignee: string | null
  assignee_name: string | null
  team_id: string | null
  flags: string[]
  inbound_count: number
  round: number
  opened_at: Date
  waiting_since: Date | null
  answered_at: Date | null
  closed_at: Date | null
  last_at: Date
  last_message_id: string | null
  rating_until: Date | null
  created_at: Date
}

const columns = `id, contact_id, channel, address, sender, state, snoozed_until, assignee, assignee_name, team_id, flags,
  inbound_count, round, opened_at, waiting_since, answered_at, closed_at, last_at, last_message_id, rating_until, created_at`

const lock = statement(
  'inbox_lock',
  `select ${columns} from inbox_conversations where account_id = $1 and id = $2 for update`,
)

/** One conversation, held until the commit. */
export async function lockConversation(
  tx: Tx,
  accountId: string,
  id: string,
): Promise<Conversation | undefined> {
  return (await tx.query<Conversation>(lock, [accountId, id]))[0]
}

const save = statement(
  'inbox_save',
  `update inbox_conversations set state = $3, snoozed_until = $4, assignee = $5, assignee_name = $6, team_id = $7,
     flags = $8, waiting_since = $9, answered_at = $10, closed_at = $11, last_at = $12, last_message_id = $13,
     rating_until = $14, sender = $15
   where account_id = $1 and id = $2`,
)

/** Writes back what acts of ours may change of a conversation that is held. */
export async function saveConversation(tx: Tx, accountId: string, c: Conversation): Promise<void> {
  await tx.query(save, [
    ...[accountId, c.id, c.state, c.snoozed_until, c.assignee, c.assignee_name, c.team_id, c.flags],
    ...[c.waiting_since, c.answered_at, c.closed_at, c.last_at, c.last_message_id, c.rating_until, c.sender],
  ])
}

const start = statement(
  'inbox_start',
  `insert into inbox_conversations as c (account_id, id, person, contact_id, channel, address, sender, state, opened_at, last_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $8, $8)
   on conflict (account_id, person) do update set address = excluded.address, channel = excluded.channel,
     sender = coalesce(excluded.sender, c.sender)
   returning id, old.id is null as fresh`,
)

/** The conversation with a person whom nobody has heard of yet, or the one that there is. */
export async function startConversation(
  tx: Tx,
  accountId: string,
  c: {
    id: string
    person: string
    contactId: string | null
    channel: string
    address: string
    sender: string | null
    at: Date
  },
): Promise<{ id: string; fresh: boolean }> {
  const values = [accountId, c.id, c.person, c.contactId, c.channel, c.address, c.sender, c.at]
  return (await tx.query<{ id: string; fresh: boolean }>(start, values))[0]!
}

const wake = statement(
  'inbox_wake',
  // Whoever else does the same finds them woken.
  `with due as (
     select account_id, id from inbox_conversations where state = 'snoozed' and snoozed_until <= $1
     order by snoozed_until limit $2 for update skip locked)
   update inbox_conversations c set state = 'open', snoozed_until = null, last_at = $1
   from due d where c.account_id = d.account_id and c.id = d.id and c.state = 'snoozed'
   returning c.account_id, c.id`,
)

/** Conversations whose time has come. */
export const wakeDue = (tx: Tx, now: Date, limit: number): Promise<{ account_id: string; id: string }[]> =>
  tx.query(wake, [now, limit])

const seen = statement(
  'inbox_seen',
  `insert into inbox_reads (account_id, user_id, conversation_id, seen)
   select $1, $3, id, least($4, inbound_count) from inbox_conversations where account_id = $1 and id = $2
   on conflict (account_id, conversation_id, user_id) do update set seen = excluded.seen
     where inbox_reads.seen <> excluded.seen
   returning seen`,
)

/** So many messages of the person somebody has seen. True when that is news. */
export async function markSeen(
  tx: Tx,
  accountId: string,
  id: string,
  userId: string,
  count: number,
): Promise<boolean> {
  return (await tx.query(seen, [accountId, id, userId, count])).length > 0
}

const seenMentions = statement(
  'inbox_seen_mentions',
  'delete from inbox_mentions where account_id = $1 and user_id = $2 and conversation_id = $3 returning 1',
)

/** Somebody has looked at the notes that name them. True when there were any. */
export async function markMentionsSeen(
  tx: Tx,
  accountId: string,
  userId: string,
  id: string,
): Promise<boolean> {
  return (await tx.query(seenMentions, [accountId, userId, id])).length > 0
}

const mention = statement(
  'inbox_mention',
  `insert into inbox_mentions (account_id, user_id, entry_id, conversation_id)
   select $1, user_id, $3, $4 from unnest($2::text[]) as user_id on conflict do nothing`,
)

export async function insertMentions(
  tx: Tx,
  accountId: string,
  users: readonly string[],
  entryId: string,
  conversationId: string,
): Promise<void> {
  if (users.length > 0) await tx.query(mention, [accountId, users, entryId, conversationId])
}

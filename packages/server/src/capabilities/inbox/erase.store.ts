import { statement, type Tx } from '../../store/db.ts'

const erase = statement(
  'inbox_erase',
  // Figures stay, words go.
  `with gone as (delete from inbox_conversations where account_id = $1 and id = any($2::uuid[]) returning id),
   addresses as (delete from inbox_addresses where account_id = $1 and conversation_id = any($2::uuid[])),
   entries as (delete from inbox_entries where account_id = $1 and conversation_id = any($2::uuid[])),
   words as (
     delete from inbox_words where ctid = any (array(
       select place.ctid from inbox_entries e
       cross join lateral (
         select w.ctid from inbox_words w where w.account_id = e.account_id and w.entry_id = e.id limit 1 for update) place
       where e.account_id = $1 and e.conversation_id = any($2::uuid[])))),
   reads as (delete from inbox_reads where account_id = $1 and conversation_id = any($2::uuid[])),
   mentions as (delete from inbox_mentions where account_id = $1 and conversation_id = any($2::uuid[])),
   presence as (delete from inbox_presence where account_id = $1 and conversation_id = any($2::uuid[])),
   clocks as (delete from inbox_clocks where account_id = $1 and conversation_id = any($2::uuid[])),
   rounds as (update inbox_rounds set comment = null where account_id = $1 and conversation_id = any($2::uuid[]) and comment is not null)
   select id from gone`,
)

/** Nothing of these conversations stays but their figures. Returns how many there were. */
export async function eraseConversations(tx: Tx, accountId: string, ids: readonly string[]): Promise<number> {
  return (await tx.query(erase, [accountId, ids])).length
}

const ofContact = statement(
  'inbox_conversations_of_contact',
  `select id from inbox_conversations where account_id = $1 and contact_id = $2
   union
   select a.conversation_id from contact_addresses p
   join inbox_addresses a on a.account_id = p.account_id and a.channel = p.channel and a.address = p.address
   where p.account_id = $1 and p.contact_id = $2`,
)

/** The conversations with a contact, also those that stand under an address of theirs still. */
export async function conversationsWith(tx: Tx, accountId: string, contact: string): Promise<string[]> {
  return (await tx.query<{ id: string }>(ofContact, [accountId, contact])).map(({ id }) => id)
}

const forgetWords = statement(
  'inbox_forget_words',
  // What a message said is not to be found any more once the message is gone, or its text, when the days for that are over.
  `with page as (select account_id, entry_id from inbox_words where (account_id, entry_id) > ($1::uuid, $2::uuid)
       order by account_id, entry_id limit $3),
   gone as (
     delete from inbox_words w using page p, inbox_entries e
     where w.account_id = p.account_id and w.entry_id = p.entry_id and e.account_id = p.account_id and e.id = p.entry_id
       and e.kind = 'message' and not exists (select from messages m where m.account_id = e.account_id and m.id = e.id and m.body <> ''))
   select account_id, entry_id from page order by account_id desc, entry_id desc limit 1`,
)

/** Looks through a page of the words after a place, and forgets those whose message is deleted. Returns the next place. */
export async function forgetWordsAfter(
  tx: Tx,
  after: { account_id: string; entry_id: string },
  limit: number,
): Promise<{ account_id: string; entry_id: string } | undefined> {
  type Place = { account_id: string; entry_id: string }
  return (await tx.query<Place>(forgetWords, [after.account_id, after.entry_id, limit]))[0]
}

import { statement, type Tx } from '../../store/db.ts'

const addresses = statement(
  'inbox_addresses_of',
  'select address from inbox_addresses where account_id = $1 and conversation_id = $2 order by address',
)

/** All addresses from which a person has written, or was written to. */
export async function listAddresses(tx: Tx, accountId: string, id: string): Promise<string[]> {
  return (await tx.query<{ address: string }>(addresses, [accountId, id])).map(({ address }) => address)
}

const consent = statement(
  'inbox_consent_of',
  `select s.topic_id, t.name as topic, s.sender, s.granted, s.at from consent_state s
   left join topics t on t.account_id = s.account_id and t.id = s.topic_id
   where s.account_id = $1 and s.number_key = any($2::bytea[]) and s.granted is not null order by s.seq desc limit 50`,
)

export interface ConsentRow {
  topic_id: string | null
  topic: string | null
  sender: string | null
  granted: boolean
  at: Date
}

/** What holds for the addresses with these keys, the latest word first. */
export const listConsent = (tx: Tx, accountId: string, keys: readonly Buffer[]): Promise<ConsentRow[]> =>
  tx.query<ConsentRow>(consent, [accountId, keys])

const fields = statement(
  'inbox_person_fields',
  `select p.name, p.language, p.attributes from inbox_conversations c
   join contacts p on p.account_id = c.account_id and p.id = c.contact_id where c.account_id = $1 and c.id = $2`,
)

/** What is known of the contact behind a conversation, for canned answers. */
export async function personFields(
  tx: Tx,
  accountId: string,
  id: string,
): Promise<
  { name: string | null; language: string | null; attributes: Record<string, unknown> } | undefined
> {
  type Row = { name: string | null; language: string | null; attributes: Record<string, unknown> }
  return (await tx.query<Row>(fields, [accountId, id]))[0]
}

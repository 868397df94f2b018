import type { Lane } from '../../message/lane.ts'
import { plain, quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

/** Who wrote to which of our addresses. */
export interface Writer {
  accountId: string
  from: string
  to: string
}

/** What we last sent to somebody. */
export interface LastSent {
  sender: string | null
  topic: string | null
  lane: Lane
}

/** What is known of a writer, beside what consent knows. */
export interface Known {
  /** Of the contact with that number. */
  language: string | null
  /** The newest message from the address that was written to; null: nothing came from there that is still kept. */
  lastFromThere: LastSent | null
  /** When the newest of them was sent that is not planned for later: the person has seen it, or is about to. */
  wroteAt: Date | null
}

const aboutWriters = statement(
  'consent_about_writers',
  // Each is found by key in a subquery of its own (decision 10). Ids rise with time, so the newest is the last id.
  `select d.n::integer, c.language, m.sender, m.topic_id as topic, m.lane, w.created_at as "wroteAt"
   from unnest($1::integer[], $2::uuid[], $3::text[], $4::text[]) as d(n, account_id, number, address)
   left join lateral (
     select p.language from contact_addresses a
     cross join lateral (select language from contacts p where p.account_id = a.account_id and p.id = a.contact_id limit 1) p
     where a.account_id = d.account_id and a.channel = 'sms' and a.address = d.number limit 1) c on true
   left join lateral (
     select m.sender, m.topic_id, m.lane from messages m
     where m.recipient = d.number and m.account_id = d.account_id and m.id > $5 and m.direction = 'outbound'
       and m.sender = d.address
     order by m.id desc limit 1) m on true
   left join lateral (
     select m.created_at from messages m
     where m.recipient = d.number and m.account_id = d.account_id and m.id > $5 and m.direction = 'outbound'
       and m.sender = d.address and m.state <> 'scheduled'
     order by m.id desc limit 1) w on true`,
)

/** What is known of people who have written, in their order; `after` is the smallest id of a message that is looked at. */
export async function aboutPeople(tx: Tx, writers: readonly Writer[], after: string): Promise<Known[]> {
  type Row = Partial<LastSent> & Pick<Known, 'language' | 'wroteAt'> & { n: number }
  const rows = await tx.query<Row>(aboutWriters, [
    plain(writers.map((_, n) => n)),
    uuids(writers.map(({ accountId }) => accountId)),
    quoted(writers.map(({ from }) => from)),
    quoted(writers.map(({ to }) => to)),
    after,
  ])
  const known = writers.map((): Known => ({ language: null, lastFromThere: null, wroteAt: null }))
  for (const { n, language, sender, topic, lane, wroteAt } of rows) {
    known[n] = {
      language,
      lastFromThere: lane ? { sender: sender ?? null, topic: topic ?? null, lane } : null,
      wroteAt,
    }
  }
  return known
}

const others = statement(
  'consent_others_who_wrote',
  // By the index of recipients, which is not led by the account. Where the carrier chose the sender, it was one of its own.
  // The limit is none: with it each number is looked up by itself, and without it all messages since $6 are read.
  `select distinct d.n::integer as n, m.account_id as "accountId"
   from unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[])
     as d(n, account_id, number, address, carrier_id, after)
   cross join lateral (
     select m.account_id from messages m
     where m.recipient = d.number and m.id > d.after and m.direction = 'outbound' and m.account_id <> d.account_id
       and (m.sender = d.address or (m.sender is null and m.carrier_id = d.carrier_id))
     order by m.recipient, m.account_id, m.id limit 100000) m
   order by 1, 2`,
)

/**
 * Other accounts that have written to these people from the address that they wrote to, by the place of the writer: an address
 * belongs to one account, but several may send by the carrier's own. `after` is the smallest id of a message that is looked at.
 */
export async function othersWhoWrote(
  tx: Tx,
  writers: readonly (Writer & { carrierId: string; after: string })[],
): Promise<Map<number, string[]>> {
  if (writers.length === 0) return new Map()
  const rows = await tx.query<{ n: number; accountId: string }>(others, [
    plain(writers.map((_, n) => n)),
    uuids(writers.map(({ accountId }) => accountId)),
    quoted(writers.map(({ from }) => from)),
    quoted(writers.map(({ to }) => to)),
    uuids(writers.map(({ carrierId }) => carrierId)),
    uuids(writers.map(({ after }) => after)),
  ])
  const found = new Map<number, string[]>()
  for (const { n, accountId } of rows) found.set(n, [...(found.get(n) ?? []), accountId])
  return found
}

const numbersOfContacts = statement(
  'consent_numbers_of_contacts',
  `select a.address from unnest($2::uuid[]) as d(id)
   cross join lateral (
     select address from contact_addresses a
     where a.account_id = $1 and a.contact_id = d.id and a.channel = 'sms') a`,
)

/** The numbers of contacts, while they still have them. */
export async function numbersOf(tx: Tx, accountId: string, contacts: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ address: string }>(numbersOfContacts, [accountId, uuids(contacts)])
  return rows.map(({ address }) => address)
}

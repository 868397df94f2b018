import { plain, quoted, uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'
import type { Caps } from './caps.ts'
import { type ConsentRules, defaultRules, type OverCap, type Override } from './settings.ts'

interface RulesRow {
  account_id: string
  kept_elsewhere: string | null
  caps: Caps
  over_cap: OverCap
  hours: Override[]
}

const ofAccounts = statement(
  'consent_rules_of_accounts',
  `select r.account_id, r.kept_elsewhere, r.caps, r.over_cap, r.hours from unnest($1::uuid[]) as d(account_id)
   cross join lateral (select * from consent_rules r where r.account_id = d.account_id limit 1) r`,
)

/** What accounts have decided; who has decided nothing is missing. */
export async function readRules(tx: Tx, accounts: Iterable<string>): Promise<Map<string, ConsentRules>> {
  const rows = await tx.query<RulesRow>(ofAccounts, [uuids([...new Set(accounts)])])
  return new Map(
    rows.map(({ account_id, kept_elsewhere, caps, over_cap, hours }) => [
      account_id,
      { keptElsewhere: kept_elsewhere, caps, overCap: over_cap, hours },
    ]),
  )
}

export const rulesOf = async (tx: Tx, accountId: string): Promise<ConsentRules> =>
  (await readRules(tx, [accountId])).get(accountId) ?? defaultRules

const put = statement(
  'consent_rules_put',
  `insert into consent_rules (account_id, kept_elsewhere, caps, over_cap, hours, updated_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (account_id) do update set kept_elsewhere = excluded.kept_elsewhere, caps = excluded.caps,
     over_cap = excluded.over_cap, hours = excluded.hours, updated_at = excluded.updated_at`,
)

export async function putRules(
  tx: Tx,
  accountId: string,
  { keptElsewhere, caps, overCap, hours }: ConsentRules,
  now: Date,
): Promise<void> {
  await tx.query(put, [accountId, keptElsewhere, JSON.stringify(caps), overCap, JSON.stringify(hours), now])
}

const zonesOf = statement(
  'consent_zones_of_people',
  `select d.account_id, d.number, c.time_zone from unnest($1::uuid[], $2::text[]) as d(account_id, number)
   cross join lateral (
     select contact_id from contact_addresses a
     where a.account_id = d.account_id and a.channel = 'sms' and a.address = d.number limit 1) a
   cross join lateral (
     select time_zone from contacts c where c.account_id = d.account_id and c.id = a.contact_id and c.time_zone is not null limit 1) c`,
)

/** The zones that are known of people, by account and number put together; of most none is. */
export async function readZones(
  tx: Tx,
  people: readonly { accountId: string; number: string }[],
): Promise<Map<string, string>> {
  if (people.length === 0) return new Map()
  const rows = await tx.query<{ account_id: string; number: string; time_zone: string }>(zonesOf, [
    uuids(people.map(({ accountId }) => accountId)),
    quoted(people.map(({ number }) => number)),
  ])
  return new Map(rows.map(({ account_id, number, time_zone }) => [account_id + number, time_zone]))
}

/** What a cap counts for: a person, on one topic or over all marketing of the account. */
export interface Counted {
  accountId: string
  /** Of the number, as hex: it is compared more often than stored. */
  numberKey: string
  /** Bare UUID of the topic, or of the account. */
  scope: string
}

export const countedKey = ({ accountId, numberKey, scope }: Counted): string => accountId + scope + numberKey

const lockSends = statement(
  'consent_sends_lock',
  // An update that changes nothing: it makes the row if need be, locks it, and shows what others have committed.
  `insert into consent_sends as s (account_id, number_key, scope, sent, until)
   select d.account_id, decode(d.number_key, 'hex'), d.scope, '{}', $4::date
   from unnest($1::uuid[], $2::text[], $3::uuid[]) as d(account_id, number_key, scope)
   on conflict (account_id, number_key, scope) do update set until = s.until
   returning s.account_id, encode(s.number_key, 'hex') as number_key, s.scope, s.sent`,
)
const writeSends = statement(
  'consent_sends_write',
  `with found as materialized (
     select place.ctid as place, d.sent, d.until
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::date[]) as d(account_id, number_key, scope, sent, until)
     cross join lateral (
       select s.ctid from consent_sends s
       where s.account_id = d.account_id and s.number_key = decode(d.number_key, 'hex') and s.scope = d.scope limit 1) place)
   update consent_sends s set sent = found.sent::bigint[], until = found.until from found where s.ctid = found.place`,
)

const columnsOf = (rows: readonly Counted[]): string[] => [
  uuids(rows.map(({ accountId }) => accountId)),
  plain(rows.map(({ numberKey }) => numberKey)),
  uuids(rows.map(({ scope }) => scope)),
]
const day = (at: Date): string => at.toISOString().slice(0, 10)

/**
 * When each was sent something, in milliseconds, by `countedKey`. Until the end of the transaction nobody else counts
 * for them: two nodes that send at once count one after the other. All lock in one order.
 */
export async function lockCounts(
  tx: Tx,
  counted: readonly Counted[],
  now: Date,
): Promise<Map<string, number[]>> {
  const distinct = [...new Map(counted.map((each) => [countedKey(each), each]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, each]) => each)
  if (distinct.length === 0) return new Map()
  return byKey(await tx.query<SendsRow>(lockSends, [...columnsOf(distinct), day(now)]))
}

interface SendsRow {
  account_id: string
  number_key: string
  scope: string
  sent: string[]
}

const byKey = (rows: readonly SendsRow[]): Map<string, number[]> =>
  new Map(
    rows.map(({ account_id: accountId, number_key: numberKey, scope, sent }) => [
      countedKey({ accountId, numberKey, scope }),
      sent.map(Number),
    ]),
  )

const selectSends = statement(
  'consent_sends_read',
  `select s.account_id, encode(s.number_key, 'hex') as number_key, s.scope, s.sent
   from unnest($1::uuid[], $2::text[], $3::uuid[]) as d(account_id, number_key, scope)
   cross join lateral (
     select * from consent_sends s
     where s.account_id = d.account_id and s.number_key = decode(d.number_key, 'hex') and s.scope = d.scope limit 1) s`,
)

/** As `lockCounts`, without holding anybody up. */
export async function readCounts(tx: Tx, counted: readonly Counted[]): Promise<Map<string, number[]>> {
  return counted.length === 0 ? new Map() : byKey(await tx.query<SendsRow>(selectSends, columnsOf(counted)))
}

/** Writes down when each was sent something; `until` is the day after which nobody asks for it any more. */
export async function writeCounts(
  tx: Tx,
  rows: readonly (Counted & { sent: readonly number[]; until: Date })[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(writeSends, [
    ...columnsOf(rows),
    quoted(rows.map(({ sent }) => plain(sent))),
    plain(rows.map(({ until }) => day(until))),
  ])
}

const dropSends = statement(
  'consent_sends_drop',
  'delete from consent_sends where ctid = any (array(select ctid from consent_sends where until < $1 limit $2))',
)
const countOld = statement(
  'consent_sends_old',
  'select true as more from consent_sends where until < $1 limit 1',
)

/** Forgets a batch of counts that no cap asks for any more; false when none is left. */
export async function forgetCounts(tx: Tx, before: Date, limit: number): Promise<boolean> {
  await tx.query(dropSends, [before, limit])
  return (await tx.query(countOld, [before])).length > 0
}

const note = statement(
  'consent_closings_note',
  `insert into consent_closings (account_id, closes_at) select * from unnest($1::uuid[], $2::timestamptz[])
   on conflict do nothing`,
)

/** Writes down when hours end within which messages have been accepted: what waits by then has to be held back. */
export async function noteClosings(
  tx: Tx,
  closings: readonly { accountId: string; at: Date }[],
): Promise<void> {
  const distinct = [...new Map(closings.map((each) => [each.accountId + each.at.toISOString(), each]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, each]) => each)
  if (distinct.length === 0) return
  await tx.query(note, [
    uuids(distinct.map(({ accountId }) => accountId)),
    plain(distinct.map(({ at }) => at.toISOString())),
  ])
}

import { statement, type Tx } from '../../store/db.ts'
import type { Result } from './compose.ts'

/** Somebody asks a service: `caller` is a keyed hash, limits are null where there is none. */
export interface Use {
  accountId: string
  serviceId: string
  caller: Buffer
  perHour: number | null
  perDay: number | null
}

/** How often, this time included. The day counts what the hour lets through. */
export interface Used {
  hour: number
  day: number
}

const note = statement(
  'keywords_note_uses',
  // In the order of the key, so that two nodes do not wait for each other.
  `with d as materialized (
     select account_id, service_id, decode(caller, 'hex') as caller, per_hour
     from json_to_recordset($1) as d(account_id uuid, service_id uuid, caller text, per_hour integer)
     order by 1, 2, 3),
   hours as (
     insert into keyword_uses as u (account_id, service_id, caller, span, starts_at, used)
     select account_id, service_id, caller, 'hour', $2::timestamptz, 1 from d
     on conflict (account_id, service_id, caller, span, starts_at) do update set used = u.used + 1
     returning account_id, service_id, caller, used),
   days as (
     insert into keyword_uses as u (account_id, service_id, caller, span, starts_at, used)
     select h.account_id, h.service_id, h.caller, 'day', $3::timestamptz, 1 from hours h
     join d using (account_id, service_id, caller) where d.per_hour is null or h.used <= d.per_hour
     order by 1, 2, 3
     on conflict (account_id, service_id, caller, span, starts_at) do update set used = u.used + 1
     returning account_id, service_id, caller, used)
   select encode(h.caller, 'hex') as caller, h.service_id as "serviceId", h.used as hour,
     coalesce(days.used, (
       select u.used from keyword_uses u where u.account_id = h.account_id and u.service_id = h.service_id
         and u.caller = h.caller and u.span = 'day' and u.starts_at = $3), 0) as day
   from hours h left join days using (account_id, service_id, caller)`,
)

const hourMs = 3_600_000
const floor = (now: Date, ms: number): Date => new Date(Math.floor(now.getTime() / ms) * ms)

/** Counts uses, each caller and service once. Answers stand in the order of the uses. */
export async function noteUses(tx: Tx, uses: readonly Use[], now: Date): Promise<Used[]> {
  if (uses.length === 0) return []
  const rows = uses.map(({ accountId, serviceId, caller, perHour }) => ({
    account_id: accountId,
    service_id: serviceId,
    caller: caller.toString('hex'),
    per_hour: perHour,
  }))
  const counted = await tx.query<Used & { caller: string; serviceId: string }>(note, [
    JSON.stringify(rows),
    floor(now, hourMs),
    floor(now, 24 * hourMs),
  ])
  const found = new Map(counted.map((row) => [row.serviceId + row.caller, row]))
  return rows.map(({ service_id, caller }) => found.get(service_id + caller)!)
}

const forget = statement('keywords_forget_uses', 'delete from keyword_uses where starts_at < $1')

export async function forgetUses(tx: Tx, before: Date): Promise<void> {
  await tx.query(forget, [before])
}

export interface DayRow {
  account_id: string
  service_id: string
  /** `2026-11-22`, where the service is. */
  day: string
  result: Result
  uses: number
}

const addDays = statement(
  'keywords_add_days',
  `insert into keyword_days as k (account_id, service_id, day, result, uses)
   select * from json_to_recordset($1) as d(account_id uuid, service_id uuid, day date, result text, uses integer)
   order by account_id, day, service_id, result
   on conflict (account_id, day, service_id, result) do update set uses = k.uses + excluded.uses`,
)

export async function addUses(tx: Tx, rows: readonly DayRow[]): Promise<void> {
  if (rows.length > 0) await tx.query(addDays, [JSON.stringify(rows)])
}

const listDay = statement(
  'keywords_list_days',
  `select day::text, service_id as "serviceId", result, uses from keyword_days
   where account_id = $1 and day >= $2::date order by account_id, day, service_id, result`,
)

export function listUses(
  tx: Tx,
  accountId: string,
  since: string,
): Promise<{ day: string; serviceId: string; result: Result; uses: number }[]> {
  return tx.query(listDay, [accountId, since])
}

export interface UnknownRow {
  account_id: string
  day: string
  word: string
  asked: number
}

const addWords = statement(
  'keywords_add_unknown',
  `insert into keyword_unknown_words as k (account_id, day, word, asked)
   select * from json_to_recordset($1) as d(account_id uuid, day date, word text, asked integer)
   order by account_id, day, word
   on conflict (account_id, day, word) do update set asked = k.asked + excluded.asked`,
)

export async function addUnknownWords(tx: Tx, rows: readonly UnknownRow[]): Promise<void> {
  if (rows.length > 0) await tx.query(addWords, [JSON.stringify(rows)])
}

const topWords = statement(
  'keywords_top_unknown',
  `select word, sum(asked)::integer as asked, max(day)::text as "lastDay" from keyword_unknown_words
   where account_id = $1 and day >= $2::date group by word`,
)

/** Words that nobody has, the most asked for first. */
export async function topUnknownWords(
  tx: Tx,
  accountId: string,
  since: string,
  most: number,
): Promise<{ word: string; asked: number; lastDay: string }[]> {
  const words = await tx.query<{ word: string; asked: number; lastDay: string }>(topWords, [accountId, since])
  return words.sort((a, b) => b.asked - a.asked || (a.word < b.word ? -1 : 1)).slice(0, most)
}

const forgetOldWords = statement(
  'keywords_forget_unknown',
  'delete from keyword_unknown_words where day < $1::date',
)

export async function forgetUnknownWords(tx: Tx, before: Date): Promise<void> {
  await tx.query(forgetOldWords, [before.toISOString().slice(0, 10)])
}

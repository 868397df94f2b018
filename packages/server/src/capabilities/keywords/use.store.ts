import { plain, uuids } from '../../store/arrays.ts'
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
  `insert into keyword_uses as u (account_id, service_id, caller, hour, in_hour, day, in_day, per_hour)
   select account_id, service_id, decode(caller, 'hex'), $1, 1, $2, 1, per_hour
   from unnest($3::uuid[], $4::uuid[], $5::text[], $6::integer[]) as d(account_id, service_id, caller, per_hour)
   order by 1, 2, 3
   on conflict (account_id, service_id, caller) do update set
     hour = excluded.hour, in_hour = case when u.hour = excluded.hour then u.in_hour else 0 end + 1,
     day = excluded.day, in_day = case when u.day = excluded.day then u.in_day else 0 end
       + case when u.hour = excluded.hour and u.in_hour >= excluded.per_hour then 0 else 1 end,
     per_hour = excluded.per_hour
   returning service_id as "serviceId", encode(caller, 'hex') as caller, in_hour as hour, in_day as day`,
)

const hourMs = 3_600_000
const floor = (now: Date, ms: number): Date => new Date(Math.floor(now.getTime() / ms) * ms)

/** Counts uses, each caller and service once. Answers stand in the order of the uses. */
export async function noteUses(tx: Tx, uses: readonly Use[], now: Date): Promise<Used[]> {
  if (uses.length === 0) return []
  const callers = uses.map(({ caller }) => caller.toString('hex'))
  const counted = await tx.query<Used & { caller: string; serviceId: string }>(note, [
    floor(now, hourMs),
    floor(now, 24 * hourMs),
    uuids(uses.map(({ accountId }) => accountId)),
    uuids(uses.map(({ serviceId }) => serviceId)),
    plain(callers),
    plain(uses.map(({ perHour }) => perHour)),
  ])
  const found = new Map(counted.map((row) => [row.serviceId + row.caller, row]))
  return uses.map(({ serviceId }, at) => found.get(serviceId + callers[at]!)!)
}

const forget = statement('keywords_forget_uses', 'delete from keyword_uses where day < $1')

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

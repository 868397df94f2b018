import { uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'
import type { Hours } from './hours.ts'
import type { Promised } from './targets.ts'

/** Texts by language, such as `de`; the first one is for everybody whose language is not there. */
export type Texts = Readonly<Record<string, string>>

export interface Settings {
  /** Null: somebody is always there. */
  hours: Hours | null
  /** Said once in each closed time to whoever writes; null: nothing. */
  away: Texts | null
  /** What is asked after closing, and what is said to an answer; null: nobody is asked. */
  rating: { ask: Texts; thanks: Texts | null } | null
  /** Of the account, for canned answers. */
  fields: Readonly<Record<string, string>>
  targets: readonly Promised[]
}

export const noSettings: Settings = { hours: null, away: null, rating: null, fields: {}, targets: [] }

const columns = 'hours, away, rating, fields, targets'
const read = statement(
  'inbox_settings_read',
  `select account_id, ${columns} from inbox_settings where account_id = any($1::uuid[])`,
)

/** The settings of accounts that have some, by account. */
export async function readSettings(tx: Tx, accounts: readonly string[]): Promise<Map<string, Settings>> {
  const rows = await tx.query<Settings & { account_id: string }>(read, [uuids(accounts)])
  return new Map(rows.map(({ account_id, ...settings }) => [account_id, settings]))
}

const ofTeams = statement(
  'inbox_settings_and_teams',
  `select d.account_id, s.hours, s.away, s.rating, coalesce(s.fields, '{}') as fields, coalesce(s.targets, '[]') as targets,
     coalesce((select json_agg(json_build_object('id', t.id, 'numbers', t.numbers, 'auto_assign', t.auto_assign) order by t.id)
       from inbox_teams t where t.account_id = d.account_id), '[]') as teams
   from unnest($1::uuid[]) as d(account_id) left join inbox_settings s on s.account_id = d.account_id`,
)

export interface House extends Settings {
  teams: { id: string; numbers: string[]; auto_assign: boolean }[]
}

/** What must be known of accounts to receive for them. */
export async function readHouses(tx: Tx, accounts: readonly string[]): Promise<Map<string, House>> {
  const rows = await tx.query<House & { account_id: string }>(ofTeams, [uuids(accounts)])
  return new Map(rows.map(({ account_id, ...house }) => [account_id, house]))
}

const lock = statement(
  'inbox_settings_lock',
  // There may be no row yet: an account holds at most one change of its settings at a time.
  'select id from accounts where id = $1 for no key update',
)
/** Until the end of the transaction: of two who change different parts, neither takes back what the other did. */
export const lockSettings = async (tx: Tx, accountId: string): Promise<void> =>
  void (await tx.query(lock, [accountId]))

const write = statement(
  'inbox_settings_write',
  `insert into inbox_settings as s (account_id, hours, away, rating, fields, targets, updated_at)
   values ($1, $2::jsonb, $3::jsonb, $4::jsonb, $5::jsonb, $6::jsonb, $7)
   on conflict (account_id) do update set hours = excluded.hours, away = excluded.away, rating = excluded.rating,
     fields = excluded.fields, targets = excluded.targets, updated_at = excluded.updated_at`,
)

export async function writeSettings(tx: Tx, accountId: string, settings: Settings, now: Date): Promise<void> {
  const { hours, away, rating, fields, targets } = settings
  const json = [hours, away, rating, fields, targets].map((value) =>
    value === null ? null : JSON.stringify(value),
  )
  await tx.query(write, [accountId, ...json, now])
}

/** The text for somebody's language (`de-AT` takes `de`), else the first one. */
export function textFor(texts: Texts, language: string | null): string {
  const wanted = language?.toLowerCase() ?? ''
  const found = Object.keys(texts).find((key) => wanted === key || wanted.startsWith(`${key}-`))
  return texts[found ?? Object.keys(texts)[0]!] ?? ''
}

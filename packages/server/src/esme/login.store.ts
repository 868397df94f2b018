import type { BindType } from '@kurzpost/smpp'
import type { Lane } from '../message/lane.ts'
import { statement, type Tx } from '../store/db.ts'

/** A customer's system that may bind. Names are the columns; ids are bare UUIDs. */
export interface Login {
  account_id: string
  id: string
  system_id: string
  name: string
  /** Its hash: see password.ts. */
  password: string
  enabled: boolean
  /** CIDR blocks; empty: from everywhere. */
  allowed_ips: string[]
  max_binds: number
  /** Of our deliver_sm, on each bind. */
  window_size: number
  /** null: as fast as the house goes. */
  segments_per_second: number | null
  bind_types: BindType[]
  lane: Lane
  receives: string[]
  tls_only: boolean
  alphabet: 'gsm7' | 'latin1'
  long_inbound: 'udh' | 'sar' | 'payload'
  created_at: Date
  updated_at: Date
}

/** What can be changed; what is missing stays. */
export type LoginChange = Partial<
  Omit<Login, 'account_id' | 'id' | 'system_id' | 'created_at' | 'updated_at'>
>

const columns = `account_id, id, system_id, name, password, enabled, allowed_ips::text[] as allowed_ips, max_binds, window_size,
  segments_per_second, bind_types, lane, receives, tls_only, alphabet, long_inbound, created_at, updated_at`

const selectAll = statement('select_smpp_logins', `select ${columns} from smpp_logins`)
const selectMine = statement(
  'select_smpp_logins_of',
  `select ${columns} from smpp_logins where account_id = $1 and ($2::uuid is null or id = $2) order by id`,
)

/** Every login of every account, for the door: a bind names no account. */
export const allLogins = (tx: Tx): Promise<Login[]> => tx.query<Login>(selectAll)

const others = statement(
  'smpp_logins_beyond',
  'select exists (select from smpp_logins where id <> all ($1::uuid[])) as found',
)

/** True when there is a login that is not among these. */
export async function loginsBeyond(tx: Tx, known: readonly string[]): Promise<boolean> {
  return (await tx.query<{ found: boolean }>(others, [known]))[0]!.found
}

export const loginsOf = (tx: Tx, accountId: string, id: string | null = null): Promise<Login[]> =>
  tx.query<Login>(selectMine, [accountId, id])

const insert = statement(
  'insert_smpp_login',
  `insert into smpp_logins (account_id, id, system_id, name, password, enabled, allowed_ips, max_binds, window_size,
     segments_per_second, bind_types, lane, receives, tls_only, alphabet, long_inbound, created_at, updated_at)
   select l.account_id, l.id, l.system_id, l.name, l.password, l.enabled,
     array(select network(ip::inet) from unnest(l.allowed_ips) ip)::cidr[], l.max_binds, l.window_size,
     l.segments_per_second, l.bind_types, l.lane, l.receives, l.tls_only, l.alphabet, l.long_inbound, $2, $2
   from json_to_record($1) as l(account_id uuid, id uuid, system_id text, name text, password text, enabled boolean,
     allowed_ips text[], max_binds integer, window_size integer, segments_per_second double precision, bind_types text[],
     lane lane, receives text[], tls_only boolean, alphabet text, long_inbound text)
   on conflict (system_id) do nothing
   returning ${columns}`,
)

/** Undefined: the system_id is taken, perhaps by another account. */
export async function insertLogin(
  tx: Tx,
  login: Omit<Login, 'created_at' | 'updated_at'>,
  now: Date,
): Promise<Login | undefined> {
  return (await tx.query<Login>(insert, [JSON.stringify(login), now]))[0]
}

const update = statement(
  'update_smpp_login',
  `update smpp_logins l set name = coalesce(c.name, l.name), password = coalesce(c.password, l.password),
     enabled = coalesce(c.enabled, l.enabled),
     allowed_ips = case when c.allowed_ips is null then l.allowed_ips
       else array(select network(ip::inet) from unnest(c.allowed_ips) ip)::cidr[] end,
     max_binds = coalesce(c.max_binds, l.max_binds), window_size = coalesce(c.window_size, l.window_size),
     segments_per_second = case when $5 then c.segments_per_second else l.segments_per_second end,
     bind_types = coalesce(c.bind_types, l.bind_types), lane = coalesce(c.lane, l.lane),
     receives = coalesce(c.receives, l.receives), tls_only = coalesce(c.tls_only, l.tls_only),
     alphabet = coalesce(c.alphabet, l.alphabet), long_inbound = coalesce(c.long_inbound, l.long_inbound), updated_at = $4
   from json_to_record($3) as c(name text, password text, enabled boolean, allowed_ips text[], max_binds integer,
     window_size integer, segments_per_second double precision, bind_types text[], lane lane, receives text[],
     tls_only boolean, alphabet text, long_inbound text)
   where l.account_id = $1 and l.id = $2
   returning l.account_id, l.id, l.system_id, l.name, l.password, l.enabled, l.allowed_ips::text[] as allowed_ips,
     l.max_binds, l.window_size, l.segments_per_second, l.bind_types, l.lane, l.receives, l.tls_only, l.alphabet,
     l.long_inbound, l.created_at, l.updated_at`,
)

/** Undefined: there is no such login in the account. */
export async function updateLogin(
  tx: Tx,
  accountId: string,
  id: string,
  change: LoginChange,
  now: Date,
): Promise<Login | undefined> {
  const setsRate = change.segments_per_second !== undefined
  return (await tx.query<Login>(update, [accountId, id, JSON.stringify(change), now, setsRate]))[0]
}

const remove = statement(
  'delete_smpp_login',
  `with gone as (delete from smpp_logins where account_id = $1 and id = $2 returning id),
   left_over as (
     delete from smpp_deliveries d using gone where d.login_id = gone.id
     returning d.account_id, d.login_id, d.id, d.kind, d.message_id),
   noted as (
     insert into smpp_given_up (account_id, login_id, id, kind, message_id, reason, at)
     select account_id, login_id, id, kind, message_id, 'The login was removed while it waited.', $3 from left_over)
   select id from gone`,
)

/** False when there is no such login. What waits for it is given up. */
export async function deleteLogin(tx: Tx, accountId: string, id: string, now: Date): Promise<boolean> {
  return (await tx.query(remove, [accountId, id, now])).length > 0
}

const waiting = statement(
  'smpp_deliveries_waiting',
  `select l.id as login_id, w.count, w.oldest_at, g.given_up, g.reason, g.at from unnest($1::uuid[]) l(id)
   cross join lateral (
     -- People see "1000+": a backlog of millions is not counted for them.
     select count(*)::integer as count, min(uuid_extract_timestamp(d.id)) as oldest_at
     from (select id from smpp_deliveries where login_id = l.id order by id limit 1001) d) w
   cross join lateral (
     select count(*)::integer as given_up, max(at) as at, (array_agg(reason order by at desc))[1] as reason
     from (select at, reason from smpp_given_up where login_id = l.id order by id desc limit 1001) u) g`,
)

export interface WaitingRow {
  login_id: string
  /** Receipts and inbound messages on their way; 1001 stands for more. */
  count: number
  oldest_at: Date | null
  given_up: number
  reason: string | null
  at: Date | null
}

export const waitingOf = (tx: Tx, logins: readonly string[]): Promise<WaitingRow[]> =>
  tx.query<WaitingRow>(waiting, [logins])

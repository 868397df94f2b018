import { statement, type Tx } from '../store/db.ts'
import type { Address } from './address.ts'

/** What a receipt says, as it is kept until it is delivered. */
export interface ReceiptContent {
  /** Public id, as submit_sm_resp had it. */
  message: string
  /** The addresses of the submission. */
  source: Address
  dest: Address
  state: 'delivered' | 'undelivered' | 'expired' | 'rejected' | 'cancelled'
  /** The network's own code, verbatim. */
  error: string | null
  submitted_at: string
  done_at: string
  /** How the text began. */
  text: string
  ref?: number
  /** Segments. */
  parts: number
}

export interface InboundContent {
  from: string
  to: string
  text: string
}

interface Row<Kind extends string, Content> {
  account_id: string
  login_id: string
  /** UUIDv7: the order of a login. */
  id: string
  kind: Kind
  message_id: string
  content: Content & { done?: number[] }
  attempt: number
}
/** `content.done` lists the PDUs of a long one that the ESME has taken already. */
export type Delivery = Row<'receipt', ReceiptContent> | Row<'inbound', InboundContent>
export type NewDelivery = Delivery & { node: number | null; due_at: Date }

const insert = statement(
  'insert_smpp_deliveries',
  `insert into smpp_deliveries (account_id, login_id, id, kind, message_id, content, attempt, node, due_at, expires_at)
   select account_id, login_id, id, kind, message_id, content, attempt, node, due_at, $2
   from json_to_recordset($1) as d(account_id uuid, login_id uuid, id uuid, kind text, message_id uuid, content jsonb,
     attempt smallint, node integer, due_at timestamptz)
   -- After a restore from a dump the end of a chunk is read once more.
   on conflict do nothing`,
)

/** Those with a node are on its links from the first. */
export async function insertDeliveries(tx: Tx, rows: readonly NewDelivery[], expiresAt: Date): Promise<void> {
  if (rows.length > 0) await tx.query(insert, [JSON.stringify(rows), expiresAt])
}

const claim = statement(
  'claim_smpp_deliveries',
  `update smpp_deliveries d set node = $3, due_at = $5, attempt = least(d.attempt + 1, 32767)
   from (
     select c.login_id, c.id from unnest($1::uuid[], $2::integer[]) as w(login_id, room) cross join lateral (
       select d.login_id, d.id from smpp_deliveries d
       where d.login_id = w.login_id and d.due_at <= $4 and d.expires_at > $4
       order by d.id limit w.room for update skip locked) c) c
   where d.login_id = c.login_id and d.id = c.id
   returning d.account_id, d.login_id, d.id, d.kind, d.message_id, d.content, d.attempt`,
)

/** Takes what is due for these logins, oldest first, as many of each as it has room for, until `lapses`. */
export async function claimDeliveries(
  tx: Tx,
  wanted: { logins: readonly string[]; rooms: readonly number[]; node: number; now: Date; lapses: Date },
): Promise<Delivery[]> {
  const { logins, rooms, node, now, lapses } = wanted
  const rows = await tx.query<Delivery>(claim, [logins, rooms, node, now, lapses])
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** How a delivery on a link ended. `done`: PDUs of it that the ESME has taken. */
export type End =
  | { outcome: 'delivered' }
  | { outcome: 'retry'; due_at: Date; done: number[] }
  | { outcome: 'given_up'; reason: string }
export type Outcome = Pick<Delivery, 'account_id' | 'login_id' | 'id' | 'kind' | 'message_id'> & End

const settle = statement(
  'settle_smpp_deliveries',
  `with s as materialized (
     select * from json_to_recordset($1) as s(account_id uuid, login_id uuid, id uuid, kind text, message_id uuid,
       outcome text, due_at timestamptz, done jsonb, reason text)),
   gone as (
     delete from smpp_deliveries d using s where s.outcome <> 'retry' and d.login_id = s.login_id and d.id = s.id
     returning d.login_id, d.id),
   again as (
     update smpp_deliveries d set node = null, due_at = s.due_at,
       content = case when s.done = '[]' then d.content else d.content || jsonb_build_object('done', s.done) end
     from s where s.outcome = 'retry' and d.login_id = s.login_id and d.id = s.id and d.node = $3)
   insert into smpp_given_up (account_id, login_id, id, kind, message_id, reason, at)
   select s.account_id, s.login_id, s.id, s.kind, s.message_id, s.reason, $2 from s join gone using (login_id, id)
   where s.outcome = 'given_up'
   on conflict do nothing`,
)

/** Records how deliveries ended: one statement for any number. */
export async function settleDeliveries(
  tx: Tx,
  outcomes: readonly Outcome[],
  node: number,
  now: Date,
): Promise<void> {
  if (outcomes.length > 0) await tx.query(settle, [JSON.stringify(outcomes), now, node])
}

const expire = statement(
  'expire_smpp_deliveries',
  `with gone as (
     delete from smpp_deliveries where (login_id, id) in (
       select login_id, id from smpp_deliveries where expires_at <= $1 order by expires_at limit $2 for update skip locked)
     returning account_id, login_id, id, kind, message_id)
   insert into smpp_given_up (account_id, login_id, id, kind, message_id, reason, at)
   select account_id, login_id, id, kind, message_id, $3, $1 from gone on conflict do nothing returning 1`,
)

/** Gives up what has waited too long; returns how many. */
export async function expireDeliveries(tx: Tx, now: Date, limit: number, reason: string): Promise<number> {
  return (await tx.query(expire, [now, limit, reason])).length
}

const forget = statement('forget_smpp_given_up', 'delete from smpp_given_up where at < $1')

export async function forgetGivenUp(tx: Tx, before: Date): Promise<void> {
  await tx.query(forget, [before])
}

import { isoText } from '../outbox/store.ts'
import { type Db, statement, type Tx } from '../store/db.ts'

/** A delivery that this node has claimed: what it needs to be sent. Ids are bare UUIDs. */
export interface Claimed {
  account_id: string
  webhook_id: string
  event_id: string
  /** The number of this attempt, from 1. */
  attempt: number
  body: string
  url: string
  /** Base64. */
  secret: string
  /** Signs too for a day after a rotation. */
  previous_secret: string | null
  /** The endpoint's last answer was a failure. */
  failing: boolean
}

/** How an attempt ended. JSON names are the columns of `settle`; what is missing is null there. */
export interface Settled {
  account_id: string
  webhook_id: string
  event_id: string
  attempt: number
  /** `released`: it was not sent after all and waits again, the attempt uncounted. */
  outcome: 'delivered' | 'retry' | 'failed' | 'released'
  due_at?: Date
  sent_at?: Date
  response_status?: number
  error?: string
  duration_ms?: number
  failure?: object
}

/** The body of a delivery, from its event. One expression, so that the log shows what was signed. */
export const bodyOf = (event: string): string =>
  `'{"type":"' || ${event}.name || '","timestamp":"' || ${isoText(`${event}.at`)} || '","data":' || ${event}.payload::text || '}'`

const endpointColumns = `w.url, encode(w.secret, 'base64') as secret,
  case when w.previous_until > $1 then encode(w.previous_secret, 'base64') end as previous_secret,
  w.failing_since is not null as failing`

// Events that no endpoint wants are passed over within the scan, before their payload is looked at. The limit counts
// deliveries and never parts those of one event. A cursor that moved after our snapshot may be ahead of the
// horizon: it stays.
const relay = statement(
  'webhooks_relay',
  `with h as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xmin),
   c as materialized (
     select k.xid, k.seq from event_cursors k, h
     where k.reader = 'webhooks'
       and exists (select from events e where (e.xid, e.seq) > (k.xid, k.seq) and e.xid < h.xmin)
     for update of k skip locked),
   m as materialized (
     select m.*, $4 and m.webhook_id <> all($5) as claimed from c, h, lateral (
       select e.xid, e.seq, e.account_id, e.id as event_id, e.name, e.payload, e.at, w.id as webhook_id,
         ${endpointColumns}
       from events e join webhooks w on w.account_id = e.account_id and w.enabled
         and (w.events = '{}' or e.name = any(w.events)) and e.name <> 'webhook.test'
       where (e.xid, e.seq) > (c.xid, c.seq) and e.xid < h.xmin
       order by e.xid, e.seq fetch first ($3) rows with ties) m),
   total as materialized (select count(*) >= $3 as full, count(*) filter (where not claimed) as left_over from m),
   kept as (
     insert into webhook_deliveries (account_id, webhook_id, event_id, status, due_at, updated_at)
     select account_id, webhook_id, event_id, 'pending', $1, $1 from m where not claimed
     on conflict do nothing),
   batch as (
     insert into webhook_batches (account_ids, webhook_ids, event_ids, lapses_at)
     select array_agg(account_id), array_agg(webhook_id), array_agg(event_id), $2 from m where claimed
     having count(*) > 0
     returning id),
   moved as (
     update event_cursors k set xid = last.xid, seq = last.seq
     from (
       select h.xmin as xid, 0 as seq from c, h, total where not total.full and (h.xmin, 0) > (c.xid, c.seq)
       union all
       (select m.xid, m.seq from m, total where total.full order by m.xid desc, m.seq desc limit 1)) last
     where k.reader = 'webhooks')
   select one.*, m.account_id, m.webhook_id, m.event_id, 1 as attempt, ${bodyOf('m')} as body, m.url, m.secret,
     m.previous_secret, m.failing
   from (select total.full, total.left_over::int, (select id from batch) as batch,
           exists (select from webhooks where enabled) as any_endpoint from total) one
     left join m on m.claimed`,
)

export interface Relayed {
  /** There may be more to read. */
  full: boolean
  /** Deliveries that were stored and not claimed. */
  leftOver: number
  /** False when no endpoint is switched on at all. */
  anyEndpoint: boolean
  /** The batch that holds what is claimed; null when nothing is. */
  batch: number | null
  claimed: Claimed[]
}

/**
 * Takes events from the cursor on, one delivery a matching endpoint, in one statement. They come back as a batch of
 * this node until `lapses`, for `closeBatches`; what is not to be claimed (`claim` is false, or the endpoint is among
 * the `busy`) is stored as due. Another node that does the same at this moment is not waited for: nothing is read then.
 */
export async function relayEvents(
  tx: Tx,
  options: { now: Date; lapses: Date; limit: number; claim: boolean; busy: readonly string[] },
): Promise<Relayed> {
  type Row = Claimed & { full: boolean; left_over: number; any_endpoint: boolean; batch: number | null }
  const { now, lapses, limit, claim, busy } = options
  const rows = await tx.query<Row>(relay, [now, lapses, limit, claim, busy])
  const { full, left_over, any_endpoint, batch } = rows[0]!
  return {
    full,
    leftOver: left_over,
    anyEndpoint: any_endpoint,
    batch,
    claimed: rows.filter((row) => row.webhook_id !== null),
  }
}

const close = statement(
  'webhooks_close',
  `with gone as materialized (delete from webhook_batches where id = any($1) returning id)
   insert into webhook_deliveries (account_id, webhook_id, event_id, status, attempt, due_at, sent_at, response_status,
     error, duration_ms, failures, updated_at)
   select account_id, webhook_id, event_id,
     case outcome when 'retry' then 'pending' when 'released' then 'pending' else outcome end,
     (outcome <> 'released')::int, coalesce(due_at, $3), sent_at, response_status,
     error, duration_ms, case when failure is not null then jsonb_build_array(failure) end, $3
   from json_to_recordset($2) as s(batch bigint, account_id uuid, webhook_id uuid, event_id uuid, outcome text,
     due_at timestamptz, sent_at timestamptz, response_status smallint, error text, duration_ms integer, failure jsonb)
   where batch = any(array(select id from gone))
   on conflict do nothing`,
)

/** What became of a first attempt; `sending`: it is still under way, and its claim lapses at `due_at`. */
export type First = Omit<Settled, 'attempt' | 'outcome'> & {
  batch: number
  outcome: Settled['outcome'] | 'sending'
}

/**
 * Ends batches: stores their deliveries, all of them, in one statement. A batch that has lapsed and was taken over
 * changes nothing: it is sent again.
 */
export async function closeBatches(
  tx: Tx,
  batches: readonly number[],
  deliveries: readonly First[],
  now: Date,
): Promise<void> {
  await tx.query(close, [batches, JSON.stringify(deliveries), now])
}

// The attempt counts: a late answer of the node that had the batch is none to the next claim.
const takeOver = statement(
  'webhooks_take_over',
  `with gone as materialized (
     delete from webhook_batches where id = any(array(
       select id from webhook_batches where lapses_at <= $1 limit 100 for update skip locked))
     returning account_ids, webhook_ids, event_ids)
   insert into webhook_deliveries (account_id, webhook_id, event_id, status, attempt, due_at, updated_at)
   select d.account_id, d.webhook_id, d.event_id, 'pending', 1, $1, $1
   from gone, unnest(account_ids, webhook_ids, event_ids) as d(account_id, webhook_id, event_id)
   on conflict do nothing`,
)

/** Batches that a node left behind become due, to be sent again under the same webhook-ids. */
export async function takeOverBatches(tx: Tx, now: Date): Promise<void> {
  await tx.query(takeOver, [now])
}

const skip = statement(
  'webhooks_skip',
  `with h as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xmin)
   update event_cursors k set xid = h.xmin, seq = 0 from h
   where k.reader = 'webhooks' and h.xmin > k.xid and not exists (select from webhooks where enabled)
     and exists (select from events e where (e.xid, e.seq) > (k.xid, k.seq) and e.xid < h.xmin)`,
)

/** While nobody listens the cursor leaps to the end, so that a first endpoint does not get the past. */
export async function skipEvents(tx: Tx): Promise<void> {
  await tx.query(skip)
}

// The recursion leaps from endpoint to endpoint along the index of what is open, so its cost is the number of
// endpoints with a backlog and not the length of it, and each of them gets its share of a claim.
const claim = statement(
  'webhooks_claim',
  `with recursive backlog as (
     (select account_id, webhook_id from webhook_deliveries where status in ('pending', 'sending')
      order by account_id, webhook_id limit 1)
     union all
     select n.account_id, n.webhook_id from backlog b, lateral (
       select d.account_id, d.webhook_id from webhook_deliveries d
       where d.status in ('pending', 'sending') and (d.account_id, d.webhook_id) > (b.account_id, b.webhook_id)
       order by d.account_id, d.webhook_id limit 1) n),
   due as materialized (
     select d.* from backlog b
     join webhooks w on w.account_id = b.account_id and w.id = b.webhook_id and w.enabled and w.id <> all($5)
     cross join lateral (
       select account_id, webhook_id, event_id from webhook_deliveries d
       where d.account_id = b.account_id and d.webhook_id = b.webhook_id
         and d.status in ('pending', 'sending') and d.due_at <= $1
       order by d.due_at limit $4 for update skip locked) d
     limit $3),
   taken as (
     update webhook_deliveries d set status = 'sending', attempt = d.attempt + 1, due_at = $2, updated_at = $1
     from due where d.account_id = due.account_id and d.webhook_id = due.webhook_id and d.event_id = due.event_id
     returning d.account_id, d.webhook_id, d.event_id, d.attempt)
   select t.*, ${bodyOf('e')} as body, ${endpointColumns}
   from taken t
   join webhooks w on w.account_id = t.account_id and w.id = t.webhook_id
   cross join lateral (select * from events e where e.account_id = t.account_id and e.id = t.event_id limit 1) e`,
)

/**
 * Claims what is due and what an earlier claim left behind, at most `each` an endpoint and `limit` in all. The
 * claim lapses at `lapses`: if this node dies, another sends the same again, under the same webhook-id.
 */
export function claimDue(
  tx: Tx,
  options: { now: Date; lapses: Date; limit: number; each: number; busy: readonly string[] },
): Promise<Claimed[]> {
  const { now, lapses, limit, each, busy } = options
  return tx.query<Claimed>(claim, [now, lapses, limit, each, busy])
}

// Each row is found by its key in a subquery of its own. As a plain join the planner may start from the table (it
// expects few rows that are `sending`, and plans are made while it is empty) and read it whole: 600 ms for 1,000
// rows in place of 20. `status || ''` keeps it off the index of open deliveries, which is led by the endpoint.
const settle = statement(
  'webhooks_settle',
  `with t as materialized (
     select s.*, d.place
     from json_to_recordset($1) as s(account_id uuid, webhook_id uuid, event_id uuid, attempt smallint, outcome text,
       due_at timestamptz, sent_at timestamptz, response_status smallint, error text, duration_ms integer, failure jsonb)
     cross join lateral (
       select d.ctid as place from webhook_deliveries d
       where d.account_id = s.account_id and d.webhook_id = s.webhook_id and d.event_id = s.event_id
         and d.status || '' = 'sending' and d.attempt = s.attempt
       limit 1) d)
   update webhook_deliveries d set
     status = case t.outcome when 'retry' then 'pending' when 'released' then 'pending' else t.outcome end,
     attempt = case when t.outcome = 'released' then d.attempt - 1 else d.attempt end,
     due_at = coalesce(t.due_at, d.due_at),
     sent_at = coalesce(t.sent_at, d.sent_at),
     response_status = case when t.outcome = 'released' then d.response_status else t.response_status end,
     error = case when t.outcome = 'released' then d.error else t.error end,
     duration_ms = coalesce(t.duration_ms, d.duration_ms),
     failures = case when t.failure is null then d.failures else coalesce(d.failures, '[]') || t.failure end,
     updated_at = $2
   from t where d.ctid = t.place`,
)

/** Stores how attempts ended. An attempt whose claim has passed to somebody else changes nothing. */
export async function settleDeliveries(tx: Tx, settled: readonly Settled[], now: Date): Promise<void> {
  if (settled.length > 0) await tx.query(settle, [JSON.stringify(settled), now])
}

const deleteOld = statement(
  'webhooks_delete_old',
  `with old as (
     select d.account_id, d.webhook_id, d.event_id from webhooks w cross join lateral (
       select * from webhook_deliveries d where d.account_id = w.account_id and d.webhook_id = w.id
         and (d.event_id < uuidv7_floor($1) and d.status = 'delivered' or d.event_id < uuidv7_floor($2))
         and d.event_id < uuidv7_floor($1)
       limit $3) d
     limit $3)
   delete from webhook_deliveries d using old
   where d.account_id = old.account_id and d.webhook_id = old.webhook_id and d.event_id = old.event_id
   returning 1`,
)
const deleteOrphans = statement(
  'webhooks_delete_orphans',
  `with recursive pair as (
     (select account_id, webhook_id from webhook_deliveries order by account_id, webhook_id limit 1)
     union all
     select n.account_id, n.webhook_id from pair p, lateral (
       select d.account_id, d.webhook_id from webhook_deliveries d
       where (d.account_id, d.webhook_id) > (p.account_id, p.webhook_id)
       order by d.account_id, d.webhook_id limit 1) n),
   old as (
     select d.account_id, d.webhook_id, d.event_id from pair p cross join lateral (
       select * from webhook_deliveries d where d.account_id = p.account_id and d.webhook_id = p.webhook_id
       limit $1) d
     where not exists (select from webhooks w where w.account_id = p.account_id and w.id = p.webhook_id)
     limit $1)
   delete from webhook_deliveries d using old
   where d.account_id = old.account_id and d.webhook_id = old.webhook_id and d.event_id = old.event_id
   returning 1`,
)

/** Rows a statement deletes: short enough to hold up nobody. */
const deletedAtOnce = 5_000
const day = 86_400_000

/** Deletes deliveries that arrived over a week ago, any over a month old, and those of deleted endpoints. */
export async function deleteOldDeliveries(db: Db, now: Date): Promise<number> {
  const week = new Date(now.getTime() - 7 * day)
  const month = new Date(now.getTime() - 30 * day)
  let deleted = 0
  for (const [query, values] of [
    [deleteOld, [week, month, deletedAtOnce]],
    [deleteOrphans, [deletedAtOnce]],
  ] as const) {
    for (;;) {
      const rows = await db.query(query, values)
      deleted += rows.length
      if (rows.length < deletedAtOnce) break
    }
  }
  return deleted
}

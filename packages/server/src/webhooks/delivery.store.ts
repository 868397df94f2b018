import type { EventName } from '../events.ts'
import type { OutboxRow, Place, StoredChunk } from '../outbox/chunk.ts'
import { holdsAfter, isoText } from '../outbox/store.ts'
import { plain, quoted, uuids } from '../store/arrays.ts'
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

/** What the body of a delivery is made of. */
export type Told = Pick<OutboxRow, 'name' | 'at' | 'payload'>

/** The body of a delivery, from its event: what is signed, and what the log shows. */
export const bodyOf = ({ name, at, payload }: Told): string =>
  `{"type":"${name}","timestamp":"${at}","data":${payload}}`

const endpointColumns = `w.url, encode(w.secret, 'base64') as secret,
  case when w.previous_until > $1 then encode(w.previous_secret, 'base64') end as previous_secret,
  w.failing_since is not null as failing`

// What no endpoint can want is passed over by its chunk, before its text is looked at.
const read = statement(
  'webhooks_read',
  `with h as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xmin),
   k as materialized (select xid, seq from event_cursors where reader = 'webhooks'),
   w as materialized (
     select count(*) > 0 as any_endpoint, coalesce(array_agg(distinct account_id), '{}') as accounts,
       bool_or(events = '{}') as everything from webhooks where enabled),
   n as materialized (
     select coalesce(array_agg(distinct name), '{}') as names from webhooks, unnest(events) as name where enabled)
   select k.xid::text as cursor_xid, k.seq as cursor_seq, h.xmin::text as horizon, h.xmin > k.xid as behind,
     w.any_endpoint, c.*
   from k cross join h cross join w cross join n left join lateral (
     select c.id, c.xid::text, c.seq, c.count, c.accounts, c.events, ${isoText('c.at')} as at
     from (
       select c.*, sum(c.count) over (order by c.xid, c.seq) - c.count as before
       from (
         select c.* from event_chunks c
         where ${holdsAfter('k.xid', 'k.seq')} and c.xid < h.xmin
           and w.any_endpoint and c.accounts && w.accounts and (w.everything or c.names && n.names)
         order by c.xid, c.seq limit $1) c) c
     where c.before < $1
   ) c on true`,
)

/** What lies between the cursor and what is readable. */
export interface Unread {
  cursor: Place
  horizon: Place
  /** False when no endpoint is switched on at all. */
  anyEndpoint: boolean
  /** In order; those that nobody can want are left out. */
  chunks: (StoredChunk & { count: number; accounts: string[] })[]
  /** There may be more to read. */
  full: boolean
}

/** Reads on from the cursor of the webhooks, about `enough` events, and moves nothing. */
export async function readUnread(tx: Tx, enough: number): Promise<Unread> {
  type Row = Unread['chunks'][number] & { cursor_xid: string; cursor_seq: number } & {
    horizon: string
    any_endpoint: boolean
  }
  const rows = await tx.query<Row>(read, [enough])
  const { cursor_xid, cursor_seq, horizon, any_endpoint } = rows[0]!
  const chunks = rows.filter((row) => row.id !== null)
  return {
    cursor: { xid: cursor_xid, seq: cursor_seq },
    horizon: { xid: horizon, seq: 0 },
    anyEndpoint: any_endpoint,
    chunks,
    full: chunks.reduce((sum, chunk) => sum + chunk.count, 0) >= enough,
  }
}

const endpoints = statement(
  'webhooks_endpoints',
  `select w.account_id, w.id as webhook_id, w.events, ${endpointColumns}
   from webhooks w where w.account_id = any($2::uuid[]) and w.enabled order by w.account_id, w.id`,
)

/** What an endpoint wants, and what it takes to post there. */
export type Listening = Pick<
  Claimed,
  'account_id' | 'webhook_id' | 'url' | 'secret' | 'previous_secret' | 'failing'
> & { events: EventName[] }

/** The endpoints of these accounts that are switched on. */
export const listening = (tx: Tx, accounts: readonly string[], now: Date): Promise<Listening[]> =>
  tx.query<Listening>(endpoints, [now, accounts])

// Without waiting for the disk: if this is lost in a crash the cursor is where it was, and what had been posted comes
// again under the same webhook-id, as it does after any crash. (decision 19)
const unsynced = `set_config('synchronous_commit', 'off', true)`

const pass = statement(
  'webhooks_pass',
  `with moved as (
     update event_cursors set xid = $3::xid8, seq = $4
     where reader = 'webhooks' and xid = $1::xid8 and seq = $2 returning 1),
   kept as (
     insert into webhook_deliveries (account_id, webhook_id, event_id, status, due_at, updated_at)
     select d.*, 'pending', $5, $5 from moved, unnest($7::uuid[], $8::uuid[], $9::uuid[]) as d
     on conflict do nothing),
   batch as (
     insert into webhook_batches (account_ids, webhook_ids, event_ids, lapses_at)
     select $10::uuid[], $11::uuid[], $12::uuid[], $6::timestamptz from moved where $10::uuid[] <> '{}'
     returning id)
   select exists (select from moved) as moved, (select id from batch) as batch, ${unsynced}`,
)

/** A delivery by its key. */
type DeliveryKey = Pick<Claimed, 'account_id' | 'webhook_id' | 'event_id'>

const columnsOf = (rows: readonly DeliveryKey[]): string[] => [
  uuids(rows.map((row) => row.account_id)),
  uuids(rows.map((row) => row.webhook_id)),
  uuids(rows.map((row) => row.event_id)),
]

/**
 * Moves the cursor, if it stands where it was read, and with it stores what is to be sent: `claimed` as a batch of this
 * node until `lapses`, for `closeBatches`, and `kept` as due. False: another node was faster, and all of it is that one's.
 */
export async function passOn(
  tx: Tx,
  way: { from: Place; to: Place },
  deliveries: { claimed: readonly DeliveryKey[]; kept: readonly DeliveryKey[] },
  { now, lapses }: { now: Date; lapses: Date },
): Promise<{ moved: boolean; batch: number | null }> {
  const { from, to } = way
  const [row] = await tx.query<{ moved: boolean; batch: number | null }>(pass, [
    from.xid,
    from.seq,
    to.xid,
    to.seq,
    now,
    lapses,
    ...columnsOf(deliveries.kept),
    ...columnsOf(deliveries.claimed),
  ])
  return row!
}

const close = statement(
  'webhooks_close',
  `with gone as materialized (delete from webhook_batches where id = any($1) returning id),
   stored as (
     insert into webhook_deliveries (account_id, webhook_id, event_id, status, attempt, due_at, sent_at,
       response_status, error, duration_ms, failures, updated_at)
     select account_id, webhook_id, event_id,
       case outcome when 'retry' then 'pending' when 'released' then 'pending' else outcome end,
       (outcome <> 'released')::int, coalesce(due_at, $2), sent_at, response_status,
       error, duration_ms, case when failure is not null then jsonb_build_array(failure) end, $2
     from unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::timestamptz[], $9::timestamptz[],
       $10::smallint[], $11::text[], $12::integer[], $13::jsonb[]) as s(batch, account_id, webhook_id, event_id, outcome,
       due_at, sent_at, response_status, error, duration_ms, failure)
     where batch in (select id from gone)
     on conflict do nothing)
   select ${unsynced}`,
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
  const column = <K extends keyof First>(name: K): First[K][] => deliveries.map((row) => row[name])
  const times = (name: 'due_at' | 'sent_at'): string => plain(column(name).map((at) => at?.toISOString()))
  await tx.query(close, [
    batches,
    now,
    plain(column('batch')),
    ...columnsOf(deliveries),
    plain(column('outcome')),
    times('due_at'),
    times('sent_at'),
    plain(column('response_status')),
    quoted(column('error')),
    plain(column('duration_ms')),
    quoted(column('failure').map((failure) => failure && JSON.stringify(failure))),
  ])
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
     and exists (select from event_chunks c where ${holdsAfter('k.xid', 'k.seq')} and c.xid < h.xmin)`,
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
   select t.*, e.name, ${isoText('e.at')} as at, e.payload, ${endpointColumns}
   from taken t
   join webhooks w on w.account_id = t.account_id and w.id = t.webhook_id
   cross join lateral event_of(t.event_id) e`,
)

/**
 * Claims what is due and what an earlier claim left behind, at most `each` an endpoint and `limit` in all. The
 * claim lapses at `lapses`: if this node dies, another sends the same again, under the same webhook-id.
 */
export async function claimDue(
  tx: Tx,
  options: { now: Date; lapses: Date; limit: number; each: number; busy: readonly string[] },
): Promise<Claimed[]> {
  const { now, lapses, limit, each, busy } = options
  const rows = await tx.query<Claimed & Told>(claim, [now, lapses, limit, each, busy])
  return rows.map(({ name, at, payload, ...delivery }) => ({
    ...delivery,
    body: bodyOf({ name, at, payload }),
  }))
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

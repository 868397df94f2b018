import { statement, type Tx } from '../store/db.ts'

export interface QueueFigure {
  lane: string
  status: 'ready' | 'scheduled' | 'uncertain' | 'on_wire'
  messages: number
}

const queued = statement(
  'figures_of_queue',
  `select lane, status, count(*)::integer as messages from queue group by lane, status
   union all
   select (m ->> 'lane')::lane, 'on_wire', count(*)::integer from claims, jsonb_array_elements(messages) m group by 1`,
)

export const countQueue = (tx: Tx): Promise<QueueFigure[]> => tx.query<QueueFigure>(queued)

const oldest = statement(
  'figures_of_age',
  // The first of each lane of each path is the first of its part of the index. An id carries the time of its acceptance.
  `select l.lane, (extract(epoch from now() - min(uuid_extract_timestamp(first.message_id))))::float8 as seconds
   from (select id from paths union all select 0) p
   cross join unnest(enum_range(null::lane)) l(lane)
   cross join lateral (
     select q.message_id from queue q where q.status = 'ready' and q.path = p.id and q.lane = l.lane order by q.message_id limit 1) first
   group by l.lane`,
)

/** Age of the oldest message of each lane that could be sent. */
export const readAges = (tx: Tx): Promise<{ lane: string; seconds: number }[]> => tx.query(oldest)

const unroutable = statement(
  'figures_of_no_route',
  `select count(*)::integer as messages from paths p join queue q on q.path = p.id and q.status = 'ready'
   where p.carriers = '{}'`,
)

export async function countUnroutable(tx: Tx): Promise<number> {
  return (await tx.query<{ messages: number }>(unroutable))[0]!.messages
}

export interface BindFigure {
  carrier: string
  state: string
  binds: number
  window: number
  in_flight: number
  segments_per_second: number | null
}

const binds = statement(
  'figures_of_binds',
  // A holder that died says nothing any more: what it said last holds no longer than its lease.
  `select c.name as carrier, s.state, count(*)::integer as binds,
     coalesce(sum((s.report ->> 'window')::float8) filter (where s.held), 0)::float8 as window,
     coalesce(sum((s.report ->> 'in_flight')::float8) filter (where s.held), 0)::float8 as in_flight,
     (sum((s.report ->> 'segments_per_second')::float8) filter (where s.held))::float8 as segments_per_second
   from carriers c
   join lateral (
     select report, b.node is not null and b.leased_until >= now() as held,
       case when b.node is not null and b.leased_until >= now() then b.state else 'down' end as state
     from binds b where b.carrier_id = c.id) s on true
   where c.deleted_at is null and c.mode <> 'drained' group by 1, 2`,
)

export const readBindFigures = (tx: Tx): Promise<BindFigure[]> => tx.query<BindFigure>(binds)

const nodes = statement(
  'figures_of_nodes',
  `select case when not alive then 'silent' when draining then 'draining' else 'alive' end as state, count(*)::integer as nodes
   from living_nodes group by 1`,
)

export const countNodes = (tx: Tx): Promise<{ state: string; nodes: number }[]> => tx.query(nodes)

const deliveries = statement(
  'figures_of_webhooks',
  // Those of batches under way are first attempts; beyond the limit nobody wants to know how many.
  `select (select count(*) from (
       select from webhook_deliveries where status in ('pending', 'sending') limit $1) some)::integer
     + coalesce((select sum(cardinality(event_ids)) from webhook_batches), 0)::integer as waiting`,
)

export async function countDeliveries(tx: Tx, most: number): Promise<number> {
  return (await tx.query<{ waiting: number }>(deliveries, [most]))[0]!.waiting
}

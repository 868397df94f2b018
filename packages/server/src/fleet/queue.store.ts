import type { Lane } from '../message/lane.ts'
import { statement, type Tx } from '../store/db.ts'

/** Further than this nobody counts: a backlog of millions must not slow a page down. */
export const mostCounted = 100_000

/** What is ready on one path in one lane. */
export interface ReadyCount {
  path: number
  /** Live ones, in order; none: no route takes these, or they are not routed yet. */
  carriers: string[]
  lane: Lane
  ready: number
  oldest_at: Date
}

const readyCounts = statement(
  'queue_ready_counts',
  // An id carries the time of its acceptance, and the first of a path and lane is the first in its part of the index.
  `select p.id as path, p.carriers, l.lane, counted.ready, uuid_extract_timestamp(first.message_id) as oldest_at
   from (
     select paths.id, array(
       select a.id::text from unnest(paths.carriers) with ordinality as a(id, place)
       join carriers c on c.id = a.id and c.deleted_at is null order by a.place) as carriers
     from paths union all select 0, '{}') p
   cross join unnest(enum_range(null::lane)) l(lane)
   cross join lateral (
     select q.message_id from queue q where q.path = p.id and q.lane = l.lane and q.status = 'ready'
     order by q.message_id limit 1) first
   cross join lateral (
     select count(*)::integer as ready from (
       select from queue q where q.path = p.id and q.lane = l.lane and q.status = 'ready' limit $1) q) counted`,
)

export const countReady = (tx: Tx): Promise<ReadyCount[]> => tx.query<ReadyCount>(readyCounts, [mostCounted])

const waitingCounts = statement(
  'queue_waiting_counts',
  `select lane, status, count(*)::integer as messages from (
     select lane, status from queue where status in ('scheduled', 'uncertain') order by due_at limit $1) q
   group by lane, status`,
)

/** What waits for its time or for news of its fate. */
export const countWaiting = (
  tx: Tx,
): Promise<{ lane: Lane; status: 'scheduled' | 'uncertain'; messages: number }[]> =>
  tx.query(waitingCounts, [mostCounted])

const onWire = statement(
  'queue_on_wire',
  'select coalesce(sum(jsonb_array_length(messages)), 0)::integer as messages from claims',
)

export async function countOnWire(tx: Tx): Promise<number> {
  return (await tx.query<{ messages: number }>(onWire))[0]!.messages
}

/** Where one message stands in the queue. */
export interface Place {
  status: 'scheduled' | 'ready' | 'uncertain'
  path: number
  lane: Lane
  due_at: Date
  expires_at: Date
  attempt: number
  /** Live carriers of its path, in order. */
  carriers: { id: string; name: string }[]
  /** Messages of its path that go first, up to a thousand: of its lane, and of higher ones. */
  ahead: number
  ahead_of_lane: number
  /** Whose limit its path waits for; null without one. */
  limited: { sender: string | null; segments_per_second: number; tokens: number } | null
}

const placeOf = statement(
  'queue_place',
  `select q.status, q.path, q.lane, q.due_at, q.expires_at, q.attempt,
     (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) order by a.place), '[]')
      from paths p cross join lateral unnest(p.carriers) with ordinality as a(id, place)
      join carriers c on c.id = a.id and c.deleted_at is null where p.id = q.path) as carriers,
     (select count(*)::integer from (
        select from queue o where o.path = q.path and o.status = 'ready' and o.lane < q.lane limit 1000) o) as ahead,
     (select count(*)::integer from (
        select from queue o where o.path = q.path and o.status = 'ready' and o.lane = q.lane and o.message_id < q.message_id
        limit 1000) o) as ahead_of_lane,
     (select jsonb_build_object('sender', nullif(r.sender, ''), 'segments_per_second', r.segments_per_second, 'tokens',
        r.allowance + r.segments_per_second * greatest(0, extract(epoch from now() - r.refilled_at)))
      from paths p join rate_limits r on r.account_id = p.account_id and r.sender in ('', p.sender)
      where p.id = q.path order by r.allowance limit 1) as limited
   from queue q where q.account_id = $1 and q.message_id = $2`,
)

/** Undefined when the queue has it not: it is on the wire, out, or at its end. */
export async function findPlace(tx: Tx, accountId: string, messageId: string): Promise<Place | undefined> {
  return (await tx.query<Place>(placeOf, [accountId, messageId]))[0]
}

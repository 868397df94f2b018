import { statement, type Tx } from '../store/db.ts'
import type { RoutingFacts } from './rank.ts'

/** What stands in the queue, and what routes look at. */
export interface QueuedFacts extends RoutingFacts {
  readonly id: string
  readonly path: number
  /** Names of carriers that come last for it: they have refused it, or may have sent the first of its copies. */
  readonly last: readonly string[] | null
}

export interface Walk {
  readonly revision: number
  /** By which rules the walk goes that is under way; null: none is. */
  readonly walking: number | null
  /** The walk began, or would begin now, late enough for every node to have heard of the rules. */
  readonly settled: boolean
  /** How long until a walk that begins is late enough, in milliseconds; 0 or less: it is. */
  readonly settles: number
  /** It is, but that messages are on the wire since before: they may come back on paths of older rules. */
  readonly awaited: boolean
  readonly account: string
  readonly message: string
}

const start = '00000000-0000-0000-0000-000000000000'
const lockWalk = statement(
  'lock_walk',
  `select revision, walk_revision as walking,
     coalesce(walk_began, now()) >= changed_at + $1 * interval '1 millisecond' as settled,
     (extract(epoch from changed_at - now()) * 1000 + $1)::float8 as settles,
     now() >= changed_at + $1 * interval '1 millisecond' and exists (
       select from claims c where c.claimed_at < routing.changed_at + $1 * interval '1 millisecond') as awaited,
     coalesce(walk_account, '${start}') as account, coalesce(walk_message, '${start}') as message
   from routing where applied < revision for update skip locked`,
)

/** Holds the walk until the transaction ends; undefined when there is nothing to do, or another node is at it. */
export async function takeWalk(tx: Tx, settleMs: number): Promise<Walk | undefined> {
  return (await tx.query<Walk>(lockWalk, [settleMs]))[0]
}

const facts = `q.account_id as "accountId", q.message_id as id, q.path, q.lane, m.sender, m.recipient,
     case when q.attempt > 0 then (
       select array_agg(distinct coalesce(step ->> 'refused_by', step ->> 'carrier')) from jsonb_array_elements(json_list(m.timeline)) step
       where step ? 'refused_by' or (step ? 'carrier' and m.possible_duplicate)) end as last`
const message = `cross join lateral (
     select sender, recipient, timeline, possible_duplicate from messages m
     where m.account_id = q.account_id and m.id = q.message_id limit 1) m`
const nextRows = statement(
  'walk_queue',
  `select ${facts} from queue q ${message}
   where (q.account_id, q.message_id) > ($1, $2) order by q.account_id, q.message_id limit $3`,
)
const rowsOfPaths = statement(
  'queued_on_paths',
  `select ${facts} from queue q ${message}
   where q.status = 'ready' and q.path = any ($1::integer[]) limit $2`,
)

/** The next rows of the queue, whatever they wait for. */
export const walkOn = (tx: Tx, walk: Walk, limit: number): Promise<QueuedFacts[]> =>
  tx.query(nextRows, [walk.account, walk.message, limit])

/** Rows that are ready on these paths. */
export const readyOn = (tx: Tx, paths: readonly number[], limit: number): Promise<QueuedFacts[]> =>
  tx.query(rowsOfPaths, [paths, limit])

// Only what moves is locked. Rows that somebody holds are passed over: a claim takes them out, and whoever waits for locks in
// an order of his own would be waited for.
const setPaths = statement(
  'set_paths',
  `with free as materialized (
     select found.place, d.path
     from json_to_recordset($1) as d("accountId" uuid, id uuid, was integer, path integer)
     cross join lateral (
       select q.ctid as place from queue q where q.account_id = d."accountId" and q.message_id = d.id and q.path = d.was
       limit 1 for update skip locked) found)
   update queue q set path = f.path from free f where q.ctid = f.place returning 1`,
)

/** Puts rows on other paths, those that still stand on the one that they were read on. Returns how many it has put. */
export async function putOn(
  tx: Tx,
  rows: readonly { accountId: string; id: string; was: number; path: number }[],
): Promise<number> {
  return rows.length === 0 ? 0 : (await tx.query(setPaths, [JSON.stringify(rows)])).length
}

const noteWalk = statement(
  'note_walk',
  `update routing set walk_revision = $1, walk_account = $2, walk_message = $3,
     walk_began = case when walk_revision = $1 then walk_began else now() end`,
)
const endWalk = statement(
  'end_walk',
  `update routing set applied = case when $2 then $1 else applied end,
     walk_revision = null, walk_began = null, walk_account = null, walk_message = null`,
)

/** How far the walk has come, so that whoever goes on after a crash begins there. */
export async function noteProgress(tx: Tx, revision: number, last: QueuedFacts): Promise<void> {
  await tx.query(noteWalk, [revision, last.accountId, last.id])
}

/** The end of the queue is reached. `applied`: nothing can have come in behind it by older rules. */
export async function finishWalk(tx: Tx, revision: number, applied: boolean): Promise<void> {
  await tx.query(endWalk, [revision, applied])
}

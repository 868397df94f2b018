import { statement, type Tx } from '../../../store/db.ts'

/** An advert that waits in the queue. */
export interface WaitingAd {
  accountId: string
  /** Bare UUID. */
  id: string
  /** E.164. */
  number: string
  dueAt: Date
}

const recipient = `cross join lateral (
     select m.recipient from messages m where m.account_id = q.account_id and m.id = q.message_id limit 1) m`
const columns = `q.account_id as "accountId", q.message_id as id, m.recipient as number, q.due_at as "dueAt"`

const readyPaths = statement(
  'consent_ready_paths',
  // From one path to the next by the index, over whatever waits on each.
  `with recursive found as (
     (select path from queue where status = 'ready' order by path limit 1)
     union all
     select (select path from queue where status = 'ready' and path > found.path order by path limit 1)
     from found where found.path is not null)
   select path from found where path is not null`,
)
const ready = statement(
  'consent_ready_ads',
  `select ${columns} from (
     select * from queue where status = 'ready' and path = $1 and lane = 'marketing' and message_id > $2
     order by message_id limit $3) q ${recipient}`,
)
const soon = statement(
  'consent_ads_due_soon',
  `select ${columns} from (
     select * from queue where status = 'scheduled' and due_at <= $1 and (due_at, message_id) > ($2::timestamptz, $3::uuid)
       and lane = 'marketing'
     order by due_at, message_id limit $4) q ${recipient}`,
)

export const firstId = '00000000-0000-0000-0000-000000000000'

/** The paths on which something waits that could go. */
export const readPaths = async (tx: Tx): Promise<number[]> =>
  (await tx.query<{ path: number }>(readyPaths)).map(({ path }) => path)

/** Adverts of a path that could go at any moment, in the order of their ids. */
export const readReadyAds = (tx: Tx, path: number, after: string, limit: number): Promise<WaitingAd[]> =>
  tx.query<WaitingAd>(ready, [path, after, limit])

/** Adverts that will be ready by `until`, in the order in which they will. */
export const readSoonAds = (
  tx: Tx,
  until: Date,
  after: { dueAt: Date; id: string },
  limit: number,
): Promise<WaitingAd[]> => tx.query<WaitingAd>(soon, [until, after.dueAt, after.id, limit])

const dueClosings = statement(
  'consent_closings_due',
  'select true as due from consent_closings where closes_at <= $1 limit 1',
)
const dropClosings = statement('consent_closings_drop', 'delete from consent_closings where closes_at <= $1')

/** Whether somebody's hours have ended of which it is still to be asked what waits. */
export const hoursEnded = async (tx: Tx, now: Date): Promise<boolean> =>
  (await tx.query(dueClosings, [now])).length > 0

export const forgetClosings = async (tx: Tx, until: Date): Promise<void> => {
  await tx.query(dropClosings, [until])
}

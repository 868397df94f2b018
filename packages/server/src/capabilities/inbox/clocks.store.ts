import { plain, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'
import type { Target } from './targets.ts'

export interface Running {
  accountId: string
  conversationId: string
  target: Target
  startedAt: Date
  dueAt: Date
  warnAt: Date | null
}

const start = statement(
  'inbox_clocks_start',
  `insert into inbox_clocks (account_id, conversation_id, target, started_at, due_at, warn_at)
   select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
   on conflict (account_id, conversation_id, target) do nothing`,
)

/** One that runs already goes on. */
export async function startClocks(tx: Tx, clocks: readonly Running[]): Promise<void> {
  if (clocks.length === 0) return
  await tx.query(start, [
    uuids(clocks.map(({ accountId }) => accountId)),
    uuids(clocks.map(({ conversationId }) => conversationId)),
    plain(clocks.map(({ target }) => target)),
    plain(clocks.map(({ startedAt }) => startedAt.toISOString())),
    plain(clocks.map(({ dueAt }) => dueAt.toISOString())),
    plain(clocks.map(({ warnAt }) => warnAt?.toISOString())),
  ])
}

const stop = statement(
  'inbox_clocks_stop',
  'delete from inbox_clocks where account_id = $1 and conversation_id = $2 and target = any($3::text[])',
)

/** A promise is kept, or nobody waits for it any more. */
export async function stopClocks(
  tx: Tx,
  accountId: string,
  conversationId: string,
  targets: readonly Target[],
): Promise<void> {
  await tx.query(stop, [accountId, conversationId, targets])
}

/** A clock that rang, with whom to tell. */
export interface Rung {
  account_id: string
  conversation_id: string
  target: Target
  due_at: Date
  assignee: string | null
  team_id: string | null
}

const ring = (name: string, due: string, change: string, alsoWith: string) =>
  statement(
    `inbox_clocks_${name}`,
    `with due as (
       select account_id, conversation_id, target from inbox_clocks where ${due} limit $2 for update skip locked),
     rung as (
       update inbox_clocks k set ${change} from due d
       where k.account_id = d.account_id and k.conversation_id = d.conversation_id and k.target = d.target
       returning k.account_id, k.conversation_id, k.target, k.due_at)${alsoWith}
     select r.*, c.assignee, c.team_id from rung r
     join inbox_conversations c on c.account_id = r.account_id and c.id = r.conversation_id`,
  )
const warn = ring('warn', 'warn_at <= $1 and breached_at is null', 'warn_at = null', '')
const breach = ring(
  'breach',
  'due_at <= $1 and breached_at is null',
  'breached_at = $1, warn_at = null',
  `, noted as (
       update inbox_rounds n set breached = n.breached || r.target from rung r join inbox_conversations c
         on c.account_id = r.account_id and c.id = r.conversation_id
       where n.account_id = r.account_id and n.conversation_id = r.conversation_id and n.round = c.round)`,
)

/** Clocks that shall warn. Each is given once, to whoever commits. */
export const takeWarnings = (tx: Tx, now: Date, limit: number): Promise<Rung[]> =>
  tx.query(warn, [now, limit])

/** Clocks that have run out. Each is given once, to whoever commits; it stays, and shows, until somebody answers. */
export const takeBreaches = (tx: Tx, now: Date, limit: number): Promise<Rung[]> =>
  tx.query(breach, [now, limit])

const seconds = statement(
  'inbox_clocks_seconds',
  `select distinct to_timestamp(ceil(extract(epoch from at))) as at from (
     select due_at as at from inbox_clocks where due_at > $1 and due_at <= $2 and breached_at is null
     union all
     select warn_at from inbox_clocks where warn_at > $1 and warn_at <= $2 and breached_at is null) soon
   order by 1`,
)

/** The whole seconds at which clocks will have rung that ring between these moments: however many clocks, few seconds. */
export const secondsThatRing = async (tx: Tx, after: Date, until: Date): Promise<Date[]> =>
  (await tx.query<{ at: Date }>(seconds, [after, until])).map(({ at }) => at)

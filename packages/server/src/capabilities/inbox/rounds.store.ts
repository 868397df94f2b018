import { plain, quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

const answered = statement(
  'inbox_round_answered',
  `update inbox_rounds set answered_at = $4, answer_ms = $5, assignee = coalesce($6, assignee), team_id = $7
   where account_id = $1 and conversation_id = $2 and round = $3 and answered_at is null`,
)

interface Which {
  accountId: string
  conversationId: string
  round: number
}

/** The first answer of a round, after so much opening time. */
export async function noteAnswer(
  tx: Tx,
  { accountId, conversationId, round }: Which,
  what: { at: Date; ms: number; assignee: string | null; teamId: string | null },
): Promise<void> {
  const { at, ms, assignee, teamId } = what
  await tx.query(answered, [accountId, conversationId, round, at, ms, assignee, teamId])
}

const closed = statement(
  'inbox_round_closed',
  `insert into inbox_rounds as r (account_id, conversation_id, round, opened_at, closed_at, resolution_ms, assignee, team_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict (account_id, conversation_id, round) do update set closed_at = excluded.closed_at,
     resolution_ms = excluded.resolution_ms, assignee = coalesce(excluded.assignee, r.assignee), team_id = excluded.team_id`,
)

/** The end of a round; with nulls, that it has not ended after all. */
export async function noteClosing(
  tx: Tx,
  { accountId, conversationId, round }: Which,
  what: {
    openedAt: Date
    at: Date | null
    ms: number | null
    assignee: string | null
    teamId: string | null
  },
): Promise<void> {
  const { openedAt, at, ms, assignee, teamId } = what
  await tx.query(closed, [accountId, conversationId, round, openedAt, at, ms, assignee, teamId])
}

const askedRating = statement(
  'inbox_round_asked',
  `with asked as (
     update inbox_rounds set asked_at = $4 where account_id = $1 and conversation_id = $2 and round = $3 and asked_at is null
     returning 1)
   update inbox_conversations set rating_until = $5 where account_id = $1 and id = $2 and exists (select from asked) returning id`,
)

/** The question how we did goes out: an answer until then is one to it. False when it was asked in this round already. */
export async function askedForRating(
  tx: Tx,
  { accountId, conversationId, round }: Which,
  at: Date,
  until: Date,
): Promise<boolean> {
  return (await tx.query(askedRating, [accountId, conversationId, round, at, until])).length > 0
}

const asked = statement(
  'inbox_find_asked',
  // Each row is looked up by itself: joined, the conversations of an account might be read for each of its people.
  `select f.n, c.id, c.round, c.sender, p.language
   from (
     select d.n::integer - 1 as n, d.account_id, (
       select conversation_id from inbox_addresses a
       where a.account_id = d.account_id and a.channel = 'sms' and a.address = d.address) as id
     from unnest($1::uuid[], $2::text[]) with ordinality as d(account_id, address, n) offset 0) f
   cross join lateral (
     select * from inbox_conversations c where c.account_id = f.account_id and c.id = f.id limit 1) c
   left join contacts p on p.account_id = c.account_id and p.id = c.contact_id
   where c.rating_until > $3`,
)

export interface Asked {
  /** Place in what was asked. */
  n: number
  id: string
  round: number
  sender: string | null
  language: string | null
}

/** Which of these people have been asked how we did, and may still say so. */
export async function findAsked(
  tx: Tx,
  people: readonly { accountId: string; from: string }[],
  now: Date,
): Promise<Asked[]> {
  if (people.length === 0) return []
  return tx.query<Asked>(asked, [
    uuids(people.map(({ accountId }) => accountId)),
    quoted(people.map(({ from }) => from)),
    now,
  ])
}

const rate = statement(
  'inbox_rate',
  // Whoever comes second finds the question answered.
  `with d as (select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::smallint[], $5::text[], $6::uuid[])
       as d(account_id, id, round, score, comment, message_id)),
   taken as (
     update inbox_conversations c set rating_until = null, last_at = $7, last_message_id = greatest(c.last_message_id, d.message_id)
     from d where c.account_id = d.account_id and c.id = d.id and c.rating_until is not null
     returning c.account_id, c.id)
   update inbox_rounds r set score = d.score, comment = d.comment, rated_at = $7
   from taken t join d using (account_id, id)
   where r.account_id = d.account_id and r.conversation_id = d.id and r.round = d.round
   returning r.account_id, r.conversation_id as id`,
)

export interface Rated {
  accountId: string
  id: string
  round: number
  score: number
  comment: string | null
  messageId: string
}

/** Keeps what people have said; returns of whom it was kept. */
export const rateRounds = (
  tx: Tx,
  rows: readonly Rated[],
  now: Date,
): Promise<{ account_id: string; id: string }[]> =>
  tx.query(rate, [
    uuids(rows.map(({ accountId }) => accountId)),
    uuids(rows.map(({ id }) => id)),
    plain(rows.map(({ round }) => round)),
    plain(rows.map(({ score }) => score)),
    quoted(rows.map(({ comment }) => comment)),
    uuids(rows.map(({ messageId }) => messageId)),
    now,
  ])

const stats = statement(
  '',
  `with r as (select * from inbox_rounds where account_id = $1 and opened_at >= $2 and opened_at < $3),
   days as (
     select (opened_at at time zone $4)::date as day, count(*)::integer as opened, count(closed_at)::integer as closed,
       percentile_cont(0.5) within group (order by answer_ms) as answer_p50, avg(score)::float as score
     from r group by 1)
   select count(*)::integer as opened, count(closed_at)::integer as closed, count(answered_at)::integer as answered,
     percentile_cont(array[0.5, 0.9]) within group (order by answer_ms) as answer_ms,
     percentile_cont(array[0.5, 0.9]) within group (order by resolution_ms) as resolution_ms,
     count(*) filter (where 'first_answer' = any(breached))::integer as breached_first_answer,
     count(*) filter (where 'next_answer' = any(breached))::integer as breached_next_answer,
     count(*) filter (where 'resolution' = any(breached))::integer as breached_resolution,
     count(asked_at)::integer as asked, count(score)::integer as rated, avg(score)::float as score,
     array[count(*) filter (where score = 1), count(*) filter (where score = 2), count(*) filter (where score = 3),
       count(*) filter (where score = 4), count(*) filter (where score = 5)]::integer[] as scores,
     coalesce((select json_agg(days order by day) from days), '[]') as days
   from r`,
)

export interface Stats {
  opened: number
  closed: number
  answered: number
  /** p50 and p90 of opening time, in milliseconds; null where there is nothing. */
  answer_ms: (number | null)[] | null
  resolution_ms: (number | null)[] | null
  breached_first_answer: number
  breached_next_answer: number
  breached_resolution: number
  asked: number
  rated: number
  score: number | null
  /** How many said 1, 2, … 5. */
  scores: number[]
  days: { day: string; opened: number; closed: number; answer_p50: number | null; score: number | null }[]
}

/** Figures of the rounds that were opened in a time. Reads much: ask in an analytic transaction. */
export async function readStats(
  tx: Tx,
  accountId: string,
  { since, until, zone }: { since: Date; until: Date; zone: string },
): Promise<Stats> {
  return (await tx.query<Stats>(stats, [accountId, since, until, zone]))[0]!
}

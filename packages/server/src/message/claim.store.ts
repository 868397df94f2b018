import { statement, type Tx } from '../store/db.ts'
import { type Lane, laneNames, lastUrgent } from './lane.ts'

/** Who submits: one bind slot of a carrier, under the fencing token of its present lease. */
export interface Claimant {
  carrierId: string
  slot: number
  fence: number
}

export interface ClaimedMessage {
  account_id: string
  id: string
  attempt: number
  /** Of the carriers that it may take. */
  path: number
  lane: Lane
  sender: string | null
  recipient: string
  body: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  reference: number | null
  client_ref: string | null
  /** The one segment as its sender has made it, header first; null where `body` is cut by us. */
  user_data: Uint8Array | null
  possible_duplicate: boolean
  expires_at: Date
  /** Segments of a long message that were answered on an earlier attempt: only the others go out again. */
  done: number[] | null
  /** Names of the carriers that have refused it and left it to others. */
  refused: string[] | null
}

/** Messages that a bind took in one go. */
export interface Claim {
  /** 0: nothing was taken. */
  id: number
  at: Date
  messages: ClaimedMessage[]
  /** Something is ready that this claim had no room or no tokens for. */
  waiting: boolean
  /** When tokens of an account or a sender will be there that something waits for, in ms from now; null when nothing does. */
  tokensInMs: number | null
}

/** A path to claim from. `limit`: its messages need tokens of that account, and of that sender. */
export interface Offer {
  readonly path: number
  readonly limit: { readonly accountId: string; readonly sender: string | null } | null
}

/** How much one claim takes, and of what. */
export interface Room {
  messages: number
  /** Places in the window: a message has as many as it has segments, and goes as a whole. */
  segments: number
  /** Places for `alert` and `code`, these among them: at least as many as `segments`, and the default. */
  urgent?: number
  /** The highest lane to take from; default: the highest of all. */
  from?: Lane
  /** The first message goes even if it has more segments than there are places. */
  whole: boolean
}

const lowest = laneNames.at(-1)!

// The bind's row is held until the commit, so that nobody takes the bind over between the look and the claim.
const holder = `holder as materialized (
     select from binds b where b.carrier_id = $1 and b.slot = $2 and b.fence = $3 and b.leased_until > now() for share)`

const ready = (path: string): string =>
  `q.path = ${path} and q.status = 'ready' and q.lane between $8 and $9 and q.expires_at > $5`
const row = `q.ctid as place_in_queue, q.account_id, q.message_id as id, q.path, q.lane, q.expires_at, least(q.attempt + 1, 32767) as attempt`

/**
 * From the first messages in their order to the claim. The state is asked for once more: a receipt may have ended a
 * message while it stood here to be sent again.
 */
const picked = `
   picked as materialized (
     select f.*, m.state, m.sender, m.recipient, m.body, m.encoding, m.segments, m.reference, m.client_ref,
       m.user_data, m.possible_duplicate, case when f.attempt > 1 then m.timeline end as timeline
     from first f cross join lateral (
       select * from messages m where m.account_id = f.account_id and m.id = f.id limit 1) m)`
const claimOf = (paid: string): string => `
   fitting as materialized (
     select * from (
       select *, sum(segments) over (order by lane, id) as upto, row_number() over (order by lane, id) as place
       from ${paid}) p
     where p.upto <= case when p.lane <= '${lastUrgent}' then $10::bigint else $6::bigint end or (p.place = 1 and $7)),
   -- By their places, which the lock holds: a plan that was made while the queue was empty would look for the keys
   -- in all of it, each time.
   taken as (delete from queue q using fitting f where q.ctid = f.place_in_queue),
   live as materialized (select * from fitting where state = 'queued'),
   noted as (
     insert into claims (carrier_id, slot, fence, messages, claimed_at)
     select $1, $2, $3, jsonb_agg(jsonb_build_object('account_id', account_id, 'id', id, 'path', path, 'lane', lane,
       'expires_at', expires_at, 'attempt', attempt)), $5 from live having count(*) > 0
     returning id)`
const claimed = `noted.id as claim_id, l.account_id, l.id, l.attempt, l.path, l.lane, l.sender, l.recipient, l.body,
     l.encoding, l.segments, l.reference, l.client_ref, l.user_data, l.possible_duplicate, l.expires_at,
     case when l.attempt > 1 and l.segments > 1 then
       (select array_agg(s.index) from segments s where s.account_id = l.account_id and s.message_id = l.id) end as done,
     case when l.attempt > 1 then
       (select array_agg(distinct step ->> 'refused_by') from jsonb_array_elements(json_list(l.timeline)) step
        where step ->> 'refused_by' is not null) end as refused`
const listed = `(values (1)) one left join (noted cross join live l) on true order by l.lane, l.id`

const claimMessages = statement(
  'claim_messages',
  `with ${holder},
   first as materialized (
     select ${row} from queue q where ${ready('$11')} and exists (select from holder)
     order by q.lane, q.message_id limit $4 for update of q skip locked),${picked},${claimOf('picked')}
   select ${claimed}, exists (select from first) as waiting, null::float8 as tokens_in_ms
   from ${listed}`,
)

/** What an account's or a sender's bucket holds, in seconds of its rate. */
const bucketSeconds = 0.25

const claimFromSeveral = statement(
  'claim_messages_of_paths',
  // A look at the front of each path tells how many of the first messages stand in which; so many are locked there,
  // and no more. Tokens belong to whoever holds the row of the limit: others find it locked and come back.
  `with ${holder},
   offered as materialized (
     select o.path, o.account_id, o.sender from unnest($11::integer[], $12::uuid[], $13::text[]) as o(path, account_id, sender)
     cross join lateral (select from queue q where ${ready('o.path')} order by q.lane, q.message_id limit 1) q
     where exists (select from holder)),
   limits as materialized (
     select distinct r.account_id, r.sender from offered o join rate_limits r on r.account_id = o.account_id and r.sender in ('', o.sender)),
   purses as materialized (
     select r.account_id, r.sender, r.segments_per_second as rate, greatest(1, r.segments_per_second * ${bucketSeconds}) as size,
       least(greatest(1, r.segments_per_second * ${bucketSeconds}), r.allowance
         + r.segments_per_second * greatest(0, extract(epoch from clock_timestamp() - r.refilled_at))::float8) as tokens
     from limits l join rate_limits r using (account_id, sender) for update of r skip locked),
   budgets as materialized (
     select o.*, case when o.account_id is null then $4::integer else (
       select case when bool_and(p.tokens is not null) then greatest(0, least($4::integer, floor(min(p.tokens))))::integer
         else case when count(l.account_id) = 0 then $4::integer else 0 end end
       from limits l left join purses p using (account_id, sender)
       where l.account_id = o.account_id and l.sender in ('', o.sender)) end as most
     from offered o),
   front as materialized (
     select b.path, f.lane, f.message_id from budgets b cross join lateral (
       select q.lane, q.message_id from queue q where ${ready('b.path')} order by q.lane, q.message_id limit b.most) f),
   turns as materialized (
     select t.path, count(*) as places from (select path from front order by lane, message_id limit $4) t group by t.path),
   first as materialized (
     select f.*, b.account_id as payer, b.sender as paying_sender from turns t join budgets b using (path) cross join lateral (
       select ${row} from queue q where ${ready('t.path')} order by q.lane, q.message_id limit t.places
       for update skip locked) f),${picked},
   paid as materialized (
     select p.* from (
       select picked.*, sum(segments) over (partition by payer order by lane, id) - segments as of_account,
         sum(segments) over (partition by payer, paying_sender order by lane, id) - segments as of_sender
       from picked) p
     where p.payer is null or not exists (
       select from purses u where u.account_id = p.payer and u.sender in ('', p.paying_sender)
       -- More segments than a full bucket: on credit, and the account waits the longer.
       and case when u.sender = '' then p.of_account else p.of_sender end + least(p.segments, floor(u.size)) > u.tokens)),${claimOf('paid')},
   spent as (
     update rate_limits r set allowance = u.tokens - u.used, refilled_at = clock_timestamp()
     from (
       select p.account_id, p.sender, p.tokens, sum(f.segments) as used from purses p
       join fitting f on f.payer = p.account_id and (p.sender = '' or f.paying_sender = p.sender)
       group by p.account_id, p.sender, p.tokens) u
     where r.account_id = u.account_id and r.sender = u.sender)
   select ${claimed}, exists (select from offered) as waiting,
     (select min(case when p.tokens is null then 0 else greatest(0, 1 - p.tokens) / p.rate end) * 1000
      from limits l left join purses p using (account_id, sender)) as tokens_in_ms
   from ${listed}`,
)

/**
 * Takes messages for a bind from the paths offered, highest lane and oldest first, as far as there is room, and writes
 * down that they are on the wire under its fencing token, before any byte is written. A message that does not fit is
 * waited for, not overtaken. A claimant whose lease has ended gets nothing.
 */
export async function claim(
  tx: Tx,
  { carrierId, slot, fence }: Claimant,
  offers: readonly Offer[],
  { messages, segments, urgent = segments, from = laneNames[0]!, whole }: Room,
  now: Date,
): Promise<Claim> {
  type Row = ClaimedMessage & { claim_id: number | null; waiting: boolean; tokens_in_ms: number | null }
  const to = segments > 0 || whole ? lowest : lastUrgent
  const common = [carrierId, slot, fence, messages, now, segments, whole, from, to, urgent]
  const [only, ...others] = offers
  if (!only) return { id: 0, at: now, messages: [], waiting: false, tokensInMs: null }
  const rows =
    others.length === 0 && !only.limit
      ? await tx.query<Row>(claimMessages, [...common, only.path])
      : await tx.query<Row>(claimFromSeveral, [
          ...common,
          offers.map(({ path }) => path),
          offers.map(({ limit }) => limit?.accountId ?? null),
          offers.map(({ limit }) => limit?.sender ?? null),
        ])
  const { claim_id: id, waiting, tokens_in_ms: tokensInMs } = rows[0]!
  if (id === null) return { id: 0, at: now, messages: [], waiting, tokensInMs }
  const taken = rows.map(({ claim_id: _, waiting: __, tokens_in_ms: ___, ...message }) => message)
  return { id, at: now, messages: taken, waiting, tokensInMs }
}

const returnStray = statement(
  'return_stray_claims',
  `with gone as (
     delete from claims where carrier_id = $1 and slot = $2 and fence = $3 and id <> all ($4::bigint[]) returning messages)
   insert into queue (account_id, message_id, path, lane, status, due_at, expires_at, attempt)
   select c.account_id, c.id, c.path, c.lane, 'ready', $5, c.expires_at, c.attempt
   from gone cross join lateral jsonb_to_recordset(gone.messages) as c(
     account_id uuid, id uuid, path integer, lane lane, expires_at timestamptz, attempt smallint)
   on conflict do nothing returning 1`,
)

/**
 * Gives back what this claimant took without knowing it: a claim that was committed while its answer was lost. Not
 * a byte of it was written, so it goes out as if nothing had happened. `known` are the claims that it works on.
 * Returns how many messages came back.
 */
export async function unclaim(
  tx: Tx,
  { carrierId, slot, fence }: Claimant,
  known: readonly number[],
  now: Date,
): Promise<number> {
  return (await tx.query(returnStray, [carrierId, slot, fence, known, now])).length
}

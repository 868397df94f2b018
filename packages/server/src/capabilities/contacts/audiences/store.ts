import type { Lane } from '../../../message/lane.ts'
import { statement, type Tx } from '../../../store/db.ts'
import type { AttributeValue } from '../people/attributes.ts'
import type { Compiled } from '../segments/compile.store.ts'
import type { Node } from '../segments/definition.ts'

export type AudienceState = 'held' | 'running' | 'finished' | 'stopped' | 'failed'
/** How many got none, by code, and why in a sentence. */
export type RefusedCounts = Record<string, { count: number; sentence: string }>

export interface AudienceRow {
  id: string
  name: string
  state: AudienceState
  segment_id: string | null
  list_id: string | null
  definition: Node
  topic: string | null
  lane: Lane
  sender: string | null
  text: string
  starts_at: Date
  pages: number | null
  pages_sent: number
  people: number
  looked_at: number
  queued: number
  deferred: number
  refused: RefusedCounts
  segments: number
  withdrawn: number
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

const columns = `id, name, state, segment_id, list_id, definition, topic, lane, sender, text, starts_at, pages, pages_sent, people,
  looked_at, queued, deferred, refused, segments, withdrawn, created_at, started_at, finished_at`

const insert = statement(
  'contact_audiences_insert',
  `insert into contact_audiences (account_id, id, name, state, segment_id, list_id, definition, topic, lane, sender, text,
     starts_at, created_at, touched_at)
   select $1, $2, $3, 'held', $4, $5, $6, $7, $8, $9, $10, $11, $12, $12
   where (select count(*) from contact_audiences where account_id = $1 and state in ('held', 'running')) < $13 returning id`,
)
export type NewAudience = Pick<
  AudienceRow,
  'id' | 'name' | 'segment_id' | 'list_id' | 'definition' | 'topic' | 'lane' | 'sender' | 'text' | 'starts_at'
>
/** False when `most` are under way already. */
export const insertAudience = async (
  tx: Tx,
  accountId: string,
  row: NewAudience,
  now: Date,
  most: number,
): Promise<boolean> => {
  const { id, name, segment_id, list_id, definition, topic, lane, sender, text, starts_at } = row
  const tree = JSON.stringify(definition)
  const values = [
    accountId,
    id,
    name,
    segment_id,
    list_id,
    tree,
    topic,
    lane,
    sender,
    text,
    starts_at,
    now,
    most,
  ]
  return (await tx.query(insert, values)).length > 0
}

const get = statement(
  'contact_audiences_get',
  `select ${columns} from contact_audiences where account_id = $1 and id = $2`,
)
export const readAudience = async (tx: Tx, accountId: string, id: string): Promise<AudienceRow | undefined> =>
  (await tx.query<AudienceRow>(get, [accountId, id]))[0]

const lock = statement(
  'contact_audiences_lock',
  `select ${columns} from contact_audiences where account_id = $1 and id = $2 for update`,
)
export const lockAudience = async (tx: Tx, accountId: string, id: string): Promise<AudienceRow | undefined> =>
  (await tx.query<AudienceRow>(lock, [accountId, id]))[0]

const list = statement(
  'contact_audiences_list',
  `select ${columns} from contact_audiences where account_id = $1
     and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit $3`,
)
export const readAudiences = (
  tx: Tx,
  accountId: string,
  before: string | undefined,
  limit: number,
): Promise<AudienceRow[]> => tx.query<AudienceRow>(list, [accountId, before ?? null, limit])

/**
 * Writes down who is meant, `size` to a page, in the order of their ids: one statement for any number. In a transaction
 * that `analytic` has prepared.
 */
export async function settleAudience(
  tx: Tx,
  { where, values }: Compiled,
  id: string,
  size: number,
): Promise<{ pages: number; people: number }> {
  const [audience, most] = [`$${values.length + 1}::uuid`, `$${values.length + 2}::integer`]
  const text = `with meant as (select c.id, row_number() over (order by c.id) - 1 as n from contacts c where ${where}),
    written as (
      insert into contact_audience_pages (account_id, audience_id, page, contact_ids)
      select $1, ${audience}, n / ${most}, array_agg(id order by id) from meant group by n / ${most}
      returning cardinality(contact_ids) as people)
    select count(*)::integer as pages, coalesce(sum(people), 0)::integer as people from written`
  return (await tx.query<{ pages: number; people: number }>(statement('', text), [...values, id, size]))[0]!
}

const begin = statement(
  'contact_audiences_begin',
  `update contact_audiences set state = 'running', pages = $3, people = $4, started_at = $5, touched_at = $5
   where account_id = $1 and id = $2`,
)
export const beginAudience = async (
  tx: Tx,
  accountId: string,
  id: string,
  { pages, people }: { pages: number; people: number },
  now: Date,
): Promise<void> => {
  await tx.query(begin, [accountId, id, pages, people, now])
}

export interface PersonToWrite {
  name: string | null
  external_id: string | null
  language: string | null
  postcode: string | null
  time_zone: string | null
  attributes: Record<string, AttributeValue>
  /** The first of their numbers; null: they have none. */
  address: string | null
}

const pagePeople = statement(
  'contact_audiences_page',
  `select c.name, c.external_id, c.language, c.postcode, c.time_zone, c.attributes, a.address
   from contacts c
   left join lateral (
     select a.address from contact_addresses a where a.account_id = $1 and a.contact_id = c.id and a.channel = 'sms'
     order by a.account_id, a.contact_id, a.position limit 1) a on true
   where c.account_id = $1 and c.id = any ((
     select contact_ids from contact_audience_pages where account_id = $1 and audience_id = $2 and page = $3)::uuid[])`,
)
/** Who is on a page, as far as they are still there. */
export const readPage = (tx: Tx, accountId: string, id: string, page: number): Promise<PersonToWrite[]> =>
  tx.query<PersonToWrite>(pagePeople, [accountId, id, page])

const claim = statement(
  'contact_audiences_claim_page',
  `select page from contact_audience_pages where account_id = $1 and audience_id = $2 and not sent
     and exists (select from contact_audiences where account_id = $1 and id = $2 and state = 'running')
   order by page limit 1 for update skip locked`,
)
/** The first page that is neither sent nor held by somebody who is at it; held until the end of the transaction. */
export const claimPage = async (tx: Tx, accountId: string, id: string): Promise<number | undefined> =>
  (await tx.query<{ page: number }>(claim, [accountId, id]))[0]?.page

const advance = statement(
  'contact_audiences_advance',
  `with sent as (update contact_audience_pages set sent = true where account_id = $1 and audience_id = $2 and page = $9)
   update contact_audiences set pages_sent = pages_sent + 1, looked_at = looked_at + $3, queued = queued + $4,
     deferred = deferred + $5, segments = segments + $6, refused = $7, touched_at = $8 where account_id = $1 and id = $2`,
)
export interface PageCounts {
  looked_at: number
  queued: number
  deferred: number
  segments: number
  /** Of all pages so far. */
  refused: RefusedCounts
}
/** Writes down that a claimed page is sent, and what came of it; in a transaction that has locked the audience. */
export const advanceAudience = async (
  tx: Tx,
  accountId: string,
  id: string,
  page: number,
  { looked_at, queued, deferred, segments, refused }: PageCounts,
  now: Date,
): Promise<void> => {
  await tx.query(advance, [
    accountId,
    id,
    looked_at,
    queued,
    deferred,
    segments,
    JSON.stringify(refused),
    now,
    page,
  ])
}

const end = statement(
  'contact_audiences_end',
  `update contact_audiences set state = $3, finished_at = $4, touched_at = $4
   where account_id = $1 and id = $2 and state in ('held', 'running') returning id`,
)
/** False when it had ended already. Its pages stay until what waits of it is withdrawn. */
export const endAudience = async (
  tx: Tx,
  accountId: string,
  id: string,
  state: AudienceState,
  now: Date,
): Promise<boolean> => (await tx.query(end, [accountId, id, state, now])).length > 0

const withdrawn = statement(
  'contact_audiences_withdrawn',
  'update contact_audiences set withdrawn = withdrawn + $3, touched_at = $4 where account_id = $1 and id = $2',
)
export const countWithdrawn = async (
  tx: Tx,
  accountId: string,
  id: string,
  count: number,
  now: Date,
): Promise<void> => {
  await tx.query(withdrawn, [accountId, id, count, now])
}

const drop = statement(
  'contact_audience_pages_drop',
  'delete from contact_audience_pages where account_id = $1 and audience_id = $2 and page = coalesce($3, page)',
)
/** Forgets who was meant on a page. */
export const dropPage = async (tx: Tx, accountId: string, id: string, page: number): Promise<void> => {
  await tx.query(drop, [accountId, id, page])
}
/** Forgets who was meant. */
export const dropPages = async (tx: Tx, accountId: string, id: string): Promise<void> => {
  await tx.query(drop, [accountId, id, null])
}

const lockSent = statement(
  'contact_audience_pages_lock_sent',
  `select page from contact_audience_pages where account_id = $1 and audience_id = $2 and sent
   order by page limit 1 for update`,
)
/** The first sent page that is still known, held until the end of the transaction. */
export const lockSentPage = async (tx: Tx, accountId: string, id: string): Promise<number | undefined> =>
  (await tx.query<{ page: number }>(lockSent, [accountId, id]))[0]?.page

const kindOf = statement(
  'contact_audiences_topic',
  'select name, kind, sender, language from topics where account_id = $1 and id = $2 and archived_at is null',
)
/** A topic that can still be written about. */
export const readTopic = async (
  tx: Tx,
  accountId: string,
  id: string,
): Promise<
  | { name: string; kind: 'marketing' | 'service' | 'alert'; sender: string | null; language: string }
  | undefined
> =>
  (
    await tx.query<{
      name: string
      kind: 'marketing' | 'service' | 'alert'
      sender: string | null
      language: string
    }>(kindOf, [accountId, id])
  )[0]

import { quoted } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'
import type { Place } from './compile.store.ts'
import type { Node } from './definition.ts'

export interface SegmentRow {
  id: string
  name: string
  definition: Node
  created_at: Date
  updated_at: Date
}

const columns = 'id, name, definition, created_at, updated_at'
const list = statement(
  'contact_segments_list',
  `select ${columns} from contact_segments where account_id = $1
     and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit $3`,
)
export const readSegments = (
  tx: Tx,
  accountId: string,
  before: string | undefined,
  limit: number,
): Promise<SegmentRow[]> => tx.query<SegmentRow>(list, [accountId, before ?? null, limit])

const get = statement(
  'contact_segments_get',
  `select ${columns} from contact_segments where account_id = $1 and id = $2`,
)
export const readSegment = async (tx: Tx, accountId: string, id: string): Promise<SegmentRow | undefined> =>
  (await tx.query<SegmentRow>(get, [accountId, id]))[0]

const insert = statement(
  'contact_segments_insert',
  `insert into contact_segments (account_id, id, name, definition, created_at, updated_at)
   select $1, $2, $3, $4, $5, $5 where (select count(*) from contact_segments where account_id = $1) < $6
   on conflict (account_id, name) do nothing returning id`,
)
/** False when the name is taken, or there are `most` already. */
export const insertSegment = async (
  tx: Tx,
  accountId: string,
  { id, name, definition }: Pick<SegmentRow, 'id' | 'name' | 'definition'>,
  most: number,
  now: Date,
): Promise<boolean> =>
  (await tx.query(insert, [accountId, id, name, JSON.stringify(definition), now, most])).length > 0

const update = statement(
  'contact_segments_update',
  `update contact_segments set name = coalesce($3, name), definition = coalesce($4::jsonb, definition), updated_at = $5
   where account_id = $1 and id = $2 returning id`,
)
/** Throws a clash (23505) when another one has the name. */
export const updateSegment = async (
  tx: Tx,
  accountId: string,
  id: string,
  change: { name?: string; definition?: unknown },
  now: Date,
): Promise<boolean> => {
  const definition = change.definition === undefined ? null : JSON.stringify(change.definition)
  return (await tx.query(update, [accountId, id, change.name ?? null, definition, now])).length > 0
}

const remove = statement(
  'contact_segments_delete',
  'delete from contact_segments where account_id = $1 and id = $2 returning id',
)
export const deleteSegment = async (tx: Tx, accountId: string, id: string): Promise<boolean> =>
  (await tx.query(remove, [accountId, id])).length > 0

const knownLists = statement(
  'contact_segments_lists',
  'select id, name from contact_lists where account_id = $1 and id = any ($2::uuid[])',
)
const knownTopics = statement(
  'contact_segments_topics',
  'select id, name, sender from topics where account_id = $1 and id = any ($2::uuid[])',
)
const knownPlaces = statement(
  'contact_segments_places',
  `select p.postcode, p.lat, p.lon from unnest($2::text[]) as d(postcode) cross join lateral (
     select * from contact_places p where p.account_id = $1 and p.postcode = d.postcode limit 1) p`,
)

/** Names of the lists and topics, and the places, that a tree speaks of. Ids are bare. */
export async function readMentioned(
  tx: Tx,
  accountId: string,
  mentioned: { lists: readonly string[]; topics: readonly string[]; postcodes: readonly string[] },
): Promise<{
  lists: Map<string, string>
  topics: Map<string, string>
  senders: Map<string, string | null>
  places: Map<string, Place>
}> {
  type Named = { id: string; name: string }
  const none = Promise.resolve([])
  const { lists, topics, postcodes } = mentioned
  const listRows = await (lists.length ? tx.query<Named>(knownLists, [accountId, lists]) : none)
  const topicRows = await (topics.length
    ? tx.query<Named & { sender: string | null }>(knownTopics, [accountId, topics])
    : none)
  const placeRows = await (postcodes.length
    ? tx.query<Place & { postcode: string }>(knownPlaces, [accountId, quoted(postcodes)])
    : none)
  return {
    lists: new Map(listRows.map(({ id, name }) => [id, name])),
    topics: new Map(topicRows.map(({ id, name }) => [id, name])),
    senders: new Map(topicRows.map(({ id, sender }) => [id, sender])),
    places: new Map(placeRows.map(({ postcode, lat, lon }) => [postcode, { lat, lon }])),
  }
}

import { statement, type Tx } from '../../../store/db.ts'

const snapshot = statement(
  'contact_merges_snapshot',
  `select jsonb_build_object(
     'contact', to_jsonb(c) - 'account_id',
     'addresses', coalesce((select jsonb_agg(jsonb_build_object('channel', a.channel, 'address', a.address, 'position', a.position))
       from contact_addresses a where a.account_id = $1 and a.contact_id = c.id), '[]'),
     'lists', coalesce((select jsonb_agg(jsonb_build_object('list_id', m.list_id, 'added_at', m.added_at))
       from contact_list_members m where m.account_id = $1 and m.contact_id = c.id), '[]'),
     'notes', coalesce((select jsonb_agg(n.id) from contact_notes n where n.account_id = $1 and n.contact_id = c.id), '[]')) as undo
   from contacts c where c.account_id = $1 and c.id = $2`,
)
/** Everything that is needed to make a person again whom another takes in. */
export const readSnapshot = async (tx: Tx, accountId: string, id: string): Promise<object | undefined> =>
  (await tx.query<{ undo: object }>(snapshot, [accountId, id]))[0]?.undo

const keep = statement(
  'contact_merges_insert',
  'insert into contact_merges (account_id, id, kept_id, merged_id, undo, merged_at) values ($1, $2, $3, $4, $5, $6)',
)
export const insertMerge = async (
  tx: Tx,
  accountId: string,
  merge: { id: string; kept: string; merged: string; undo: object; before: object },
  now: Date,
): Promise<void> => {
  const undo = JSON.stringify({ merged: merge.undo, kept: merge.before })
  await tx.query(keep, [accountId, merge.id, merge.kept, merge.merged, undo, now])
}

const moveAddresses = statement(
  'contact_merges_addresses',
  `update contact_addresses a set contact_id = $2, position = a.position + 1
     + coalesce((select max(k.position) from contact_addresses k where k.account_id = $1 and k.contact_id = $2), 0)
   where a.account_id = $1 and a.contact_id = $3`,
)
const moveLists = statement(
  'contact_merges_lists',
  `with gone as (delete from contact_list_members where account_id = $1 and contact_id = $3 returning list_id, added_at)
   insert into contact_list_members (account_id, list_id, contact_id, added_at)
   select $1, list_id, $2, added_at from gone on conflict do nothing`,
)
const moveNotes = statement(
  'contact_merges_notes',
  'update contact_notes set contact_id = $2 where account_id = $1 and contact_id = $3',
)
const removeMerged = statement(
  'contact_merges_remove',
  'delete from contacts where account_id = $1 and id = $2',
)
const fill = statement(
  'contact_merges_fill',
  // What the one who stays does not have, the other brings.
  `update contacts k set external_id = coalesce(k.external_id, m ->> 'external_id'), name = coalesce(k.name, m ->> 'name'),
     language = coalesce(k.language, m ->> 'language'), time_zone = coalesce(k.time_zone, m ->> 'time_zone'),
     postcode = coalesce(k.postcode, m ->> 'postcode'),
     lat = coalesce(k.lat, (m ->> 'lat')::double precision), lon = coalesce(k.lon, (m ->> 'lon')::double precision),
     attributes = (m -> 'attributes') || k.attributes,
     tags = array(select distinct t collate "C" from unnest(k.tags || array(select jsonb_array_elements_text(m -> 'tags'))) as t order by 1),
     updated_at = $4
   from (select $3::jsonb as m) d where k.account_id = $1 and k.id = $2`,
)
/** Lets one person take in another, of whom nothing is left but the snapshot. */
export async function takeIn(
  tx: Tx,
  accountId: string,
  kept: string,
  merged: string,
  snapshot: { contact: object },
  now: Date,
): Promise<void> {
  for (const statement of [moveAddresses, moveLists, moveNotes])
    await tx.query(statement, [accountId, kept, merged])
  await tx.query(removeMerged, [accountId, merged])
  await tx.query(fill, [accountId, kept, JSON.stringify(snapshot.contact), now])
}

export interface MergeRow {
  id: string
  kept_id: string
  merged_id: string
  undo: { merged: Snapshot; kept: Snapshot }
  merged_at: Date
  undone_at: Date | null
}
export interface Snapshot {
  contact: Record<string, unknown> & { id: string; name: string | null }
  addresses: { channel: string; address: string; position: number }[]
  lists: { list_id: string; added_at: string }[]
  notes: string[]
}

const get = statement(
  'contact_merges_get',
  `select id, kept_id, merged_id, undo, merged_at, undone_at from contact_merges where account_id = $1 and id = $2 for update`,
)
export const lockMerge = async (tx: Tx, accountId: string, id: string): Promise<MergeRow | undefined> =>
  (await tx.query<MergeRow>(get, [accountId, id]))[0]

const list = statement(
  'contact_merges_list',
  `select id, kept_id, merged_id, undo, merged_at, undone_at from contact_merges
   where account_id = $1 and kept_id = $2 and undone_at is null`,
)
export const readMerges = (tx: Tx, accountId: string, keptId: string): Promise<MergeRow[]> =>
  tx.query<MergeRow>(list, [accountId, keptId])

const fields = 'external_id, name, language, time_zone, attributes, tags, postcode, lat, lon'
const record = `jsonb_to_record($3::jsonb) as p(id uuid, external_id text, name text, language text, time_zone text,
     attributes jsonb, tags text[], postcode text, lat double precision, lon double precision, created_at timestamptz)`
const restoreKept = statement(
  'contact_merges_restore_kept',
  `update contacts c set (${fields}, updated_at) = (p.${fields.replaceAll(', ', ', p.')}, $4::timestamptz)
   from ${record} where c.account_id = $1 and c.id = $2`,
)
const restoreMerged = statement(
  'contact_merges_restore_merged',
  `insert into contacts (account_id, id, ${fields}, created_at, updated_at)
   select $1, $2, p.${fields.replaceAll(', ', ', p.')}, p.created_at, $4 from ${record}`,
)
const giveAddresses = statement(
  'contact_merges_give_addresses',
  `update contact_addresses a set contact_id = $3, position = d.position
   from jsonb_to_recordset($4::jsonb) as d(channel text, address text, position smallint)
   where a.account_id = $1 and a.contact_id = $2 and a.channel = d.channel and a.address = d.address`,
)
const giveLists = statement(
  'contact_merges_give_lists',
  `insert into contact_list_members (account_id, list_id, contact_id, added_at)
   select $1, l.id, $2, d.added_at from jsonb_to_recordset($3::jsonb) as d(list_id uuid, added_at timestamptz)
   cross join lateral (select id from contact_lists l where l.account_id = $1 and l.id = d.list_id limit 1) l
   on conflict do nothing`,
)
const leaveLists = statement(
  'contact_merges_leave_lists',
  `delete from contact_list_members where account_id = $1 and contact_id = $2 and list_id = any ($3::uuid[])`,
)
const giveNotes = statement(
  'contact_merges_give_notes',
  'update contact_notes set contact_id = $2 where account_id = $1 and id = any ($3::uuid[])',
)
const undone = statement(
  'contact_merges_undone',
  'update contact_merges set undone_at = $3 where account_id = $1 and id = $2',
)
/** Parts two again as they were. What was said of the one since then is said of both no more. */
export async function undoMerge(tx: Tx, accountId: string, row: MergeRow, now: Date): Promise<void> {
  const { kept_id, merged_id, undo } = row
  const { merged, kept } = undo
  await tx.query(restoreKept, [accountId, kept_id, JSON.stringify(kept.contact), now])
  await tx.query(restoreMerged, [accountId, merged_id, JSON.stringify(merged.contact), now])
  await tx.query(giveAddresses, [accountId, kept_id, merged_id, JSON.stringify(merged.addresses)])
  await tx.query(giveLists, [accountId, merged_id, JSON.stringify(merged.lists)])
  const before = new Set(kept.lists.map(({ list_id }) => list_id))
  const brought = merged.lists.map(({ list_id }) => list_id).filter((id) => !before.has(id))
  await tx.query(leaveLists, [accountId, kept_id, brought])
  await tx.query(giveNotes, [accountId, merged_id, merged.notes])
  await tx.query(undone, [accountId, row.id, now])
}

const suggestions: Record<string, string> = {
  // The same name, and a place or a day that says it is no chance.
  name: `select lower(c.name collate "pg_c_utf8") as value, array_agg(c.id order by c.id) as ids from contacts c
    where c.account_id = $1 and c.name is not null group by 1 having count(*) between 2 and 5 limit $2`,
  external_id: `select lower(ltrim(regexp_replace(c.external_id, '[^[:alnum:]]', '', 'g'), '0')) as value,
      array_agg(c.id order by c.id) as ids from contacts c
    where c.account_id = $1 and c.external_id is not null group by 1 having count(*) between 2 and 5 limit $2`,
  address: `select a.address as value, array_agg(distinct a.contact_id) as ids from contact_addresses a
    where a.account_id = $1 group by 1 having count(distinct a.contact_id) between 2 and 5 limit $2`,
}
export const suggestionKinds = Object.keys(suggestions)

/** People who may be one, by what they share. In a transaction that `analytic` has prepared. */
export async function suggestMerges(
  tx: Tx,
  accountId: string,
  limit: number,
): Promise<{ by: string; value: string; ids: string[] }[]> {
  const found = []
  for (const [by, text] of Object.entries(suggestions)) {
    const rows = await tx.query<{ value: string; ids: string[] }>(statement('', text), [accountId, limit])
    found.push(...rows.map((row) => ({ by, ...row })))
  }
  return found
}

import { uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

export interface ListRow {
  id: string
  name: string
  description: string | null
  members: number
  created_at: Date
  updated_at: Date
}

const columns = `l.id, l.name, l.description, l.created_at, l.updated_at,
  (select count(*)::integer from contact_list_members m where m.account_id = l.account_id and m.list_id = l.id) as members`

const select = statement(
  'contact_lists_list',
  `select ${columns} from contact_lists l where l.account_id = $1
     and l.id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by l.id desc limit $3`,
)
export const readLists = (
  tx: Tx,
  accountId: string,
  before: string | undefined,
  limit: number,
): Promise<ListRow[]> => tx.query<ListRow>(select, [accountId, before ?? null, limit])

const get = statement(
  'contact_lists_get',
  `select ${columns} from contact_lists l where l.account_id = $1 and l.id = $2`,
)
export const readList = async (tx: Tx, accountId: string, id: string): Promise<ListRow | undefined> =>
  (await tx.query<ListRow>(get, [accountId, id]))[0]

const insert = statement(
  'contact_lists_insert',
  `insert into contact_lists (account_id, id, name, description, created_at, updated_at)
   select $1, $2, $3, $4, $5, $5 where (select count(*) from contact_lists where account_id = $1) < $6
   on conflict (account_id, name) do nothing returning id`,
)
/** False when the name is taken, or there are `most` already. */
export const insertList = async (
  tx: Tx,
  accountId: string,
  list: { id: string; name: string; description: string | null },
  most: number,
  now: Date,
): Promise<boolean> =>
  (await tx.query(insert, [accountId, list.id, list.name, list.description, now, most])).length > 0

const update = statement(
  'contact_lists_update',
  `update contact_lists l set name = coalesce($3, l.name), description = case when $5 then $4 else l.description end,
     updated_at = $6
   where l.account_id = $1 and l.id = $2 returning l.id`,
)
/** Throws a clash (23505) when another one has the name. */
export const updateList = async (
  tx: Tx,
  accountId: string,
  id: string,
  { name, description }: { name?: string; description?: string | null },
  now: Date,
): Promise<boolean> => {
  const values = [accountId, id, name ?? null, description ?? null, description !== undefined, now]
  return (await tx.query(update, values)).length > 0
}

const remove = statement(
  'contact_lists_delete',
  `with gone as (delete from contact_list_members where account_id = $1 and list_id = $2)
   delete from contact_lists where account_id = $1 and id = $2 returning id`,
)
/** The people on it stay. */
export const deleteList = async (tx: Tx, accountId: string, id: string): Promise<boolean> =>
  (await tx.query(remove, [accountId, id])).length > 0

const addMembers = statement(
  'contact_list_members_add',
  `insert into contact_list_members (account_id, list_id, contact_id, added_at)
   select $1, $2, c.id, $4 from unnest($3::uuid[]) as d(id)
   cross join lateral (select c.id from contacts c where c.account_id = $1 and c.id = d.id limit 1) c
   on conflict do nothing returning 1`,
)
/** Puts people on a list; who is not there or on it already is left out. Returns how many. */
export const putOnList = async (
  tx: Tx,
  accountId: string,
  listId: string,
  ids: readonly string[],
  now: Date,
): Promise<number> => (await tx.query(addMembers, [accountId, listId, uuids(ids), now])).length

const removeMembers = statement(
  'contact_list_members_remove',
  `delete from contact_list_members where account_id = $1 and list_id = $2 and contact_id = any ($3::uuid[]) returning 1`,
)
export const takeFromList = async (
  tx: Tx,
  accountId: string,
  listId: string,
  ids: readonly string[],
): Promise<number> => (await tx.query(removeMembers, [accountId, listId, uuids(ids)])).length

const listsOf = statement(
  'contact_lists_of',
  `select l.id, l.name from contact_list_members m
   join lateral (select * from contact_lists l where l.account_id = $1 and l.id = m.list_id limit 1) l on true
   where m.account_id = $1 and m.contact_id = $2`,
)
/** The lists that a person is on. */
export const readListsOf = (
  tx: Tx,
  accountId: string,
  contactId: string,
): Promise<{ id: string; name: string }[]> => tx.query(listsOf, [accountId, contactId])

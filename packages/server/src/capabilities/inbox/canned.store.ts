import { statement, type Tx } from '../../store/db.ts'

export interface Canned {
  id: string
  shortcut: string
  title: string
  body: string
  language: string | null
  created_at: Date
  updated_at: Date
}

const columns = 'id, shortcut, title, body, language, created_at, updated_at'
const list = statement(
  'inbox_canned_list',
  `select ${columns} from inbox_canned where account_id = $1 order by lower(shortcut), language`,
)

/** All of the account, by their shortcuts. */
export const listCanned = (tx: Tx, accountId: string): Promise<Canned[]> =>
  tx.query<Canned>(list, [accountId])

const put = statement(
  'inbox_canned_insert',
  `insert into inbox_canned (account_id, id, shortcut, title, body, language, created_at, updated_at)
   select $1, $2, $3, $4, $5, $6, $7, $7 where (select count(*) from inbox_canned where account_id = $1) < $8
   on conflict (account_id, lower(shortcut), coalesce(language, '')) do nothing returning ${columns}`,
)

/** Undefined when the shortcut is taken in that language, or there are too many. */
export async function insertCanned(
  tx: Tx,
  accountId: string,
  canned: Pick<Canned, 'id' | 'shortcut' | 'title' | 'body' | 'language' | 'created_at'>,
  most: number,
): Promise<Canned | undefined> {
  const { id, shortcut, title, body, language, created_at } = canned
  const values = [accountId, id, shortcut, title, body, language, created_at, most]
  return (await tx.query<Canned>(put, values))[0]
}

const update = statement(
  'inbox_canned_update',
  `update inbox_canned set shortcut = coalesce($3, shortcut), title = coalesce($4, title), body = coalesce($5, body),
     language = case when $6 then $7 else language end, updated_at = $8
   where account_id = $1 and id = $2 returning ${columns}`,
)

/** Changes what is given. Throws a unique violation (23505) for a shortcut that is taken. */
export async function updateCanned(
  tx: Tx,
  accountId: string,
  id: string,
  change: { shortcut?: string; title?: string; body?: string; language?: string | null },
  now: Date,
): Promise<Canned | undefined> {
  const { shortcut = null, title = null, body = null, language } = change
  const values = [accountId, id, shortcut, title, body, language !== undefined, language ?? null, now]
  return (await tx.query<Canned>(update, values))[0]
}

const remove = statement(
  'inbox_canned_delete',
  'delete from inbox_canned where account_id = $1 and id = $2 returning id',
)

export async function deleteCanned(tx: Tx, accountId: string, id: string): Promise<boolean> {
  return (await tx.query(remove, [accountId, id])).length > 0
}

import { statement, type Tx } from '../../../store/db.ts'
import type { AttributeDefinition, Definitions } from './attributes.ts'

const list = statement(
  'contact_attributes_list',
  'select key, label, type, choices from contact_attributes where account_id = $1 order by key',
)

export async function readDefinitions(tx: Tx, accountId: string): Promise<Definitions> {
  const rows = await tx.query<AttributeDefinition>(list, [accountId])
  return new Map(rows.map((row) => [row.key, row]))
}

const put = statement(
  'contact_attributes_put',
  `insert into contact_attributes (account_id, key, label, type, choices, created_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (account_id, key) do update set label = excluded.label, choices = excluded.choices`,
)

/** Defines an attribute, or gives it another label and other choices. Its type stays. */
export async function putDefinition(
  tx: Tx,
  accountId: string,
  { key, label, type, choices }: AttributeDefinition,
  now: Date,
): Promise<void> {
  await tx.query(put, [accountId, key, label, type, choices, now])
}

const remove = statement(
  'contact_attributes_delete',
  'delete from contact_attributes where account_id = $1 and key = $2 returning key',
)
const strip = statement(
  'contact_attributes_strip',
  `update contacts c set attributes = c.attributes - $3 from (
     select id from contacts where account_id = $1 and id > $2 and attributes ? $3 order by id limit $4) d
   where c.account_id = $1 and c.id = d.id returning c.id`,
)

/** True when there was one. */
export async function deleteDefinition(tx: Tx, accountId: string, key: string): Promise<boolean> {
  return (await tx.query(remove, [accountId, key])).length > 0
}

/** Takes the values of an attribute from people behind `after`, a batch at a time. Returns the ids. */
export async function stripAttribute(
  tx: Tx,
  accountId: string,
  key: string,
  after: string,
  limit: number,
): Promise<string[]> {
  return (await tx.query<{ id: string }>(strip, [accountId, after, key, limit])).map(({ id }) => id)
}

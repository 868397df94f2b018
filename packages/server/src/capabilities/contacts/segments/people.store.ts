import { statement, type Tx } from '../../../store/db.ts'
import { type ContactRow, contactColumns } from '../people/read.store.ts'
import type { Compiled } from './compile.store.ts'

/** Questions about who is in a segment: each is made for its tree, in a transaction that `analytic` has prepared. */

/** How many people there are. */
export async function countPeople(tx: Tx, { where, values }: Compiled): Promise<number> {
  const text = `select count(*)::integer as people from contacts c where ${where}`
  return (await tx.query<{ people: number }>(statement('', text), values))[0]!.people
}

/** People of a segment, newest first, behind `before` (a bare id). */
export function listPeople(
  tx: Tx,
  { where, values }: Compiled,
  before: string | undefined,
  limit: number,
): Promise<ContactRow[]> {
  const text = `select ${contactColumns} from contacts c
    where c.id in (select c.id from contacts c where ${where} and c.id < $${values.length + 1}::uuid order by c.id desc limit $${values.length + 2})
    order by c.id desc`
  return tx.query<ContactRow>(statement('', text), [...values, before ?? last, limit])
}

const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Ids of everybody in it. For tests and small accounts. */
export async function idsOf(tx: Tx, { where, values }: Compiled): Promise<string[]> {
  const text = `select c.id from contacts c where ${where} order by c.id`
  return (await tx.query<{ id: string }>(statement('', text), values)).map(({ id }) => id)
}

/** Ids of some of them, the newest. */
export async function sampleIds(tx: Tx, { where, values }: Compiled, limit: number): Promise<string[]> {
  const text = `select c.id from contacts c where ${where} order by c.id desc limit $${values.length + 1}`
  return (await tx.query<{ id: string }>(statement('', text), [...values, limit])).map(({ id }) => id)
}

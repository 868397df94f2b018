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
export function idsOf(tx: Tx, { where, values }: Compiled): Promise<string[]> {
  return idsBy(tx, `select c.id from contacts c where ${where} order by c.id`, values)
}

/** Groups of the question below: bits of a hash, for the planner believes of a truth value alone that it has two. */
const bits = Array.from({ length: 8 }, (_, bit) => `uuid_hash(c.id) & ${2 ** bit} = 0`).join(', ')

/**
 * How many there are, and ids of some, new ones first: `most` of them if there are as many. One pass for both, which
 * several processes share: asked for the newest alone, the planner goes through everybody one by one until it has enough,
 * for it takes those who are meant to be spread evenly over time.
 */
export async function countAndSample(
  tx: Tx,
  compiled: Compiled,
  most: number,
): Promise<{ people: number; ids: string[] }> {
  const { where, values } = compiled
  const text = `select count(*)::integer as people, max(c.id::text) as id from contacts c where ${where} group by ${bits}`
  const groups = await tx.query<{ people: number; id: string }>(statement('', text), values)
  const people = groups.reduce((sum, group) => sum + group.people, 0)
  const ids = groups.map(({ id }) => id)
  if (ids.length < Math.min(most, people)) return { people, ids: await newestIds(tx, compiled, most) }
  return { people, ids: ids.sort().reverse().slice(0, most) }
}

function newestIds(tx: Tx, { where, values }: Compiled, most: number): Promise<string[]> {
  const text = `with meant as materialized (select c.id from contacts c where ${where})
    select id from meant order by id desc limit $${values.length + 1}`
  return idsBy(tx, text, [...values, most])
}

const idsBy = async (tx: Tx, text: string, values: readonly unknown[]): Promise<string[]> =>
  (await tx.query<{ id: string }>(statement('', text), values)).map(({ id }) => id)

import { statement, type Tx } from '../../../store/db.ts'
import { type ContactRow, readContacts } from '../people/read.store.ts'
import type { Compiled } from './compile.store.ts'

/** Questions about who is in a segment: each is made for its tree, in a transaction that `analytic` has prepared. */

/** How many people there are. */
export async function countPeople(tx: Tx, { where, values }: Compiled): Promise<number> {
  const text = `select count(*)::integer as people from contacts c where ${where}`
  return (await tx.query<{ people: number }>(statement('', text), values))[0]!.people
}

/** So many of the newest are looked at one by one, by key, before everybody is asked at once. */
const glance = 1_000

/** People of a segment, newest first, behind `before` (a bare id). */
export async function listPeople(
  tx: Tx,
  compiled: Compiled,
  before: string | undefined,
  limit: number,
  near = glance,
): Promise<ContactRow[]> {
  const { looked, ids } = await idsAmongNewest(tx, compiled, before, limit, near)
  const enough = ids.length === limit || looked < near
  return peopleOf(tx, compiled, enough ? ids : await newestIds(tx, compiled, before, limit))
}

/** People by their ids, in that order; whoever is gone is left out. */
export async function peopleOf(tx: Tx, { values }: Compiled, ids: readonly string[]): Promise<ContactRow[]> {
  const rows = ids.length === 0 ? [] : await readContacts(tx, values[0] as string, ids)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Who of the `near` newest behind `before` is meant, at most `limit`, and how many were looked at. */
async function idsAmongNewest(
  tx: Tx,
  { where, values }: Compiled,
  before: string | undefined,
  limit: number,
  near: number,
): Promise<{ looked: number; ids: string[] }> {
  const [behind, most, size] = [1, 2, 3].map((n) => `$${values.length + n}`)
  const text = `with newest as materialized (
      select * from contacts where account_id = $1 and id < ${behind}::uuid order by id desc limit ${size})
    select (select count(*)::integer from newest) as looked,
      array(select c.id from newest c where ${where} order by c.id desc limit ${most})::text[] as ids`
  const asked = [...values, before ?? last, limit, near]
  return (await tx.query<{ looked: number; ids: string[] }>(statement('', text), asked))[0]!
}

/** Ids of everybody in it. For tests and small accounts. */
export function idsOf(tx: Tx, { where, values }: Compiled): Promise<string[]> {
  return idsBy(tx, `select c.id from contacts c where ${where} order by c.id`, values)
}

/** Groups of the question below: bits of a hash, for the planner believes of a truth value alone that it has two. */
const bits = Array.from({ length: 8 }, (_, bit) => `uuid_hash(c.id) & ${2 ** bit} = 0`).join(', ')

/**
 * How many there are, and ids of some, new ones first: `most` of them if there are as many. Where the newest people are not
 * among them, one pass gives both, which several processes share: asked for the newest alone, the planner goes through
 * everybody one by one until it has enough, for it takes those who are meant to be spread evenly over time. To sort
 * everybody into groups takes longer than to count them.
 */
export async function countAndSample(
  tx: Tx,
  compiled: Compiled,
  most: number,
  near = glance,
): Promise<{ people: number; ids: string[] }> {
  const { where, values } = compiled
  const { ids: newest } = await idsAmongNewest(tx, compiled, undefined, most, near)
  if (newest.length === most) return { people: await countPeople(tx, compiled), ids: newest }
  const text = `select count(*)::integer as people, max(c.id::text) as id from contacts c where ${where} group by ${bits}`
  const groups = await tx.query<{ people: number; id: string }>(statement('', text), values)
  const people = groups.reduce((sum, group) => sum + group.people, 0)
  const ids = groups.map(({ id }) => id)
  if (ids.length < Math.min(most, people))
    return { people, ids: await newestIds(tx, compiled, undefined, most) }
  return { people, ids: ids.sort().reverse().slice(0, most) }
}

/** Ids of a segment, newest first, behind `before`: one pass over everybody, however few there are. */
export function newestIds(
  tx: Tx,
  { where, values }: Compiled,
  before: string | undefined,
  limit: number,
): Promise<string[]> {
  const [behind, most] = [1, 2].map((n) => `$${values.length + n}`)
  const text = `with meant as materialized (select c.id from contacts c where ${where} and c.id < ${behind}::uuid)
    select id from meant order by id desc limit ${most}`
  return idsBy(tx, text, [...values, before ?? last, limit])
}

const idsBy = async (tx: Tx, text: string, values: readonly unknown[]): Promise<string[]> =>
  (await tx.query<{ id: string }>(statement('', text), values)).map(({ id }) => id)

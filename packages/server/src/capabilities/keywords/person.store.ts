import { statement, type Tx } from '../../store/db.ts'
import type { Person } from './compose.ts'

const find = statement(
  'keywords_people',
  `select d.n::integer, c.language, c.name, c.attributes
   from unnest($1::uuid[], $2::text[]) with ordinality as d(account_id, address, n)
   join contact_addresses a on a.account_id = d.account_id and a.channel = 'sms' and a.address = d.address
   join contacts c on c.account_id = a.account_id and c.id = a.contact_id`,
)

/** What is known of those who ask, in their order; undefined for whom nobody knows. */
export async function findPeople(
  tx: Tx,
  asking: readonly { accountId: string; from: string }[],
): Promise<(Person | undefined)[]> {
  if (asking.length === 0) return []
  const found = await tx.query<Person & { n: number }>(find, [
    asking.map(({ accountId }) => accountId),
    asking.map(({ from }) => from),
  ])
  const byPlace = new Map(found.map(({ n, ...person }) => [n, person]))
  return asking.map((_, at) => byPlace.get(at + 1))
}

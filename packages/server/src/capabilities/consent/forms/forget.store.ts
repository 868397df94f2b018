import { plain } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

const keys = `select decode(d.key, 'hex') as key from unnest($2::text[]) as d(key)`
/** By their place in the receipt of an erasure. */
const tables = {
  sign_ups: 'consent_sign_ups',
  preference_links: 'consent_links',
  send_counts: 'consent_sends',
} as const
const statements = Object.entries(tables).map(
  ([place, table]) =>
    [
      place,
      statement(
        `${table}_forget_people`,
        `with found as materialized (
       select place.ctid as place from (${keys}) d
       cross join lateral (select t.ctid from ${table} t where t.account_id = $1 and t.number_key = d.key) place)
     delete from ${table} t using found where t.ctid = found.place returning 1`,
      ),
    ] as const,
)

/** Whoever is erased leaves no sign-up, no link and no count behind. Returns how many there were, by place. */
export async function forgetPeople(
  tx: Tx,
  accountId: string,
  numberKeys: readonly Buffer[],
): Promise<Record<string, number>> {
  const values = [accountId, plain(numberKeys.map((key) => key.toString('hex')))]
  const gone: Record<string, number> = {}
  for (const [place, each] of statements) gone[place] = (await tx.query(each, values)).length
  return gone
}

import { plain } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

const keys = `select decode(d.key, 'hex') as key from unnest($2::text[]) as d(key)`
const statements = ['consent_sign_ups', 'consent_links', 'consent_sends'].map((table) =>
  statement(
    `${table}_forget_people`,
    `with found as materialized (
       select place.ctid as place from (${keys}) d
       cross join lateral (select t.ctid from ${table} t where t.account_id = $1 and t.number_key = d.key) place)
     delete from ${table} t using found where t.ctid = found.place`,
  ),
)

/** Whoever is erased leaves no sign-up, no link and no count behind. */
export async function forgetPeople(tx: Tx, accountId: string, numberKeys: readonly Buffer[]): Promise<void> {
  if (numberKeys.length === 0) return
  const values = [accountId, plain(numberKeys.map((key) => key.toString('hex')))]
  for (const each of statements) await tx.query(each, values)
}

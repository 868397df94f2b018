import { quoted, uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

/** What can happen on an address. */
type Activity = 'delivered' | 'replied' | 'clicked'

// One number once, in one order, so that two nodes cannot wait for each other.
const touch = (activity: Activity) =>
  statement(
    `contact_addresses_${activity}`,
    `with found as materialized (
       select place.ctid as place from unnest($1::uuid[], $2::text[]) as d(account_id, address)
       cross join lateral (
         select a.ctid from contact_addresses a
         where a.account_id = d.account_id and a.channel = 'sms' and a.address = d.address limit 1 for update) place)
     update contact_addresses a set ${activity}_at = $3 from found
     where a.ctid = found.place and a.${activity}_at is distinct from $3`,
  )
const statements = {
  delivered: touch('delivered'),
  replied: touch('replied'),
  clicked: touch('clicked'),
} as const

/** Notes when something last happened on these numbers; those that belong to nobody are passed over. */
export async function noteActivity(
  tx: Tx,
  activity: Activity,
  numbers: readonly { accountId: string; number: string }[],
  at: Date,
): Promise<void> {
  const distinct = new Map(numbers.map((each) => [`${each.accountId}${each.number}`, each]))
  const ordered = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
  if (ordered.length === 0) return
  await tx.query(statements[activity], [
    uuids(ordered.map(({ accountId }) => accountId)),
    quoted(ordered.map(({ number }) => number)),
    at,
  ])
}

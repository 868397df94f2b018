import { plain, quoted } from '../store/arrays.ts'
import { statement, type Tx } from '../store/db.ts'

const owners = statement(
  'inbound_owners',
  `select w.n::integer as n, coalesce(here.account_id, anywhere.account_id, c.account_id) as account_id
   from unnest($1::uuid[], $2::text[]) with ordinality as w(carrier_id, address, n)
     left join numbers here on here.address = w.address and here.carrier_id = w.carrier_id
     left join numbers anywhere on anywhere.address = w.address and anywhere.carrier_id is null
     left join carriers c on c.id = w.carrier_id`,
)

/**
 * Whose each message is: of the account that has the number on this carrier, then of the one that has it on any, then of
 * the carrier's own. In the order of `arrived`; undefined for a carrier that nobody knows.
 */
export async function ownersOf(
  tx: Tx,
  arrived: readonly { carrierId: string; to: string }[],
): Promise<(string | undefined)[]> {
  const carriers = plain(arrived.map(({ carrierId }) => carrierId))
  const rows = await tx.query<{ n: number; account_id: string | null }>(owners, [
    carriers,
    quoted(arrived.map(({ to }) => to)),
  ])
  const found: (string | undefined)[] = arrived.map(() => undefined)
  for (const { n, account_id } of rows) found[n - 1] = account_id ?? undefined
  return found
}

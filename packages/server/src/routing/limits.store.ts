import { statement, type Tx } from '../store/db.ts'

/** Segments a second that an account, or one of its senders, may send. `sender` null: the account. */
export interface RateLimit {
  readonly sender: string | null
  readonly segments_per_second: number
}

const limitsOfAccount = statement(
  'rate_limits_of_account',
  `select nullif(sender, '') as sender, segments_per_second from rate_limits where account_id = $1 order by account_id, rate_limits.sender`,
)
// What is left of the old allowance would let a smaller rate be exceeded.
const putOne = statement(
  'put_rate_limit',
  `insert into rate_limits as l (account_id, sender, segments_per_second) values ($1, coalesce($2, ''), $3)
   on conflict (account_id, sender) do update
     set segments_per_second = excluded.segments_per_second, allowance = least(l.allowance, excluded.segments_per_second)
   returning xmax = 0 as made`,
)
const deleteOne = statement(
  'delete_rate_limit',
  `delete from rate_limits where account_id = $1 and sender = coalesce($2, '') returning 1`,
)

export const listLimits = (tx: Tx, accountId: string): Promise<RateLimit[]> =>
  tx.query<RateLimit>(limitsOfAccount, [accountId])

/** True when there was none before. */
export async function putLimit(tx: Tx, accountId: string, limit: RateLimit): Promise<boolean> {
  const values = [accountId, limit.sender, limit.segments_per_second]
  return (await tx.query<{ made: boolean }>(putOne, values))[0]!.made
}

/** False when there was none. */
export async function deleteLimit(tx: Tx, accountId: string, sender: string | null): Promise<boolean> {
  return (await tx.query(deleteOne, [accountId, sender])).length > 0
}

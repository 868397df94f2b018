import { plain, quoted } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

const numbers = statement(
  'keywords_numbers_of_contact',
  `select address from contact_addresses where account_id = $1 and contact_id = $2 and channel = 'sms'`,
)
/** The numbers of a contact, while there is one. */
export const numbersOf = async (tx: Tx, accountId: string, contact: string): Promise<string[]> =>
  (await tx.query<{ address: string }>(numbers, [accountId, contact])).map(({ address }) => address)

const uses = statement(
  'keywords_forget_callers',
  `delete from keyword_uses where account_id = $1 and caller in (select decode(d.key, 'hex') from unnest($2::text[]) as d(key))
   returning 1`,
)
const asks = statement(
  'keywords_forget_asks',
  `delete from keyword_asks where account_id = $1 and asking ->> 'from' = any ($2::text[]) returning 1`,
)
/** What is kept of callers: how often they asked, and what a source has yet to answer them. Returns how many of each, by place. */
export async function forgetCallers(
  tx: Tx,
  accountId: string,
  callers: readonly { number: string; key: Buffer }[],
): Promise<{ keyword_uses: number; keyword_questions: number }> {
  const keys = plain(callers.map(({ key }) => key.toString('hex')))
  const found = quoted(callers.map(({ number }) => number))
  return {
    keyword_uses: (await tx.query(uses, [accountId, keys])).length,
    keyword_questions: (await tx.query(asks, [accountId, found])).length,
  }
}

import { hkdfSync, randomBytes } from 'node:crypto'
import { statement, type Tx } from './db.ts'

const keep = statement(
  'keep_installation_value',
  `with made as (insert into installation (name, value) values ($1, $2) on conflict (name) do nothing returning value)
   select value from made union all select value from installation where name = $1 limit 1`,
)

/**
 * Keys of 32 octets for one purpose each (HKDF, RFC 5869), from the installation's secret: `given`, or one that is made
 * once and kept in the database. Another secret makes other keys: links that were signed are void, hashed numbers unknown.
 */
export async function keyring(tx: Tx, given?: string): Promise<(purpose: string) => Buffer> {
  // Two nodes that start at once: the one that lost the race reads what won, in a statement that sees it.
  const stored = async () => (await tx.query<{ value: Buffer }>(keep, ['secret', randomBytes(32)]))[0]?.value
  const secret = given ?? (await stored()) ?? (await stored())
  if (!secret) throw new Error('The secret of the installation could not be read.')
  return (purpose) => Buffer.from(hkdfSync('sha256', secret, '', `kurzpost ${purpose}`, 32))
}

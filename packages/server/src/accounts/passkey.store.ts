import { statement, type Tx } from '../store/db.ts'

export interface PasskeyRow {
  user_id: string
  id: string
  credential_id: string
  public_key: Buffer
  counter: number
  transports: string[]
  name: string
  created_at: Date
  used_at: Date | null
}

const columns = 'user_id, id, credential_id, public_key, counter, transports, name, created_at, used_at'

const ofUser = statement(
  'passkeys_of_user',
  `select ${columns} from user_passkeys where user_id = $1 order by id`,
)
export const passkeysOf = (tx: Tx, userId: string): Promise<PasskeyRow[]> =>
  tx.query<PasskeyRow>(ofUser, [userId])

const byCredential = statement(
  'passkey_by_credential',
  `select ${columns} from user_passkeys where credential_id = $1 for update`,
)
/** Held until the end of the transaction, so that its counter rises by one use at a time. */
export const lockPasskey = async (tx: Tx, credentialId: string): Promise<PasskeyRow | undefined> =>
  (await tx.query<PasskeyRow>(byCredential, [credentialId]))[0]

const insert = statement(
  'insert_passkey',
  `insert into user_passkeys (user_id, id, credential_id, public_key, counter, transports, name, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning ${columns}`,
)
/** Undefined: that passkey is known already. */
export async function insertPasskey(
  tx: Tx,
  passkey: Omit<PasskeyRow, 'used_at'>,
): Promise<PasskeyRow | undefined> {
  const { user_id, id, credential_id, public_key, counter, transports, name, created_at } = passkey
  const values = [user_id, id, credential_id, public_key, counter, transports, name, created_at]
  return (await tx.query<PasskeyRow>(insert, values))[0]
}

const used = statement(
  'use_passkey',
  'update user_passkeys set counter = $2, used_at = $3 where credential_id = $1',
)
export const usePasskey = async (tx: Tx, credentialId: string, counter: number, now: Date): Promise<void> =>
  void (await tx.query(used, [credentialId, counter, now]))

const remove = statement(
  'delete_passkey',
  'delete from user_passkeys where user_id = $1 and id = $2 returning id',
)
export const deletePasskey = async (tx: Tx, userId: string, id: string): Promise<boolean> =>
  (await tx.query(remove, [userId, id])).length === 1

const removeAll = statement('delete_passkeys', 'delete from user_passkeys where user_id = $1')
export const deletePasskeysOf = async (tx: Tx, userId: string): Promise<void> =>
  void (await tx.query(removeAll, [userId]))

const spend = statement(
  'use_challenge',
  `insert into used_challenges (challenge, expires_at) values ($1, $2) on conflict do nothing returning true as first`,
)
/** True once for each challenge. */
export const spendChallenge = async (tx: Tx, challenge: string, expiresAt: Date): Promise<boolean> =>
  (await tx.query(spend, [challenge, expiresAt])).length === 1

const old = statement('old_challenges', 'delete from used_challenges where expires_at < $1')
export const deleteOldChallenges = async (tx: Tx, now: Date): Promise<void> =>
  void (await tx.query(old, [now]))

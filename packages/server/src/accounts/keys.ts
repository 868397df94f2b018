import { hash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import { type Scope, scopeNames } from '../route.ts'
import type { Db, Tx } from '../store/db.ts'
import * as store from './store.ts'

/** Stored in place of the token. 256 random bits leave nothing to guess, so one plain round is enough. */
const digest = (token: string): Buffer => hash('sha256', token, 'buffer')

/** `kp_` and 256 random bits in base64url: a secret scanner knows it by its start. */
const newToken = (): string => `kp_${randomBytes(32).toString('base64url')}`

const hintOf = (token: string): string => token.slice(-4)

/** A key and its token, which is shown now and never again. */
export interface CreatedKey {
  key: store.KeyRow
  token: string
}

/** Makes a key for an account. `scopes` are what it may do. */
export async function createKey(
  tx: Tx,
  accountId: string,
  { name, scopes }: { name: string; scopes: readonly Scope[] },
  now: Date,
): Promise<CreatedKey> {
  const token = newToken()
  const key = await store.insertKey(tx, newRow(accountId, token, name, scopes, now))
  return { key: key!, token }
}

const newRow = (
  accountId: string,
  token: string,
  name: string,
  scopes: readonly Scope[],
  now: Date,
): store.NewKey => ({
  account_id: accountId,
  id: uuidv7(now.getTime()),
  name,
  hash: digest(token),
  hint: hintOf(token),
  scopes: [...scopes],
  created_at: now,
})

/** The name of the key that a sandbox start makes. */
export const sandboxKeyName = 'Sandbox'

/** Revokes the key that a sandbox start made of this token; true when it was live until now. */
export async function revokeSandboxKey(db: Db, clock: Clock, token: string): Promise<boolean> {
  const key = await store.findKey(db, digest(token))
  if (!key || key.revoked_at !== null || key.name !== sandboxKeyName) return false
  return (await store.revokeKey(db, key.account_id, key.id, clock.now())) !== undefined
}

/** What became of a token that the environment or the sandbox brought along. */
export type Ensured = 'created' | 'present' | 'revoked'

/**
 * Sees to it that there is a first account, and that the token given (KURZPOST_BOOTSTRAP_KEY, or the sandbox's)
 * opens it. A key that somebody revoked stays revoked. Harmless to repeat and to run on several nodes at once.
 */
export async function ensureFirstAccount(
  db: Db,
  clock: Clock,
  wanted?: { token: string; name: string },
): Promise<{ id: string; name: string; key: Ensured | undefined }> {
  return db.transaction(async (tx) => {
    const now = clock.now()
    const account = await store.ensureFirstAccount(tx, {
      id: uuidv7(now.getTime()),
      name: 'Main',
      created_at: now,
    })
    if (!wanted) return { ...account, key: undefined }
    const made = await store.insertKey(tx, newRow(account.id, wanted.token, wanted.name, scopeNames, now))
    if (made) return { ...account, key: 'created' }
    const there = await store.findKey(tx, digest(wanted.token))
    return { ...account, key: there!.revoked_at === null ? 'present' : 'revoked' }
  })
}

import type { Scope } from '../route.ts'
import { statement, type Tx } from '../store/db.ts'

/** A row of `api_keys`. Ids are bare UUIDs; the token itself is nowhere. */
export interface KeyRow {
  account_id: string
  id: string
  name: string
  /** The last characters of the token, to recognise it by. */
  hint: string
  scopes: Scope[]
  created_at: Date
  revoked_at: Date | null
}

const liveKeys = statement(
  'live_api_keys',
  `select k.account_id, k.id, k.name, k.scopes, encode(k.hash, 'hex') as hash from api_keys k
   where k.hash = any ($1::bytea[]) and k.revoked_at is null`,
)

/** The live keys among these hashes (SHA-256), with the hash in hex. */
export function findLiveKeys(
  tx: Tx,
  hashes: readonly Buffer[],
): Promise<(Pick<KeyRow, 'account_id' | 'id' | 'name' | 'scopes'> & { hash: string })[]> {
  return tx.query(liveKeys, [hashes])
}

const columns = 'account_id, id, name, hint, scopes, created_at, revoked_at'

const insertOne = statement(
  'insert_api_key',
  `insert into api_keys (account_id, id, name, hash, hint, scopes, created_at)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict (hash) do nothing returning ${columns}`,
)

export type NewKey = Omit<KeyRow, 'revoked_at'> & { hash: Buffer }

/** Stores a key, unless its hash is there already: then undefined. */
export async function insertKey(tx: Tx, key: NewKey): Promise<KeyRow | undefined> {
  const { account_id, id, name, hash, hint, scopes, created_at } = key
  const rows = await tx.query<KeyRow>(insertOne, [account_id, id, name, hash, hint, scopes, created_at])
  return rows[0]
}

const keyByHash = statement('api_key_by_hash', `select ${columns} from api_keys where hash = $1`)

/** A key by the hash of its token, live or revoked. */
export async function findKey(tx: Tx, hash: Buffer): Promise<KeyRow | undefined> {
  return (await tx.query<KeyRow>(keyByHash, [hash]))[0]
}

const keysOfAccount = statement(
  'api_keys_of_account',
  `select ${columns} from api_keys where account_id = $1 order by id desc limit 1000`,
)

/** Newest first, the revoked ones among them. */
export function listKeys(tx: Tx, accountId: string): Promise<KeyRow[]> {
  return tx.query<KeyRow>(keysOfAccount, [accountId])
}

const revokeOne = statement(
  'revoke_api_key',
  `update api_keys set revoked_at = coalesce(revoked_at, $3) where account_id = $1 and id = $2 returning ${columns}`,
)

/** Revokes for good; repeating it changes nothing. Undefined when the account has no such key. */
export async function revokeKey(
  tx: Tx,
  accountId: string,
  id: string,
  now: Date,
): Promise<KeyRow | undefined> {
  return (await tx.query<KeyRow>(revokeOne, [accountId, id, now]))[0]
}

const nameOne = statement('account_name', 'select name from accounts where id = $1')

export async function accountName(tx: Tx, accountId: string): Promise<string | undefined> {
  return (await tx.query<{ name: string }>(nameOne, [accountId]))[0]?.name
}

const firstOne = statement('first_account', 'select id, name from accounts order by id limit 1')
const insertAccount = statement(
  'insert_account',
  'insert into accounts (id, name, created_at) values ($1, $2, $3)',
)
// classid 7679: "accounts"; the number tells its locks from those of other parts of the house.
const lockAccounts = statement('lock_accounts', 'select pg_advisory_xact_lock(7679, 1)')

/** The oldest account, made here if there is none. Holds a lock until the transaction ends, for nodes that start together. */
export async function ensureFirstAccount(
  tx: Tx,
  account: { id: string; name: string; created_at: Date },
): Promise<{ id: string; name: string }> {
  await tx.query(lockAccounts)
  const [first] = await tx.query<{ id: string; name: string }>(firstOne)
  if (first) return first
  await tx.query(insertAccount, [account.id, account.name, account.created_at])
  return account
}

export async function findFirstAccount(tx: Tx): Promise<{ id: string; name: string } | undefined> {
  return (await tx.query<{ id: string; name: string }>(firstOne))[0]
}

export const addAccount = async (
  tx: Tx,
  { id, name, created_at }: { id: string; name: string; created_at: Date },
): Promise<void> => void (await tx.query(insertAccount, [id, name, created_at]))

const named = statement(
  'accounts_named',
  'select id, name from accounts where id = $1 or name = $2 limit 100',
)
export const findAccounts = (
  tx: Tx,
  id: string | null,
  name: string,
): Promise<{ id: string; name: string }[]> => tx.query(named, [id, name])

export interface ListedAccount {
  id: string
  name: string
  created_at: Date
  users: number
  keys: number
}

const everyone = statement(
  'accounts',
  `select a.id, a.name, a.created_at,
     (select count(*)::integer from memberships m where m.account_id = a.id) as users,
     (select count(*)::integer from api_keys k where k.account_id = a.id and k.revoked_at is null) as keys
   from accounts a order by a.id limit 1000`,
)
/** The oldest first, which operates the installation. */
export const listAccounts = (tx: Tx): Promise<ListedAccount[]> => tx.query<ListedAccount>(everyone)

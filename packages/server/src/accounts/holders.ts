import type { Clock } from '../clock.ts'
import type { Actor, Scope } from '../route.ts'
import type { Tx } from '../store/db.ts'
import { roleOf } from './roles.ts'
import { findLiveSessions, touchSessions } from './session.store.ts'
import { findLiveKeys } from './store.ts'

/** A session ends after so long without a request, and after so long altogether. */
export const idleMs = 24 * 3_600_000
export const sessionMs = 30 * 24 * 3_600_000
/** How exact the time of the last request is. */
const seenMs = 60_000

interface Holder {
  accountId: string
  actor: Actor
  scopes: ReadonlySet<Scope>
  session?: { id: string; role: string }
  masked?: true
  readsOnly?: true
}

const sha256 = (hash: string): Buffer => Buffer.from(hash.slice(hash.indexOf(':') + 1), 'base64url')
const hashOf = (way: string, hex: string): string => `${way}:${Buffer.from(hex, 'hex').toString('base64url')}`

/** Finds the holders of tokens by their hashes (`key:` or `session:` and a SHA-256, base64url). */
export async function findByHashes(
  tx: Tx,
  clock: Clock,
  hashes: readonly string[],
): Promise<Map<string, Holder>> {
  const of = (way: string) => hashes.filter((hash) => hash.startsWith(`${way}:`)).map(sha256)
  const [keys, sessions] = [of('key'), of('session')]
  return new Map([
    ...(keys.length > 0 ? await holdersOfKeys(tx, keys) : []),
    ...(sessions.length > 0 ? await holdersOfSessions(tx, clock.now(), sessions) : []),
  ])
}

async function holdersOfKeys(tx: Tx, hashes: readonly Buffer[]): Promise<[string, Holder][]> {
  return (await findLiveKeys(tx, hashes)).map(({ hash, account_id, id, name, scopes }) => [
    hashOf('key', hash),
    { accountId: account_id, actor: { kind: 'key', id, name }, scopes: new Set(scopes) },
  ])
}

async function holdersOfSessions(tx: Tx, now: Date, hashes: readonly Buffer[]): Promise<[string, Holder][]> {
  const rows = await findLiveSessions(tx, hashes, now, new Date(now.getTime() - idleMs))
  const unseen = rows.filter(({ seen_at }) => now.getTime() - seen_at.getTime() > seenMs)
  if (unseen.length > 0) {
    const ids = unseen.map(({ id }) => id)
    await touchSessions(tx, ids, now)
  }
  return rows.map(({ hash, account_id, id, user_id, user_name, role }) => {
    const { scopes, masked, readsOnly } = roleOf(role)
    return [
      hashOf('session', hash),
      {
        accountId: account_id,
        actor: { kind: 'user', id: user_id, name: user_name },
        scopes: new Set(scopes),
        session: { id, role },
        ...(masked ? { masked } : {}),
        ...(readsOnly ? { readsOnly } : {}),
      },
    ]
  })
}

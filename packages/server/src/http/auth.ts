import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import type { Actor, Scope } from '../route.ts'

/** Whose request it is. Ids are bare UUIDs. */
export interface Identity {
  accountId: string
  actor: Actor
  scopes: ReadonlySet<Scope>
  /** Of a user who is signed in. */
  session?: { id: string; role: string }
  /** Sees no full addresses of people. */
  masked?: true
  /** Changes nothing. */
  readsOnly?: true
}

/** How a token came: in the Authorization header, or in the cookie. One of the one kind is worth nothing as the other. */
export type Way = 'key' | 'session'

export interface Authenticator {
  /** Who holds this token; undefined when nobody does. A promise only when the answer is not in memory. */
  identify(token: string, way?: Way): Identity | undefined | Promise<Identity | undefined>
  /** Forgets a key, a session or all sessions of a user at once, by id, for a revocation in this process. */
  forget(id: string): void
}

/** Finds who is alive among these hashes, as `hashToken` makes them. */
export type FindHolders = (hashes: readonly string[]) => Promise<ReadonlyMap<string, Identity>>

/** After this a remembered answer is asked for again in the background, while it still serves. */
const staleMs = 2_000
/** After this it serves no more: a key revoked on another node is dead here within five seconds. */
const deadMs = 5_000
/** Unknown tokens are remembered too, so that a client with a wrong key costs no statement a request. */
const mostRemembered = 10_000

/** `<way>:` and the SHA-256 of the token, base64url. */
export const hashToken = (token: string, way: Way = 'key'): string =>
  `${way}:${hash('sha256', token, 'base64url')}`

/**
 * Remembers whose token is whose for a few seconds, by hash. Questions that come while a look-up is under way
 * share the next one, so a flood of wrong keys costs one statement at a time.
 */
export function createAuthenticator(find: FindHolders, clock: Clock): Authenticator {
  interface Answer {
    identity: Identity | undefined
    at: number
    refreshing?: true
  }
  interface Asker {
    resolve: (identity: Identity | undefined) => void
    reject: (error: unknown) => void
  }
  const remembered = new Map<string, Answer>()
  const asked = new Map<string, Asker[]>()
  const forgotten = new Set<string>()
  let looking = false

  async function look(): Promise<void> {
    looking = true
    while (asked.size > 0) {
      const batch = new Map(asked)
      asked.clear()
      forgotten.clear()
      try {
        const found = await find([...batch.keys()])
        if (remembered.size + batch.size > mostRemembered) remembered.clear()
        const at = clock.monotonic()
        for (const [key, askers] of batch) {
          const identity = found.get(key)
          // Revoked or changed here while the look-up was under way: what it read may be older than that.
          if (identity && namesOf(identity).some((id) => forgotten.has(id))) {
            asked.set(key, [...(asked.get(key) ?? []), ...askers])
            continue
          }
          remembered.set(key, { identity, at })
          for (const { resolve } of askers) resolve(identity)
        }
      } catch (cause) {
        const error = new KurzpostError('database_unavailable', { cause })
        for (const askers of batch.values()) for (const { reject } of askers) reject(error)
      }
    }
    looking = false
  }

  function ask(key: string, asker: Asker | undefined): void {
    const askers = asked.get(key) ?? []
    if (asker) askers.push(asker)
    asked.set(key, askers)
    if (!looking) void look()
  }

  return {
    identify(token, way) {
      const key = hashToken(token, way)
      const answer = remembered.get(key)
      const age = answer ? clock.monotonic() - answer.at : deadMs
      if (answer && age < deadMs) {
        if (age >= staleMs && !answer.refreshing) {
          answer.refreshing = true
          ask(key, undefined)
        }
        return answer.identity
      }
      return new Promise((resolve, reject) => ask(key, { resolve, reject }))
    },
    forget(id) {
      forgotten.add(id)
      for (const [key, { identity }] of remembered)
        if (identity && namesOf(identity).includes(id)) remembered.delete(key)
    },
  }
}

/** By what an identity is forgotten. */
const namesOf = ({ actor, session }: Identity): string[] => (session ? [actor.id, session.id] : [actor.id])

/** The token of `Authorization: Bearer …`, or undefined. */
export function bearerToken(header: string | undefined): string | undefined {
  return header?.match(/^Bearer +([A-Za-z0-9_-]{20,128})$/i)?.[1]
}

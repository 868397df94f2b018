import type { Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import { dropLinks, findLink, insertLink, type Link } from './link.store.ts'
import { createTokens } from './tokens.ts'

export interface Links {
  create(
    tx: Tx,
    options: { accountId: string; number: string; validMs?: number },
  ): Promise<{ id: string; url: string; expiresAt: Date }>
  /** Undefined: it was never ours, has expired or been revoked. */
  open(token: string): Promise<Link | undefined>
  forgetExpired(): Promise<void>
}

const defaultMs = 30 * 86_400_000

/** Links to one's own preferences. Whoever has one acts for the number, so they go to the phone with that number alone. */
export function createLinks(platform: Platform): Links {
  const tokens = createTokens(() => platform.keyed('preferences'))
  return {
    async create(tx, { accountId, number, validMs = defaultMs }) {
      const createdAt = platform.now()
      const expiresAt = new Date(createdAt.getTime() + validMs)
      const id = platform.id()
      await insertLink(tx, { accountId, id, number, createdAt, expiresAt }, platform.addressKey(number))
      return { id, expiresAt, url: platform.publicUrl(`/p/${tokens.sign(id)}`) }
    },
    async open(token) {
      const id = tokens.read(token)
      const link = id === undefined ? undefined : await findLink(platform.db, id)
      if (!link || link.revokedAt !== null || link.expiresAt <= platform.now()) return undefined
      return link
    },
    forgetExpired: () => dropLinks(platform.db, new Date(platform.now().getTime() - 86_400_000)),
  }
}

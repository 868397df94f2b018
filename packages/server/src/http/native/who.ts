import type { Access } from '../../accounts/access.ts'
import type { Me } from '../../accounts/me.ts'
import type { Giver, RoleName } from '../../accounts/roles.ts'
import { accountName } from '../../accounts/store.ts'
import { findUser, membershipsOfUser } from '../../accounts/user.store.ts'
import { KurzpostError } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import type { Call } from '../../route.ts'

/** The user behind a call; an API key is nobody's. */
export function demandMe({ actor, session }: Call): Me {
  if (!session)
    throw new KurzpostError('forbidden', {
      message: 'This is for people who are signed in, not for API keys.',
    })
  return { userId: actor.id, sessionId: session.id }
}

/** Who gives something away or takes it: see accounts/roles.ts. */
export const giverOf = ({ session, scopes }: Call): Giver => ({
  role: session?.role as RoleName | undefined,
  scopes,
})

/** Who asks, and what that allows. */
export async function whoJson(access: Pick<Access, 'db' | 'operator'>, call: Call) {
  const { db, operator } = access
  const { accountId, actor, session, scopes, masked } = call
  const user = session && (await findUser(db, actor.id))
  const memberships = user ? await membershipsOfUser(db, user.id) : []
  return {
    kind: user ? 'user' : 'key',
    user: user
      ? {
          id: publicId('user', user.id),
          email: user.email,
          name: user.name,
          has_totp: user.totp_secret !== null,
          recovery_codes: user.recovery_codes,
        }
      : null,
    key: user ? null : { id: publicId('key', actor.id), name: actor.name },
    session: session ? publicId('session', session.id) : null,
    account: { id: publicId('account', accountId), name: (await accountName(db, accountId)) ?? '' },
    role: (session?.role as RoleName | undefined) ?? null,
    scopes: [...scopes],
    masked,
    reads_only: call.readsOnly,
    operator: accountId === operator,
    accounts: memberships.map(({ account_id, account_name, role }) => ({
      ...{ id: publicId('account', account_id), name: account_name, role },
    })),
  }
}

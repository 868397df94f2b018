import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { KurzpostError } from '../errors.ts'
import { mask } from '../mask.ts'
import type { Visit } from '../route.ts'
import {
  type Access,
  demandCode,
  demandSafe,
  normalEmail,
  type Started,
  startSession,
  tell,
} from './access.ts'
import { findUser, findUserByEmail, lockUser, membershipsOfUser, type UserRow } from './user.store.ts'

export interface From {
  visit: Visit
  requestId: string
}

/** Of nobody: what is asked of the database about a user whom nobody knows. */
const nil = '00000000-0000-0000-0000-000000000000'

/**
 * By e-mail and password, and the code of a second factor where there is one. Counts the guess first, then does the same
 * whoever it is: one look for the user, one derivation, one look for the accounts, one row in a log.
 */
export async function signIn(
  access: Access,
  given: { email: string; password: string; code?: string | undefined },
  from: From,
): Promise<Started> {
  const { db, clock, passwords, guesses, totpKey } = access
  const { visit, requestId } = from
  demandSafe(visit)
  const email = normalEmail(given.email)
  await guesses.admit(visit.address, email)
  const user = await findUserByEmail(db, email)
  const fits = await passwords.verify(given.password, user?.password)
  const memberships = await membershipsOfUser(db, user?.id ?? nil)
  const accounts = memberships.map(({ account_id }) => account_id)
  const deed = { action: 'sign_in', tried: mask(email), address: visit.address, requestId }
  try {
    if (!user || !fits || memberships.length === 0) throw new KurzpostError('sign_in_failed')
    return await db.transaction(async (tx) => {
      const now = clock.now()
      const held = await lockUser(tx, user.id)
      // Another password since: what was compared does not count any more.
      if (held?.password !== user.password) throw new KurzpostError('sign_in_failed')
      const by = await demandCode(tx, held, given.code, totpKey, now)
      await guesses.right(tx, visit.address, email)
      const action = by === 'recovery' ? 'sign_in_by_recovery_code' : deed.action
      await tell(tx, access, { user, accounts, ...deed, action, status: 200 }, now)
      return startSession(tx, { user: held, memberships, visit, now })
    })
  } catch (error) {
    if (error instanceof KurzpostError && error.code === 'sign_in_failed')
      await tell(db, access, { user, accounts, ...deed, status: 401, error: error.code }, clock.now())
    throw error
  }
}

/** By passkey, which is password and code in one. */
export async function signInByPasskey(
  access: Access,
  response: AuthenticationResponseJSON,
  from: From,
): Promise<Started> {
  const { db, clock, passkeys, guesses } = access
  const { visit, requestId } = from
  demandSafe(visit)
  await guesses.admit(visit.address)
  const deed = { action: 'sign_in_by_passkey', address: visit.address, requestId }
  try {
    return await db.transaction(async (tx) => {
      const now = clock.now()
      const userId = await passkeys.verify(tx, visit.origin, response, 'sign-in')
      const user = await findUser(tx, userId)
      const memberships = await membershipsOfUser(tx, userId)
      if (!user || memberships.length === 0) throw new KurzpostError('sign_in_failed')
      await guesses.right(tx, visit.address)
      const accounts = memberships.map(({ account_id }) => account_id)
      await tell(tx, access, { user, accounts, ...deed, status: 200 }, now)
      return startSession(tx, { user, memberships, visit, now })
    })
  } catch (error) {
    if (error instanceof KurzpostError && error.code === 'sign_in_failed')
      await tell(
        db,
        access,
        { user: undefined, accounts: [], ...deed, status: 401, error: error.code },
        clock.now(),
      )
    throw error
  }
}

/** Compares the password of a user who is signed in, counted like a sign-in: a stolen session does not guess it. */
export async function provePassword(
  access: Access,
  user: UserRow,
  password: string,
  { visit }: From,
): Promise<void> {
  const { db, passwords, guesses } = access
  await guesses.admit(visit.address, user.email)
  if (!(await passwords.verify(password, user.password))) throw new KurzpostError('sign_in_failed')
  await guesses.right(db, visit.address, user.email)
}

import { KurzpostError } from '../errors.ts'
import { uuidv7 } from '../ids.ts'
import type { Tx } from '../store/db.ts'
import { type Access, demandCode, demandSafe, type Started, startSession, tell, tokenHash } from './access.ts'
import { deleteLinksOfUser, type LinkRow, lockLink, useLink } from './link.store.ts'
import { demandStrong } from './password.ts'
import { deleteSessionsOf } from './session.store.ts'
import type { From } from './sign-in.ts'
import {
  findUserByEmail,
  insertMembership,
  insertUser,
  lockUser,
  membershipsOfUser,
  setPasswordHash,
  type UserRow,
} from './user.store.ts'

export interface Taken {
  token: string
  /** Of a person who is new here. */
  name?: string | undefined
  password: string
  code?: string | undefined
}

const demandLink = async (tx: Tx, token: string, now: Date): Promise<LinkRow> => {
  const link = await lockLink(tx, tokenHash(token), now)
  if (!link) throw new KurzpostError('link_invalid')
  return link
}

/** What a link is for, for the page that it leads to. */
export const readLink = ({ db, clock }: Pick<Access, 'db' | 'clock'>, token: string): Promise<LinkRow> =>
  db.transaction((tx) => demandLink(tx, token, clock.now()))

/**
 * Takes an invitation or sets a new password, and signs in. Somebody who has a password on this installation joins by
 * it: the page asks everybody the same, so that inviting an address does not tell whether others know it.
 */
export async function takeLink(access: Access, given: Taken, from: From): Promise<Started> {
  const { db, clock, passwords, guesses } = access
  const { visit, requestId } = from
  demandSafe(visit)
  const link = await readLink(access, given.token)
  await guesses.admit(visit.address, link.email)
  const known = await findUserByEmail(db, link.email)
  const joins = link.kind === 'invitation' && known?.password != null
  if (joins && !(await passwords.verify(given.password, known.password)))
    throw new KurzpostError('sign_in_failed')
  if (!joins) demandStrong(given.password, link.email)
  const hash = joins ? known.password! : await passwords.hash(given.password)

  const started = await db.transaction(async (tx) => {
    const now = clock.now()
    const held = await demandLink(tx, given.token, now)
    const user = await userOf(tx, held, { known, hash, name: given.name || held.name }, now)
    const by = await demandCode(tx, user, given.code, access.totpKey, now)
    if (held.kind === 'invitation') {
      await insertMembership(tx, held.account_id, user.id, held.role!, now)
      // Made while the user belonged to others alone, they would open this account, too.
      await deleteLinksOfUser(tx, user.id)
    } else {
      await setPasswordHash(tx, user.id, hash, now)
      await deleteSessionsOf(tx, user.id, null)
    }
    await useLink(tx, held, now)
    await guesses.right(tx, visit.address, held.email)
    const memberships = await membershipsOfUser(tx, user.id)
    if (memberships.length === 0) throw new KurzpostError('link_invalid')
    const action = held.kind === 'invitation' ? 'take_invitation' : 'set_new_password'
    const deed = { status: 200, address: visit.address, requestId }
    const actions = by === 'recovery' ? [action, 'use_recovery_code'] : [action]
    for (const each of actions)
      await tell(tx, access, { user, accounts: [held.account_id], ...deed, action: each }, now)
    return { ...(await startSession(tx, { user, memberships, visit, now })), userId: user.id }
  })
  access.forget(started.userId)
  return started
}

/** The user a link is about: the one it names, the one who has the address, or a new one. */
async function userOf(
  tx: Tx,
  link: LinkRow,
  { known, hash, name }: { known: UserRow | undefined; hash: string; name: string },
  now: Date,
): Promise<UserRow> {
  if (link.kind === 'reset') {
    const user = await lockUser(tx, link.user_id!)
    if (!user) throw new KurzpostError('link_invalid')
    return user
  }
  if (!known) {
    const id = uuidv7(now.getTime())
    const made = await insertUser(tx, { id, email: link.email, name, password: hash }, now)
    // Two invitations of one person, taken at the same moment: the second one joins by the password.
    if (!made) throw new KurzpostError('sign_in_failed')
    return made
  }
  const user = await lockUser(tx, known.id)
  // Gone, or another password since it was compared.
  if (!user || user.password !== known.password) throw new KurzpostError('sign_in_failed')
  if (user.password === null) await setPasswordHash(tx, user.id, hash, now)
  return user
}

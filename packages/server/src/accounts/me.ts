import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { KurzpostError } from '../errors.ts'
import { uuidv7 } from '../ids.ts'
import type { Access } from './access.ts'
import { deletePasskey, insertPasskey, type PasskeyRow } from './passkey.store.ts'
import { demandStrong } from './password.ts'
import { newRecoveryCodes, recoveryHash } from './recovery.ts'
import { deleteSession, deleteSessionsOf, moveSession, provedWhen, proveSession } from './session.store.ts'
import { type From, provePassword } from './sign-in.ts'
import { matchStep, newTotpSecret, seal, totpUrl, unseal } from './totp.ts'
import {
  confirmTotp,
  dropTotp,
  findUser,
  lockUser,
  membershipsOfUser,
  pendTotp,
  renewRecovery,
  setPasswordHash,
  type UserRow,
} from './user.store.ts'

/** A user who is signed in, and by which session. */
export interface Me {
  userId: string
  sessionId: string
}

/** How long after a proof one may change what opens one's access. */
const proofMs = 5 * 60_000
const mostPasskeys = 20

export async function demandUser({ db }: Pick<Access, 'db'>, { userId }: Me): Promise<UserRow> {
  const user = await findUser(db, userId)
  if (!user) throw new KurzpostError('unauthenticated')
  return user
}

/** Throws `proof_needed` unless the user has just shown who it is: an open laptop is not enough to change the locks. */
async function demandProof({ db, clock }: Access, { sessionId }: Me): Promise<void> {
  const at = await provedWhen(db, sessionId)
  if (!at || clock.now().getTime() - at.getTime() > proofMs) throw new KurzpostError('proof_needed')
}

export async function prove(access: Access, me: Me, password: string, from: From): Promise<void> {
  await provePassword(access, await demandUser(access, me), password, from)
  await proveSession(access.db, me.sessionId, access.clock.now())
}

export async function proveByPasskey(
  access: Access,
  me: Me,
  response: AuthenticationResponseJSON,
  { visit }: From,
): Promise<void> {
  await access.guesses.admit(visit.address)
  await access.db.transaction(async (tx) => {
    await access.passkeys.verify(tx, visit.origin, response, 'proof', me.userId)
    await access.guesses.right(tx, visit.address)
    await proveSession(tx, me.sessionId, access.clock.now())
  })
}

/** All other sessions end: whoever knew the old password is out. */
export async function changePassword(access: Access, me: Me, password: string): Promise<void> {
  await demandProof(access, me)
  const { email } = await demandUser(access, me)
  demandStrong(password, email)
  const hash = await access.passwords.hash(password)
  await access.db.transaction(async (tx) => {
    await lockUser(tx, me.userId)
    await setPasswordHash(tx, me.userId, hash, access.clock.now())
    await deleteSessionsOf(tx, me.userId, me.sessionId)
  })
  access.forget(me.userId)
}

/** A secret for an authenticator app; it counts once its first code was given. */
export async function beginTotp(access: Access, me: Me): Promise<{ secret: Buffer; url: string }> {
  await demandProof(access, me)
  const { email } = await demandUser(access, me)
  const secret = newTotpSecret()
  await pendTotp(access.db, me.userId, seal(access.totpKey, secret, me.userId), access.clock.now())
  return { secret, url: totpUrl(secret, { issuer: 'Kurzpost', email }) }
}

/** The first code fits: the next sign-in asks for one. Gives codes for a lost phone, which are shown once. */
export async function confirmSecondFactor(
  access: Access,
  me: Me,
  code: string,
  { visit }: From,
): Promise<string[]> {
  await demandProof(access, me)
  const { email } = await demandUser(access, me)
  await access.guesses.admit(visit.address, email)
  const codes = newRecoveryCodes()
  await access.db.transaction(async (tx) => {
    const now = access.clock.now()
    const user = await lockUser(tx, me.userId)
    const step =
      user?.totp_pending && matchStep(unseal(access.totpKey, user.totp_pending, me.userId), code, now)
    if (!step) throw new KurzpostError('code_wrong')
    await confirmTotp(tx, me.userId, step, hashesOf(access, me, codes), now)
    await access.guesses.right(tx, visit.address, email)
  })
  return codes
}

const hashesOf = ({ totpKey }: Access, { userId }: Me, codes: readonly string[]): Buffer[] =>
  codes.map((code) => recoveryHash(totpKey, userId, code))

/** New codes for a lost phone; those before are dead. */
export async function renewRecoveryCodes(access: Access, me: Me): Promise<string[]> {
  await demandProof(access, me)
  const codes = newRecoveryCodes()
  if (!(await renewRecovery(access.db, me.userId, hashesOf(access, me, codes), access.clock.now())))
    throw new KurzpostError('no_second_factor')
  return codes
}

export async function endTotp(access: Access, me: Me): Promise<void> {
  await demandProof(access, me)
  await dropTotp(access.db, me.userId, access.clock.now())
}

export async function offerPasskey(access: Access, me: Me, { visit }: From) {
  await demandProof(access, me)
  return access.passkeys.offer(access.db, visit.origin, await demandUser(access, me))
}

export async function addPasskey(
  access: Access,
  me: Me,
  given: { name: string; response: RegistrationResponseJSON },
  { visit }: From,
): Promise<PasskeyRow> {
  await demandProof(access, me)
  return access.db.transaction(async (tx) => {
    await lockUser(tx, me.userId)
    const now = access.clock.now()
    const known = await access.passkeys.of(tx, me.userId)
    if (known.length >= mostPasskeys)
      throw new KurzpostError('name_taken', { message: 'There are 20 passkeys.' })
    const credential = await access.passkeys.register(tx, visit.origin, me.userId, given.response)
    const id = uuidv7(now.getTime())
    const made = await insertPasskey(tx, {
      ...credential,
      ...{ user_id: me.userId, id, name: given.name, created_at: now },
    })
    if (!made) throw new KurzpostError('passkey_refused')
    return made
  })
}

export async function removePasskey(access: Access, me: Me, id: string): Promise<void> {
  await demandProof(access, me)
  if (!(await deletePasskey(access.db, me.userId, id))) throw new KurzpostError('not_found')
}

/** Ends a session of the user, this one or another; false: there is none of this id. */
export async function endSession(access: Access, me: Pick<Me, 'userId'>, id: string): Promise<boolean> {
  const ended = await deleteSession(access.db, me.userId, id)
  if (ended) access.forget(id)
  return ended
}

export async function endOtherSessions(access: Access, me: Me): Promise<void> {
  for (const id of await deleteSessionsOf(access.db, me.userId, me.sessionId)) access.forget(id)
}

/** Looks at another account of the user from now on. */
export async function switchAccount(access: Access, me: Me, accountId: string): Promise<void> {
  const memberships = await membershipsOfUser(access.db, me.userId)
  if (!memberships.some(({ account_id }) => account_id === accountId)) throw new KurzpostError('not_found')
  await moveSession(access.db, me.sessionId, accountId)
  access.forget(me.sessionId)
}

import { hash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import { publicId, uuidv7 } from '../ids.ts'
import type { Visit } from '../route.ts'
import type { Db, Tx } from '../store/db.ts'
import { record } from './audit.ts'
import type { Guesses } from './guesses.ts'
import { sessionMs } from './holders.ts'
import type { Passkeys } from './passkeys.ts'
import type { Passwords } from './password.ts'
import { readRecoveryCode, recoveryHash } from './recovery.ts'
import { insertSession, lastAccountOf } from './session.store.ts'
import { matchStep, unseal } from './totp.ts'
import { type Membership, takeRecoveryCode, takeTotpStep, type UserRow } from './user.store.ts'

/** What signing in and managing users works with. */
export interface Access {
  db: Db
  clock: Clock
  passwords: Passwords
  guesses: Guesses
  passkeys: Passkeys
  /** Seals second factors in the database. */
  totpKey: Buffer
  /** Of the console as others reach it; undefined: as the caller does. */
  publicUrl: string | undefined
  /** Makes the loss of a session or a role hold in this process at once, by its id or that of its user. */
  forget: (id: string) => void
  /** The account that operates the installation: its log has the guesses at users whom nobody knows. */
  operator: string
}

export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer')
export const newToken = (): string => randomBytes(32).toString('base64url')
/** One spelling for each address: nobody tells letters of different case apart when they sign in. */
export const normalEmail = (email: string): string => email.trim().normalize('NFKC').toLowerCase()

export interface Started {
  /** For the cookie; the database has its hash. */
  token: string
  sessionId: string
  accountId: string
}

/** A session always has a new token, whatever the browser brought along: nobody can have planted it. */
export async function startSession(
  tx: Tx,
  {
    user,
    memberships,
    visit,
    now,
  }: { user: UserRow; memberships: readonly Membership[]; visit: Visit; now: Date },
): Promise<Started> {
  const last = await lastAccountOf(tx, user.id)
  const { account_id: accountId } =
    memberships.find(({ account_id }) => account_id === last) ?? memberships[0]!
  const token = newToken()
  const session = {
    id: uuidv7(now.getTime()),
    hash: tokenHash(token),
    userId: user.id,
    accountId,
    expiresAt: new Date(now.getTime() + sessionMs),
    address: visit.address,
    agent: visit.agent,
  }
  await insertSession(tx, session, now)
  return { token, sessionId: session.id, accountId }
}

/** A browser on a foreign page, or a connection that others can read, gets no session. */
export function demandSafe(visit: Visit): string {
  if (visit.page === 'foreign') throw new KurzpostError('forged_request')
  if (visit.cookie === undefined) throw new KurzpostError('insecure_connection')
  return visit.cookie
}

/**
 * Takes the code of a user who has a second factor, of the app or for a lost phone; each is taken once, by whoever comes
 * first. In the transaction that lets the user in, with the user held.
 */
export async function demandCode(
  tx: Tx,
  user: UserRow,
  code: string | undefined,
  key: Buffer,
  now: Date,
): Promise<'app' | 'recovery' | undefined> {
  if (!user.totp_secret) return undefined
  if (code === undefined) throw new KurzpostError('second_factor_needed')
  if (readRecoveryCode(code) !== undefined) {
    if (await takeRecoveryCode(tx, user.id, recoveryHash(key, user.id, code), now)) return 'recovery'
    throw new KurzpostError('sign_in_failed')
  }
  const step = matchStep(unseal(key, user.totp_secret, user.id), code, now)
  if (step === undefined || !(await takeTotpStep(tx, user.id, step)))
    throw new KurzpostError('sign_in_failed')
  return 'app'
}

/**
 * Writes into the logs of the accounts of a user; what was tried at a user whom nobody knows stands in the operator's. Who
 * failed is nobody: the user is what was aimed at.
 */
export async function tell(
  tx: Tx,
  { operator }: Pick<Access, 'operator'>,
  {
    user,
    accounts,
    tried = '',
    ...deed
  }: {
    user: Pick<UserRow, 'id' | 'name'> | undefined
    accounts: readonly string[]
    action: string
    status: number
    error?: string
    /** What was given for a user, masked. */
    tried?: string
    address: string
    requestId: string
  },
  now: Date,
): Promise<void> {
  const actor =
    user && deed.status < 400
      ? ({ kind: 'user', id: user.id, name: user.name } as const)
      : ({ kind: 'nobody', id: '', name: tried } as const)
  const target = user ? publicId('user', user.id) : null
  const deeds = (accounts.length > 0 ? accounts : [operator]).map((accountId) => ({
    ...deed,
    accountId,
    actor,
    target,
  }))
  await record(tx, deeds, now)
}

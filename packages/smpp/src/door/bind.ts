import { Status } from '../pdu/status.ts'
import type { BindType } from '../session/actions.ts'
import { type Account, type Accounts, type AccountVerdict, createAccountCheck } from './accounts.ts'
import type { ClientCertificate } from './certificate.ts'
import { createLockout, type LockoutOptions, lockoutDefaults } from './lockout.ts'

/** What a stranger says who wants to bind, and what is known of it. */
export interface BindRequest {
  systemId: string
  /** Compare it with `passwordMatches`, or give `accounts` and leave that to the server. */
  password: string
  systemType: string
  /** interface_version as the peer gave it. */
  interfaceVersion: number
  bindType: BindType
  addressRange: string
  /** The peer's IP address: the real one, also behind a proxy that says whom it stands for. */
  address: string
  /** The peer's certificate, if it has shown one and it was verified (`tls.requestCert`). */
  certificate: ClientCertificate | undefined
}

export interface BindRules {
  accounts?: Accounts | undefined
  onBind?: ((bind: BindRequest) => number | Promise<number>) | undefined
  /** Answer ESME_RINVSYSID to an unknown system_id, and ESME_RINVPASWD only to a wrong password. */
  revealUnknown: boolean
  lockout: LockoutOptions | false
  now(): number
  wait(ms: number): Promise<void>
}

export interface BindVerdict {
  status: number
  /** For the operator, never with a password. */
  why: string
  account: Account | undefined
}

/** Failures that count as guesses at a password. */
const guesses: ReadonlySet<number> = new Set([Status.invalidPassword, Status.invalidSystemId])

// One look-up that hung must not make every later refusal as slow.
const longestEvenMs = 1_000

/**
 * Judges binds: lockout first, then `accounts`, then `onBind`. Of an account that says no the peer hears the same status
 * whatever the reason, unless `revealUnknown`. A verdict may have to wait, right or wrong, so that time tells nothing: a
 * "no" of the accounts takes as long as the slowest check so far, since a name without an account has no hash to compute.
 */
export function createBindJudge(rules: BindRules): (bind: BindRequest) => Promise<BindVerdict> {
  const check = rules.accounts && createAccountCheck(rules.accounts)
  const lockout =
    rules.lockout === false ? undefined : createLockout({ ...lockoutDefaults, ...rules.lockout })

  let slowestMs = 0

  async function checked(bind: BindRequest, ask: NonNullable<typeof check>): Promise<AccountVerdict> {
    const startedAt = rules.now()
    const verdict = await ask(bind)
    const took = rules.now() - startedAt
    slowestMs = Math.min(longestEvenMs, Math.max(slowestMs, took))
    if (!verdict.ok && took < slowestMs) await rules.wait(slowestMs - took)
    return verdict
  }

  async function ask(bind: BindRequest): Promise<BindVerdict> {
    let account: Account | undefined
    if (check !== undefined) {
      const verdict = await checked(bind, check)
      if (!verdict.ok) {
        const unknown = verdict.why === 'unknown system_id'
        const status =
          verdict.why === 'bind type not allowed'
            ? Status.bindFailed
            : unknown && rules.revealUnknown
              ? Status.invalidSystemId
              : Status.invalidPassword
        return { status, why: verdict.why, account: undefined }
      }
      account = verdict.account
    }
    const status = rules.onBind === undefined ? Status.ok : await rules.onBind(bind)
    // `undefined` would be written as 0, which is a welcome.
    if (!Number.isInteger(status))
      return { status: Status.bindFailed, why: 'onBind gave no command_status', account: undefined }
    return { status, why: status === 0 ? 'welcome' : 'refused by onBind', account }
  }

  return async (bind) => {
    if (lockout === undefined) return ask(bind)
    const { systemId, address } = bind
    const before = lockout.look(systemId, address, rules.now())
    if (before.lockedUntil > 0) return locked(before.lockedUntil - rules.now())
    let verdict = await ask(bind)
    if (verdict.status === 0) {
      // Of many guesses at once, all heard before the first has failed, the right one must not get in.
      const after = lockout.look(systemId, address, rules.now())
      if (after.lockedUntil > 0) return locked(after.lockedUntil - rules.now())
      lockout.succeeded(systemId, address, rules.now())
    } else if (guesses.has(verdict.status)) {
      const failures = lockout.failed(systemId, address, rules.now())
      verdict = { ...verdict, why: `${verdict.why}, failure ${failures}` }
    }
    if (before.delayMs > 0) await rules.wait(before.delayMs)
    return verdict
  }
}

const locked = (ms: number): BindVerdict => ({
  status: Status.bindFailed,
  why: `locked out for ${Math.ceil(ms / 1000)} s more`,
  account: undefined,
})

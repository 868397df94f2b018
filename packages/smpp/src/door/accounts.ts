import type { BindType } from '../session/actions.ts'
import { createAddressList } from './address.ts'
import type { ClientCertificate } from './certificate.ts'
import { passwordMatches } from './password.ts'

/** One customer of a server, as data. */
export interface Account {
  systemId: string
  /** Compared in constant time; or a function, where only a hash of it is stored. */
  password: string | ((given: string) => boolean | Promise<boolean>)
  /** Addresses it may bind from: `['192.0.2.0/24', '2001:db8::/32']`. Default: any. */
  allow?: readonly string[]
  /** SHA-256 fingerprints of the client certificates it may bind with (`AB:CD:…`). Needs `tls.requestCert`. Default: any or none. */
  certificates?: readonly string[]
  /** Default: all three. */
  bindTypes?: readonly BindType[]
  /** Sessions at a time. Default: `maxBinds` of the server. */
  maxBinds?: number
  /** Requests with their handlers at a time, in all its sessions together; more are answered ESME_RTHROTTLED. Default: no limit but the sessions' own. */
  maxHandling?: number
}

/** All accounts, or a function that looks one up. */
export type Accounts =
  | readonly Account[]
  | ((systemId: string) => Account | undefined | Promise<Account | undefined>)

export interface Credentials {
  systemId: string
  password: string
  address: string
  bindType: BindType
  certificate: ClientCertificate | undefined
}

export type AccountVerdict =
  | { ok: true; account: Account }
  | {
      ok: false
      why:
        | 'unknown system_id'
        | 'wrong password'
        | 'address not allowed'
        | 'certificate not allowed'
        | 'bind type not allowed'
    }

const nobody: Account = { systemId: '', password: 'no password is this one' }

/**
 * Checks credentials against accounts. A password is compared in every case, so that an unknown system_id, an
 * address that is not allowed and a wrong password take the same time; where a function compares it, the caller has to
 * even out what that takes. Throws RangeError at once for an `allow` that cannot be read and a system_id that is there twice.
 */
export function createAccountCheck(
  accounts: Accounts,
): (credentials: Credentials) => Promise<AccountVerdict> {
  if (typeof accounts === 'function')
    return async (credentials) => check(await accounts(credentials.systemId), credentials)
  const known = new Map<string, Account>()
  for (const account of accounts) {
    createAddressList(account.allow ?? [])
    if (known.has(account.systemId))
      throw new RangeError(`two accounts of one system_id: ${account.systemId}`)
    known.set(account.systemId, account)
  }
  return (credentials) => check(known.get(credentials.systemId), credentials)
}

async function check(account: Account | undefined, given: Credentials): Promise<AccountVerdict> {
  const { password } = account ?? nobody
  const matches =
    typeof password === 'string' ? passwordMatches(given.password, password) : await password(given.password)
  // Nothing but true is a yes: whatever else a program without types gives must not open the door.
  return verdict(account, given, matches === true)
}

function verdict(account: Account | undefined, given: Credentials, right: boolean): AccountVerdict {
  if (account === undefined) return { ok: false, why: 'unknown system_id' }
  if (account.allow !== undefined && !createAddressList(account.allow)(given.address))
    return { ok: false, why: 'address not allowed' }
  if (account.certificates !== undefined && !hasCertificate(account.certificates, given.certificate))
    return { ok: false, why: 'certificate not allowed' }
  if (!right) return { ok: false, why: 'wrong password' }
  if (account.bindTypes !== undefined && !account.bindTypes.includes(given.bindType))
    return { ok: false, why: 'bind type not allowed' }
  return { ok: true, account }
}

const hasCertificate = (allowed: readonly string[], certificate: ClientCertificate | undefined): boolean =>
  certificate !== undefined &&
  allowed.some((fingerprint) => bare(fingerprint) === bare(certificate.fingerprint256))

const bare = (fingerprint: string): string => fingerprint.replaceAll(':', '').toUpperCase()

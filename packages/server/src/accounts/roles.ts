import { KurzpostError } from '../errors.ts'
import { type Scope, scopeNames } from '../route.ts'

/** What a user may do in an account: the scopes that an API key would need for the same. */
export interface RoleEntry {
  readonly meaning: string
  readonly scopes: readonly Scope[]
  /** Sees everything that the scopes cover and changes nothing. */
  readonly readsOnly?: true
  /** Sees no full number and no full address of a customer. */
  readonly masked?: true
}

export const roles = {
  owner: { meaning: 'Everything, owners included.', scopes: scopeNames },
  admin: { meaning: 'Everything, but for making and removing owners.', scopes: scopeNames },
  developer: {
    meaning: 'Keys, webhooks, carriers and messages: what an integration needs.',
    scopes: ['messages:write', 'messages:read', 'webhooks', 'events', 'keys', 'operate', 'keywords'],
  },
  marketer: {
    meaning: 'People, consent, keywords and what goes out to many.',
    scopes: ['messages:write', 'messages:read', 'events', 'contacts', 'consent', 'keywords'],
  },
  agent: {
    meaning: 'Answers conversations, and sees no full number.',
    scopes: ['inbox', 'events'],
    masked: true,
  },
  auditor: {
    meaning: 'Reads everything, with numbers hidden, and changes nothing.',
    scopes: scopeNames,
    readsOnly: true,
    masked: true,
  },
} as const satisfies Record<string, RoleEntry>

export type RoleName = keyof typeof roles
export const roleNames = Object.keys(roles) as RoleName[]
export const roleOf = (name: RoleName): RoleEntry => roles[name]

/** Who gives a role away or takes it: a user by the role held, a key by its scopes. */
export interface Giver {
  readonly role: RoleName | undefined
  readonly scopes: ReadonlySet<Scope>
}

/** What of these scopes a giver has not. */
const beyond = (giver: Giver, scopes: readonly Scope[]): Scope[] =>
  scopes.filter((scope) => !giver.scopes.has(scope))

/**
 * Nobody gives or takes away more than they may do themselves, and owners are made and removed by owners alone: holds for
 * users, for invitations that nobody has taken yet, and for what opens a user's access.
 */
export function demandReach(giver: Giver, role: RoleName): void {
  const within = role === 'owner' ? giver.role === 'owner' : beyond(giver, roles[role].scopes).length === 0
  if (!within) throw new KurzpostError('role_beyond_yours')
}

/** The same of the scopes of a key, which is made or revoked. */
export function demandReachOfKey(giver: Giver, scopes: readonly Scope[]): void {
  const lacking = beyond(giver, scopes)
  if (lacking.length === 0) return
  throw new KurzpostError('forbidden', {
    message: 'The key may do more than you may.',
    details: { scopes: lacking },
  })
}

import { KurzpostError } from '../errors.ts'
import { uuidv7 } from '../ids.ts'
import type { Actor } from '../route.ts'
import type { Tx } from '../store/db.ts'
import { type Access, newToken, normalEmail, tokenHash } from './access.ts'
import {
  deleteInvitation,
  deleteInvitationsOf,
  deleteLinksOfUser,
  deleteResets,
  insertLink,
  type LinkRow,
} from './link.store.ts'
import { deletePasskeysOf } from './passkey.store.ts'
import { demandReach, type Giver, type RoleName } from './roles.ts'
import { deleteSessionsIn, deleteSessionsOf } from './session.store.ts'
import {
  belongsElsewhere,
  deleteMembership,
  deleteUser,
  dropTotp,
  findMember,
  findUserByEmail,
  holdOwners,
  type MemberRow,
  setRole,
} from './user.store.ts'

/** An invitation may lie in an inbox over the holidays; a way to a new password may not. */
const invitationMs = 14 * 24 * 3_600_000
const resetMs = 24 * 3_600_000

/** A link is shown once: the database has a hash of its token. */
export interface MadeLink {
  link: LinkRow
  token: string
}

type House = Pick<Access, 'db' | 'clock' | 'forget'>

async function makeLink(
  tx: Tx,
  link: Omit<LinkRow, 'id' | 'created_at' | 'expires_at' | 'used_at'>,
  now: Date,
): Promise<MadeLink> {
  const token = newToken()
  const lasts = link.kind === 'invitation' ? invitationMs : resetMs
  const row = await insertLink(tx, {
    ...link,
    id: uuidv7(now.getTime()),
    hash: tokenHash(token),
    created_at: now,
    expires_at: new Date(now.getTime() + lasts),
  })
  return { link: row, token }
}

/** The token stands behind `#`, which browsers send to nobody: no log and no referrer has it. */
export const linkUrl = (base: string, token: string): string => `${base}/welcome#${token}`

/** Invites somebody into an account; an earlier invitation of the same address is void. */
export async function invite(
  { clock }: Pick<House, 'clock'>,
  tx: Tx,
  accountId: string,
  given: { email: string; name: string; role: RoleName },
  by: { actor: Actor; giver: Giver },
): Promise<MadeLink> {
  demandReach(by.giver, given.role)
  const email = normalEmail(given.email)
  const known = await findUserByEmail(tx, email)
  if (known && (await findMember(tx, accountId, known.id)))
    throw new KurzpostError('name_taken', { message: 'This person is a user of the account already.' })
  for (const role of await deleteInvitationsOf(tx, accountId, email)) demandReach(by.giver, role)
  const { name, role } = given
  const made_by = by.actor
  return makeLink(
    tx,
    { account_id: accountId, kind: 'invitation', email, name, role, user_id: null, made_by },
    clock.now(),
  )
}

/** The member, held together with the account's owners; throws where the giver is below. */
async function demandMember(tx: Tx, accountId: string, userId: string, giver: Giver): Promise<MemberRow> {
  await holdOwners(tx, accountId)
  const member = await findMember(tx, accountId, userId)
  if (!member) throw new KurzpostError('not_found')
  demandReach(giver, member.role)
  return member
}

async function demandAnotherOwner(tx: Tx, accountId: string, userId: string): Promise<void> {
  const owners = await holdOwners(tx, accountId)
  if (owners.has(userId) && owners.size === 1) throw new KurzpostError('last_owner')
}

export async function changeRole(
  { db, forget }: House,
  accountId: string,
  userId: string,
  role: RoleName,
  giver: Giver,
): Promise<MemberRow> {
  const changed = await db.transaction(async (tx) => {
    await demandMember(tx, accountId, userId, giver)
    demandReach(giver, role)
    if (role !== 'owner') await demandAnotherOwner(tx, accountId, userId)
    await setRole(tx, accountId, userId, role)
    // Made by somebody who was above the role before, they would open the one that comes.
    await deleteLinksOfUser(tx, userId)
    return findMember(tx, accountId, userId)
  })
  forget(userId)
  return changed!
}

/** An invitation that nobody has taken yet opens nothing from now on. */
export async function withdraw(
  { db }: Pick<House, 'db'>,
  accountId: string,
  linkId: string,
  giver: Giver,
): Promise<void> {
  await db.transaction(async (tx) => {
    const role = await deleteInvitation(tx, accountId, linkId)
    if (!role) throw new KurzpostError('not_found')
    demandReach(giver, role)
  })
}

/** Takes a user out of the account; who belongs to no other is forgotten altogether, but for the audit log. */
export async function removeMember(
  { db, forget }: House,
  accountId: string,
  userId: string,
  giver: Giver,
): Promise<void> {
  await db.transaction(async (tx) => {
    await demandMember(tx, accountId, userId, giver)
    await demandAnotherOwner(tx, accountId, userId)
    await deleteMembership(tx, accountId, userId)
    await deleteSessionsIn(tx, userId, accountId)
    await deleteResets(tx, accountId, userId)
    if (await belongsElsewhere(tx, accountId, userId)) return
    await deleteSessionsOf(tx, userId, null)
    await deletePasskeysOf(tx, userId)
    await deleteLinksOfUser(tx, userId)
    await deleteUser(tx, userId)
  })
  forget(userId)
}

/**
 * A link by which the user sets a new password, for one that is lost. Nobody makes one for a user who also belongs to
 * other accounts: it would open those, too. The operator's command line may (`everywhere`).
 */
export async function resetPassword(
  { db, clock }: House,
  accountId: string,
  userId: string,
  by: { actor: Actor; giver: Giver; everywhere?: true },
): Promise<MadeLink> {
  return db.transaction(async (tx) => {
    const member = await demandMember(tx, accountId, userId, by.giver)
    if (!by.everywhere && (await belongsElsewhere(tx, accountId, userId)))
      throw new KurzpostError('user_of_others')
    await deleteResets(tx, accountId, userId)
    const { email, name } = member
    const made_by = by.actor
    return makeLink(
      tx,
      { account_id: accountId, kind: 'reset', email, name, role: null, user_id: userId, made_by },
      clock.now(),
    )
  })
}

/** Takes away what a lost phone was needed for: codes and passkeys. Whoever is signed in as the user is so no more. */
export async function dropFactors(
  { db, clock, forget }: House,
  accountId: string,
  userId: string,
  by: { giver: Giver; everywhere?: true },
): Promise<void> {
  await db.transaction(async (tx) => {
    await demandMember(tx, accountId, userId, by.giver)
    if (!by.everywhere && (await belongsElsewhere(tx, accountId, userId)))
      throw new KurzpostError('user_of_others')
    await dropTotp(tx, userId, clock.now())
    await deletePasskeysOf(tx, userId)
    await deleteSessionsOf(tx, userId, null)
  })
  forget(userId)
}

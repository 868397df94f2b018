import { Command, Option } from 'commander'
import { normalEmail } from '../accounts/access.ts'
import { type RoleName, roleNames, roleOf } from '../accounts/roles.ts'
import { readSandboxAccess } from '../accounts/sandbox-access.ts'
import { findUserByEmail, listMembers, membershipsOfUser } from '../accounts/user.store.ts'
import {
  dropFactors,
  invite,
  linkUrl,
  type MadeLink,
  removeMember,
  resetPassword,
} from '../accounts/users.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { publicId } from '../ids.ts'
import { scopeNames } from '../route.ts'
import type { Db } from '../store/db.ts'
import { accountOption, withAccount } from './account.ts'
import { audited } from './audited.ts'
import { say } from './say.ts'

export const userCommand = (command: Command): Command =>
  command
    .addCommand(
      new Command('add')
        .description('Invite somebody. The link is printed now and never again.')
        .argument('<email>')
        .requiredOption('--name <name>', 'what to call the person')
        .addOption(
          new Option('--role <role>', 'what the person may do').choices(roleNames).makeOptionMandatory(),
        )
        .option(...accountOption)
        .action(add),
    )
    .addCommand(
      new Command('list')
        .description('Show the users.')
        .option(...accountOption)
        .action(list),
    )
    .addCommand(
      new Command('reset')
        .description('Make a link for a new password; it is printed now and never again.')
        .argument('<email>')
        .option('--factors', 'also take away codes and passkeys, for a phone that is lost')
        .action(reset),
    )
    .addCommand(
      new Command('remove')
        .description(
          'Remove a user from the account. Running servers refuse the sessions within five seconds.',
        )
        .argument('<email>')
        .option(...accountOption)
        .action(remove),
    )
    .addHelpText(
      'after',
      `
Roles:
${roleNames.map((role) => `  ${role.padEnd(10)} ${roleOf(role).meaning}`).join('\n')}

Examples:
  kurzpost user add ada@example.org --name Ada --role owner
  kurzpost user list
  kurzpost user reset ada@example.org --factors`,
    )

const giver = { role: 'owner' as const, scopes: new Set(scopeNames) }
const actor = { kind: 'nobody' as const, id: '', name: 'the command line' }
/** What other processes remember lapses by itself. */
const forget = () => {}
const house = (db: Db) => ({ db, clock: systemClock, forget })

async function show({ link, token }: MadeLink): Promise<void> {
  const { publicUrl, dataDir, port } = readConfig(process.env)
  const sandbox = await readSandboxAccess(dataDir)
  const base = publicUrl ?? (sandbox?.url || `http://127.0.0.1:${port}`)
  say.note(`Hand it over yourself; it opens once, until ${link.expires_at.toISOString().slice(0, 16)}Z.`)
  say.answer(linkUrl(base, token))
}

async function add(
  email: string,
  { name, role, account }: { name: string; role: RoleName; account?: string },
): Promise<void> {
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`${email} is no e-mail address.`)
  const made = await withAccount(
    (db, accountId) =>
      audited(
        db,
        [accountId],
        { action: 'kurzpost user add', fields: { role } },
        () =>
          db.transaction((tx) => invite(house(db), tx, accountId, { email, name, role }, { actor, giver })),
        ({ link }) => publicId('link', link.id),
      ),
    account,
  )
  await show(made)
}

async function list({ account }: { account?: string }): Promise<void> {
  const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  const users = await withAccount((db, accountId) => listMembers(db, accountId, last, 1000), account)
  for (const { id, email, name, role, seen_at, has_totp, passkeys } of users) {
    const factors = [has_totp && 'codes', passkeys > 0 && `${passkeys} passkeys`].filter(Boolean).join(', ')
    const seen = seen_at ? `seen ${seen_at.toISOString().slice(0, 10)}` : 'not signed in'
    say.answer([publicId('user', id), email, name, role, seen, factors].filter(Boolean).join('  '))
  }
  if (users.length === 0)
    say.note('There is no user yet. `kurzpost user add <email> --name … --role owner` invites one.')
}

/** The bare id of a user and the accounts to which the user belongs. */
async function find(db: Db, email: string): Promise<{ id: string; accounts: string[] }> {
  const user = await findUserByEmail(db, normalEmail(email))
  if (!user) throw new Error(`There is no user ${email}. \`kurzpost user list\` shows them.`)
  const memberships = await membershipsOfUser(db, user.id)
  return { id: user.id, accounts: memberships.map(({ account_id }) => account_id) }
}

async function reset(email: string, { factors }: { factors?: true }): Promise<void> {
  const made = await withAccount(async (db) => {
    const { id, accounts } = await find(db, email)
    const [accountId] = accounts
    if (accountId === undefined) throw new Error(`${email} belongs to no account.`)
    const by = { actor, giver, everywhere: true as const }
    const deed = { target: publicId('user', id), fields: { factors: factors === true } }
    return audited(db, accounts, { action: 'kurzpost user reset', ...deed }, async () => {
      if (factors) await dropFactors(house(db), accountId, id, by)
      return resetPassword(house(db), accountId, id, by)
    })
  })
  await show(made)
}

async function remove(email: string, { account }: { account?: string }): Promise<void> {
  await withAccount(async (db, accountId) => {
    const { id } = await find(db, email)
    const deed = { action: 'kurzpost user remove', target: publicId('user', id) } as const
    await audited(db, [accountId], deed, () => removeMember(house(db), accountId, id, giver))
  }, account)
  say.answer(`${email} is removed.`)
}

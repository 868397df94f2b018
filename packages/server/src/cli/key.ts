import { Command, Option } from 'commander'
import { createKey } from '../accounts/keys.ts'
import { listKeys, revokeKey } from '../accounts/store.ts'
import { systemClock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import { parseId, publicId } from '../ids.ts'
import { type Scope, scopeNames, scopes } from '../route.ts'
import { accountOption, withAccount } from './account.ts'
import { audited } from './audited.ts'
import { say } from './say.ts'

export const keyCommand = (command: Command): Command =>
  command
    .addCommand(
      new Command('create')
        .description('Make a key. It is printed now and never again.')
        .requiredOption('--name <name>', 'who or what uses it')
        .addOption(
          new Option('--scope <scopes...>', 'what it may do; everything unless named').choices(scopeNames),
        )
        .option(...accountOption)
        .action(create),
    )
    .addCommand(
      new Command('list')
        .description('Show the keys, newest first.')
        .option(...accountOption)
        .action(list),
    )
    .addCommand(
      new Command('revoke')
        .description('Revoke a key for good. Running servers refuse it within five seconds.')
        .argument('<id>', 'key_…, as `kurzpost key list` shows it')
        .option(...accountOption)
        .action(revoke),
    )
    .addHelpText(
      'after',
      `
Scopes:
${Object.entries(scopes)
  .map(([scope, meaning]) => `  ${scope.padEnd(16)} ${meaning}`)
  .join('\n')}

Examples:
  kurzpost key create --name shop --scope messages:write messages:read
  kurzpost key list
  kurzpost key revoke key_01kx…`,
    )

async function create({
  name,
  scope = scopeNames,
  account,
}: {
  name: string
  scope?: Scope[]
  account?: string
}): Promise<void> {
  const { token } = await withAccount(
    (db, accountId) =>
      audited(
        db,
        [accountId],
        { action: 'kurzpost key create', fields: { scopes: scope } },
        () => createKey(db, accountId, { name, scopes: scope }, systemClock.now()),
        ({ key }) => publicId('key', key.id),
      ),
    account,
  )
  say.note('Keep it: it is not shown again.')
  say.answer(token)
}

async function list({ account }: { account?: string }): Promise<void> {
  const keys = await withAccount(listKeys, account)
  for (const { id, name, hint, scopes, created_at, revoked_at } of keys) {
    const since = `made ${created_at.toISOString().slice(0, 10)}`
    const until = revoked_at ? `, revoked ${revoked_at.toISOString().slice(0, 10)}` : ''
    say.answer(`${publicId('key', id)}  …${hint}  ${name}  (${scopes.join(' ')})  ${since}${until}`)
  }
  if (keys.length === 0) say.note('There is no key yet. `kurzpost key create --name …` makes one.')
}

async function revoke(id: string, { account }: { account?: string }): Promise<void> {
  const nobody = () =>
    new KurzpostError('not_found', { message: `There is no key ${id}. \`kurzpost key list\` shows them.` })
  const bare = parseId('key', id)
  if (!bare) throw nobody()
  const { name } = await withAccount(
    (db, accountId) =>
      audited(db, [accountId], { action: 'kurzpost key revoke', target: id }, async () => {
        const revoked = await revokeKey(db, accountId, bare, systemClock.now())
        if (!revoked) throw nobody()
        return revoked
      }),
    account,
  )
  say.answer(`${id} (${name}) is revoked.`)
}

import { Command } from 'commander'
import { ensureFirstAccount } from '../accounts/keys.ts'
import { addAccount, findAccounts, listAccounts } from '../accounts/store.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { parseId, publicId, uuidv7 } from '../ids.ts'
import { createLog } from '../log.ts'
import { type Db, openDb } from '../store/db.ts'
import { migrate } from '../store/migrate.ts'
import { audited } from './audited.ts'
import { withDatabase } from './database.ts'
import { say } from './say.ts'

/**
 * Works on an account, straight in the database on a current schema, whether or not a server runs: on the one named by its
 * id or its name, else on the first.
 */
export async function withAccount<T>(
  work: (db: Db, accountId: string) => Promise<T>,
  which?: string,
): Promise<T> {
  const log = createLog('warn')
  return withDatabase(readConfig(process.env), log, async (url) => {
    await migrate(url, log)
    const db = openDb(url, { max: 2, log, name: 'kurzpost command' })
    try {
      const { id } = await ensureFirstAccount(db, systemClock)
      return await work(db, which === undefined ? id : await accountOf(db, which))
    } finally {
      await db.close()
    }
  })
}

async function accountOf(db: Db, which: string): Promise<string> {
  const found = await findAccounts(db, parseId('account', which) ?? null, which)
  if (found.length === 1) return found[0]!.id
  throw new Error(
    found.length === 0
      ? `There is no account ${which}. \`kurzpost account list\` shows them.`
      : `There are ${found.length} accounts of the name ${which}. Name one by its id: \`kurzpost account list\`.`,
  )
}

export const accountOption = ['--account <account>', 'acc_… or its name; the first unless named'] as const

export const accountCommand = (command: Command): Command =>
  command
    .addCommand(
      new Command('add').description('Add an account.').argument('<name>', 'whose it is').action(add),
    )
    .addCommand(new Command('list').description('Show the accounts, the first one first.').action(list))
    .addHelpText(
      'after',
      `
The first account operates the installation: carriers, routes and nodes are its to manage.

Examples:
  kurzpost account add Bakery
  kurzpost user add ada@example.org --name Ada --role owner --account Bakery
  kurzpost key create --name shop --account Bakery`,
    )

async function add(name: string): Promise<void> {
  const now = systemClock.now()
  const made = uuidv7(now.getTime())
  const id = publicId('account', made)
  await withAccount((db, operator) =>
    // In the log of those who operate: whoever has the new one finds how it began, and nothing before it.
    audited(db, [operator], { action: 'kurzpost account add', target: id }, () =>
      addAccount(db, { id: made, name, created_at: now }),
    ),
  )
  say.note(`${name} is there. \`kurzpost user add … --role owner --account ${id}\` lets somebody in.`)
  say.answer(id)
}

async function list(): Promise<void> {
  const accounts = await withAccount((db) => listAccounts(db))
  for (const [at, { id, name, created_at, users, keys }] of accounts.entries()) {
    const role = at === 0 ? '  operates the installation' : ''
    const made = created_at.toISOString().slice(0, 10)
    say.answer(`${publicId('account', id)}  ${name}  ${users} users, ${keys} keys, made ${made}${role}`)
  }
}

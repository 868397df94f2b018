import { Command, InvalidArgumentError, Option } from 'commander'
import { createBell } from '../bell.ts'
import { systemClock } from '../clock.ts'
import { createLogins, type LoginChangeWish, type Logins, type LoginView } from '../esme/logins.ts'
import { newPassword } from '../esme/password.ts'
import { badBlock } from '../esme/schemas.ts'
import { parseId } from '../ids.ts'
import { type Lane, laneNames } from '../message/lane.ts'
import type { Db } from '../store/db.ts'
import { withAccount } from './account.ts'
import { audited, type CommandDeed } from './audited.ts'
import { say } from './say.ts'

const count =
  (most: number) =>
  (text: string): number => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < 1 || number > most)
      throw new InvalidArgumentError(`It takes a whole number from 1 to ${most}.`)
    return number
  }
/** commander takes a null for no value at all. */
const rate = (text: string): number | 'none' => {
  if (text === 'none') return text
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('It takes a number above 0, or none.')
  return number
}
const none = (values: string[]): string[] => (values.length === 1 && values[0] === 'none' ? [] : values)

interface Flags {
  name?: string
  password?: string
  allow?: string[]
  binds?: number
  window?: number
  rate?: number | 'none'
  bindTypes?: LoginView['bind_types']
  lane?: Lane
  receives?: string[]
  tlsOnly?: boolean
  alphabet?: LoginView['alphabet']
  long?: LoginView['long_inbound']
}

/** What `add` and `set` have in common. */
const withSettings = (command: Command): Command =>
  command
    .option('--name <name>', 'whose it is, for people')
    .option('--allow <blocks...>', 'addresses or blocks that it may bind from; `none`: everywhere')
    .option('--binds <count>', 'sessions at a time, on all nodes together', count(10_000))
    .option('--window <count>', 'receipts without an answer, on each session', count(1_000))
    .option('--rate <segments>', 'segments a second, on all nodes together; `none`: no limit', rate)
    .addOption(
      new Option('--bind-types <types...>', 'how it may bind').choices([
        'transceiver',
        'transmitter',
        'receiver',
      ]),
    )
    .addOption(new Option('--lane <lane>', 'of messages with priority_flag 0').choices(laneNames))
    .option('--receives <numbers...>', 'own numbers whose inbound goes to it, such as +4930*; `none`: none')
    .option('--tls-only', 'it may not bind without TLS')
    .option('--no-tls-only', 'it may')
    .addOption(new Option('--alphabet <name>', 'what data_coding 0 means').choices(['gsm7', 'latin1']))
    .addOption(new Option('--long <how>', 'how long inbound goes to it').choices(['udh', 'sar', 'payload']))

export const loginCommand = (command: Command): Command =>
  command
    .addCommand(
      withSettings(
        new Command('add')
          .description('Add a login. Its password is printed now and never again.')
          .argument('<system_id>', 'the name in a bind, up to 15 characters')
          .option('--password <password>', '6 to 64 characters; made unless given'),
      ).action(add),
    )
    .addCommand(
      new Command('list')
        .description('Show the logins, who is bound, and what waits.')
        .option('--json', 'as GET /v1/smpp-logins answers')
        .action(list),
    )
    .addCommand(
      withSettings(
        new Command('set').description('Change a login.').argument('<login>', 'system_id or lgn_…'),
      )
        .option('--enable', 'switch it on')
        .option('--disable', 'switch it off: its sessions are unbound, and what comes for it waits')
        .action(set),
    )
    .addCommand(
      new Command('password')
        .description('Give a login another password. Its sessions are unbound.')
        .argument('<login>', 'system_id or lgn_…')
        .option('--password <password>', '6 to 64 characters; made unless given')
        .action(password),
    )
    .addCommand(
      new Command('remove')
        .description('Remove a login, and what waits for it.')
        .argument('<login>', 'system_id or lgn_…')
        .action(remove),
    )
    .addHelpText(
      'after',
      `
Running servers hear of a change within a second.

Examples:
  kurzpost login add shop --rate 50 --allow 192.0.2.0/24
  kurzpost login set shop --receives +4930123456 --lane code
  kurzpost login list`,
    )

function wishOf(flags: Flags): LoginChangeWish {
  const blocks = flags.allow && none(flags.allow)
  const bad = blocks && badBlock(blocks)
  if (bad !== undefined) throw new Error(`${bad} is no IP address and no block of them.`)
  const given = {
    name: flags.name,
    allowed_ips: blocks,
    max_binds: flags.binds,
    window: flags.window,
    segments_per_second: flags.rate === 'none' ? null : flags.rate,
    bind_types: flags.bindTypes,
    lane: flags.lane,
    receives: flags.receives && none(flags.receives),
    tls_only: flags.tlsOnly,
    alphabet: flags.alphabet,
    long_inbound: flags.long,
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as LoginChangeWish
}

const checked = (given: string | undefined): string => {
  if (given !== undefined && !/^[!-~]{6,64}$/.test(given))
    throw new Error('A password has 6 to 64 characters of ASCII without spaces.')
  return given ?? newPassword()
}

async function add(systemId: string, flags: Flags): Promise<void> {
  if (!/^[!-~]{1,15}$/.test(systemId))
    throw new Error('A system_id has 1 to 15 characters of ASCII without spaces.')
  const wish = wishOf(flags)
  const secret = checked(flags.password)
  const added = await withLogins(({ logins, accountId, db }) =>
    audited(
      db,
      [accountId],
      { action: 'kurzpost login add', fields: { settings: Object.keys(wish) } },
      () => logins.add(accountId, { ...wish, system_id: systemId, password: secret }),
      ({ login }) => login.id,
    ),
  )
  say.note(`${added.login.id} is there. Its password, which is not shown again:`)
  say.answer(added.password)
}

async function list({ json }: { json?: true }): Promise<void> {
  const logins = await withLogins(({ logins, accountId }) => logins.list(accountId))
  if (json) return say.answer(JSON.stringify({ data: logins }, null, 2))
  for (const { id, system_id, name, enabled, sessions, waiting } of logins) {
    const bound = enabled ? `${sessions.length} bound` : 'switched off'
    const left = waiting.given_up > 0 ? `, ${waiting.given_up} given up` : ''
    say.answer(`${id}  ${system_id}  ${name}  ${bound}, ${waiting.count} waiting${left}`)
  }
  if (logins.length === 0) say.note('There is no login yet. `kurzpost login add <system_id>` makes one.')
}

async function set(which: string, flags: Flags & { enable?: true; disable?: true }): Promise<void> {
  if (flags.enable && flags.disable) throw new Error('Say --enable or --disable, not both.')
  const enabled = flags.enable ? { enabled: true } : flags.disable ? { enabled: false } : {}
  const wish = { ...wishOf(flags), ...enabled }
  if (Object.keys(wish).length === 0)
    throw new Error('Say what to change; `kurzpost login set --help` lists it.')
  const deed = { action: 'kurzpost login set', fields: { ...enabled, settings: Object.keys(wish) } } as const
  const login = await onLogin(which, deed, (logins, accountId, id) => logins.change(accountId, id, wish))
  say.answer(`${login.id} (${login.system_id}) is changed.`)
}

async function password(which: string, flags: { password?: string }): Promise<void> {
  const secret = checked(flags.password)
  const login = await onLogin(which, { action: 'kurzpost login password' }, (logins, accountId, id) =>
    logins.change(accountId, id, { password: secret }),
  )
  say.note(`${login.id} (${login.system_id}) has a new password, which is not shown again:`)
  say.answer(secret)
}

async function remove(which: string): Promise<void> {
  await onLogin(which, { action: 'kurzpost login remove' }, (logins, accountId, id) =>
    logins.remove(accountId, id),
  )
  say.answer(`${which} is removed.`)
}

/** Finds the login, writes down what is done to it, and does it. */
const onLogin = <T>(
  which: string,
  deed: CommandDeed,
  work: (logins: Logins, accountId: string, id: string) => Promise<T>,
): Promise<T> =>
  withLogins(async ({ logins, accountId, db }) => {
    const found = (await logins.list(accountId)).find(
      ({ id, system_id }) => id === which || system_id === which,
    )
    const id = found && parseId('login', found.id)
    if (!id) throw new Error(`There is no login ${which}. \`kurzpost login list\` shows them.`)
    return audited(db, [accountId], { ...deed, target: found.id }, () => work(logins, accountId, id))
  })

const withLogins = <T>(
  work: (house: { logins: Logins; accountId: string; db: Db }) => Promise<T>,
): Promise<T> =>
  withAccount((db, accountId) =>
    work({ logins: createLogins({ db, clock: systemClock, bell: createBell() }), accountId, db }),
  )

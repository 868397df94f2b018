import { text as readText } from 'node:stream/consumers'
import { Command, InvalidArgumentError, Option } from 'commander'
import { createBell } from '../bell.ts'
import { readFleet } from '../carriers/health.ts'
import { kindNames } from '../carriers/kinds.ts'
import {
  addCarrier,
  type CarrierChange,
  changeCarrier,
  type ManageHouse,
  removeCarrier,
} from '../carriers/manage.ts'
import { carrierJson } from '../carriers/schemas.ts'
import { readSmppUrl } from '../carriers/smpp/kind.ts'
import { countQueued, type Mode } from '../carriers/store.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { createGuard } from '../egress.ts'
import { parseId, publicId } from '../ids.ts'
import { listRoutes } from '../routing/routes.store.ts'
import { withAccount } from './account.ts'
import { audited, type CommandDeed } from './audited.ts'
import { say } from './say.ts'
import { type Column, table } from './table.ts'

type Json = Record<string, unknown>

/** `window=20`, `hosts=[{"host":"…"}]`, `receipts.parts=one`: values are JSON where they can be, else text; null takes away. */
function assignment(text: string, before: Json = {}): Json {
  const [, path, value] = /^([a-z_][a-z0-9_.]*)=(.*)$/s.exec(text) ?? []
  if (path === undefined || value === undefined)
    throw new InvalidArgumentError('It takes name=value, such as window=20.')
  const names = path.split('.')
  const last = names.pop()!
  const result = structuredClone(before)
  let inner: Json = result
  for (const name of names) {
    inner[name] ??= {}
    inner = inner[name] as Json
  }
  inner[last] = parsed(value)
  return result
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** Secrets are text, also where they look like numbers. */
function secret(given: string, before: Json = {}): Json {
  const [, name, value] = /^([a-z_][a-z0-9_]*)=(.*)$/s.exec(given) ?? []
  if (name === undefined) throw new InvalidArgumentError('It takes name=value, such as password=….')
  return { ...before, [name]: value }
}

const withSettings = (command: Command): Command =>
  command
    .option('--set <name=value>', 'a setting, again for each; a.b=value reaches inside', assignment)
    .option(
      '--secret <name=value>',
      'a password or key, again for each; - is read from standard input',
      secret,
    )
    .option('--profile <name>', 'settings of a known carrier underneath; `none`: no')

const which = '<carrier>'
const named = 'name or car_…'

export const carrierCommand = (command: Command): Command =>
  command
    .addCommand(
      new Command('list')
        .description('Show the carriers, and how they are.')
        .option('--json', 'as GET /v1/carriers answers')
        .action(list),
    )
    .addCommand(
      new Command('show')
        .description('Show one carrier with its links.')
        .argument(which, named)
        .option('--json', 'as GET /v1/carriers/:id answers')
        .action(show),
    )
    .addCommand(
      withSettings(
        new Command('add')
          .description('Add a carrier. Servers that run connect at once.')
          .argument('<name>', 'for people')
          .addOption(new Option('--kind <kind>', 'what it speaks').choices(kindNames).default('smpp'))
          .option(
            '--url <url>',
            'smpp://system_id:password@host:port, smpps:// for TLS, in place of settings',
          )
          .option('--no-route', 'without a route; otherwise it gets one for everything'),
      ).action(add),
    )
    .addCommand(
      withSettings(
        new Command('set')
          .description('Change a carrier. Other links are not touched.')
          .argument(which, named),
      )
        .option('--name <name>', 'another name')
        .action(set),
    )
    .addCommand(
      new Command('pause')
        .description('Submit nothing new; links stay up, receipts and incoming texts flow.')
        .argument(which, named)
        .action((name: string) => setMode(name, 'paused')),
    )
    .addCommand(
      new Command('resume')
        .description('Go on after a pause or a drain.')
        .argument(which, named)
        .action((name: string) => setMode(name, 'active')),
    )
    .addCommand(
      new Command('drain')
        .description('Finish what is on the wire, then close the links.')
        .argument(which, named)
        .action((name: string) => setMode(name, 'drained')),
    )
    .addCommand(
      new Command('remove')
        .description('Take a carrier out, and its routes.')
        .argument(which, named)
        .option('--force', 'also while messages are on the wire by it, or have no other way')
        .action(remove),
    )
    .addHelpText(
      'after',
      `
Running servers hear of a change within a second.

Examples:
  kurzpost carrier add nordic --url smpp://id:password@smsc.example.com:2775 --set window=20
  kurzpost carrier set nordic --set segments_per_second=50 --set 'binds=[{"count":2}]'
  kurzpost carrier pause nordic
  kurzpost carrier list`,
    )

interface Flags {
  set?: Json
  secret?: Json
  profile?: string
}

/** What the flags say; a secret of - is read from standard input, so that no list of processes shows it. */
async function readFlags({ set: settings = {}, secret: secrets = {}, profile }: Flags) {
  const asked = Object.keys(secrets).filter((name) => secrets[name] === '-')
  if (asked.length > 1) throw new Error('Only one secret can be read from standard input.')
  const given: Json = { ...secrets }
  for (const name of asked) given[name] = (await readText(process.stdin)).replace(/\r?\n$/, '')
  return { settings, secrets: given, profile: profile === 'none' ? null : profile }
}

async function add(
  name: string,
  flags: Flags & { kind: string; url?: string; route: boolean },
): Promise<void> {
  const { settings, secrets, profile = null } = await readFlags(flags)
  const url = flags.url === undefined ? { settings: {}, secrets: {} } : readUrl(flags.url)
  const carrier = {
    ...{ name, kind: flags.kind, profile, mode: 'active' as const },
    settings: { ...url.settings, ...settings },
    secrets: { ...url.secrets, ...secrets },
    routes: flags.route ? undefined : [],
  }
  const row = await withHouse((house, accountId) =>
    audited(
      house.db,
      [accountId],
      { action: 'kurzpost carrier add', fields: { kind: flags.kind, ...namesOf(carrier) } },
      () => addCarrier(house, { accountId, ...carrier }),
      ({ id }) => publicId('carrier', id),
    ),
  )
  say.answer(`${publicId('carrier', row.id)} (${row.name}) is there.`)
  if (!flags.route) say.note('It has no route yet: `kurzpost route add` gives it one.')
}

function readUrl(text: string): { settings: Json; secrets: Json } {
  if (!URL.canParse(text) || !/^smpps?:\/\/[^@]+@[^@]+$/.test(text))
    throw new Error('The URL is not smpp://system_id:password@host:port, or smpps:// for TLS.')
  return readSmppUrl(text)
}

async function set(name: string, flags: Flags & { name?: string }): Promise<void> {
  const change = { ...(await readFlags(flags)), name: flags.name }
  const isSame = (value: unknown) => value === undefined || isEmpty(value)
  if (Object.values(change).every(isSame))
    throw new Error('Say what to change; `kurzpost carrier set --help` lists it.')
  const row = await changeNamed(name, { action: 'kurzpost carrier set', fields: namesOf(change) }, change)
  say.answer(`${row.name} is changed.`)
}
/** Which settings were given: what they are may be secret, or say of whom an account buys. */
const namesOf = ({ settings, secrets }: { settings: Json; secrets: Json }) => ({
  settings: Object.keys(settings),
  secrets: Object.keys(secrets),
})

const changeNamed = (name: string, deed: CommandDeed, wanted: CarrierChange) =>
  onCarrier(name, deed, (house, id) => changeCarrier(house, id, wanted))

/** Finds the carrier, writes down what is done to it, and does it. */
const onCarrier = <T>(
  name: string,
  deed: CommandDeed,
  work: (house: ManageHouse, id: string) => Promise<T>,
): Promise<T> =>
  withHouse(async (house, accountId) => {
    const id = await find(house, name)
    return audited(house.db, [accountId], { ...deed, target: publicId('carrier', id) }, () => work(house, id))
  })
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

const now: Record<Mode, string> = {
  active: 'takes messages again',
  paused: 'is paused; what waits for it takes another way where there is one',
  drained: 'is being drained; its links are closed once nothing is on the wire',
}
const commandOf: Record<Mode, string> = { active: 'resume', paused: 'pause', drained: 'drain' }
async function setMode(name: string, mode: Mode): Promise<void> {
  const row = await changeNamed(name, { action: `kurzpost carrier ${commandOf[mode]}` }, { mode })
  say.answer(`${row.name} ${now[mode]}.`)
}

async function remove(name: string, { force = false }: { force?: boolean }): Promise<void> {
  await onCarrier(name, { action: 'kurzpost carrier remove', fields: { force } }, (house, id) =>
    removeCarrier(house, id, { force }),
  )
  say.answer(`${name} is removed.`)
}

type Shown = ReturnType<typeof carrierJson>
const links = ({ binds }: Shown): string =>
  `${binds.filter(({ state }) => state === 'bound').length} of ${binds.length}`
const columns: readonly Column<Shown>[] = [
  ['name', ({ name }) => name],
  ['kind', ({ kind }) => kind],
  ['state', ({ health }) => health.state],
  ['links', links],
  ['queued', ({ queued }) => String(queued)],
  ['since', ({ health }) => health.since?.toISOString().slice(0, 19).replace('T', ' ') ?? '-'],
  ['id', ({ id }) => id],
]

async function list({ json }: { json?: true }): Promise<void> {
  const carriers = await withHouse(({ db }) => readShown(db))
  if (json) say.answer(JSON.stringify({ data: carriers }, null, 2))
  else if (carriers.length === 0) say.note('There is no carrier yet. `kurzpost carrier add` makes one.')
  else for (const line of table(columns, carriers)) say.answer(line)
}

const bindColumns: readonly Column<Shown['binds'][number]>[] = [
  ['slot', ({ slot }) => String(slot)],
  ['type', ({ type }) => type],
  ['state', ({ state }) => state],
  ['node', ({ node }) => String(node ?? '-')],
  ['host', ({ host }) => host ?? '-'],
  ['window', ({ window, in_flight }) => (window === null ? '-' : `${in_flight ?? 0}/${window}`)],
  ['rate', ({ rate }) => (rate === null ? '-' : `${Math.round(rate * 10) / 10}/s`)],
  ['answers', ({ answer_ms }) => (answer_ms ? `${answer_ms.p50} ms, p99 ${answer_ms.p99}` : '-')],
  ['last error', ({ last_error }) => (last_error ? `${last_error.code} at ${last_error.at}` : '-')],
]

async function show(name: string, { json }: { json?: true }): Promise<void> {
  const { carrier, routes } = await withHouse(async (house) => {
    const id = await find(house, name)
    const shown = (await readShown(house.db)).find((each) => each.id === publicId('carrier', id))!
    const all = await listRoutes(house.db)
    return { carrier: shown, routes: all.filter((route) => route.carrierId === id).length }
  })
  if (json) return say.answer(JSON.stringify(carrier, null, 2))
  const { health, profile, origin, settings } = carrier
  say.answer(`${carrier.name}  ${carrier.id}  ${carrier.kind}`)
  say.answer(health.sentence)
  say.answer(`queued: ${carrier.queued}  routes: ${routes}${profile ? `  profile: ${profile}` : ''}`)
  if (origin === 'config') say.answer('Its address comes from the environment of the server.')
  for (const [key, value] of Object.entries(settings)) say.answer(`  ${key} = ${JSON.stringify(value)}`)
  for (const line of table(bindColumns, carrier.binds)) say.answer(line)
}

async function readShown(db: ManageHouse['db']): Promise<Shown[]> {
  const queued = await countQueued(db)
  return (await readFleet(db)).map((each) => carrierJson(each, queued.get(each.carrier.id) ?? 0))
}

/** Bare UUID of a carrier by its name or its id. */
export async function find({ db }: Pick<ManageHouse, 'db'>, name: string): Promise<string> {
  const carriers = (await readFleet(db)).map(({ carrier }) => carrier)
  const found = carriers.find((carrier) => carrier.name === name || carrier.id === parseId('carrier', name))
  if (!found) throw new Error(`There is no carrier ${name}. \`kurzpost carrier list\` shows them.`)
  return found.id
}

/** What changes carriers and routes. Its bell rings in an empty room: servers look every second. */
export function withHouse<T>(work: (house: ManageHouse, accountId: string) => Promise<T>): Promise<T> {
  const { country, sandbox, carrierNetworks: networks } = readConfig(process.env)
  const guard = createGuard({ sandbox, networks })
  return withAccount((db, accountId) =>
    work({ db, bell: createBell(), clock: systemClock, guard, country }, accountId),
  )
}

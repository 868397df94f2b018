import { Command, InvalidArgumentError, Option } from 'commander'
import { addRoute, type RouteFields, removeRoute } from '../carriers/manage.ts'
import { explainNow, readQuestion } from '../carriers/route-api.ts'
import { explanationJson, routeJson } from '../carriers/schemas.ts'
import { readConfig } from '../config.ts'
import { parseId, publicId } from '../ids.ts'
import { type Lane, laneNames } from '../message/lane.ts'
import { byRank, type RouteRule } from '../routing/rank.ts'
import { readRules } from '../routing/routes.store.ts'
import { audited } from './audited.ts'
import { find, withHouse } from './carrier.ts'
import { say } from './say.ts'
import { type Column, table } from './table.ts'

const prefix = (text: string): string => {
  if (!/^[+][0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('It takes + and digits, such as +49.')
  return text
}
const cost = (text: string): number => {
  const number = Number(text)
  if (text === '' || !(number >= 0)) throw new InvalidArgumentError('It takes a number from 0.')
  return number
}
const weight = (text: string): number => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1 || number > 10_000)
    throw new InvalidArgumentError('It takes a whole number from 1 to 10000.')
  return number
}

export const routeCommand = (command: Command): Command =>
  command
    .addCommand(
      new Command('list')
        .description('Show the routes, in the order of their rank.')
        .option('--json', 'as GET /v1/routes answers, in this order')
        .action(list),
    )
    .addCommand(
      new Command('add')
        .description('Offer a carrier to messages. Messages that wait are moved.')
        .argument('<carrier>', 'name or car_…')
        .option('--prefix <prefix>', 'of recipients, such as +49', prefix)
        .option('--account <id>', 'of one account alone, acc_…')
        .addOption(new Option('--lane <lanes...>', 'of these lanes alone').choices(laneNames))
        .option('--sender <sender>', 'of one sender alone')
        .option('--cost <cost>', 'of a segment: of equal routes the cheapest wins', cost)
        .option('--weight <weight>', 'share among routes of the same rank and cost', weight)
        .action(add),
    )
    .addCommand(
      new Command('remove')
        .description('Take a route away.')
        .argument('<route>', 'rte_…, as `kurzpost route list` shows it')
        .action(remove),
    )
    .addCommand(
      new Command('explain')
        .description('Say which carrier a message would take now, and why. Ends with 2 when none would.')
        .argument('<to>', 'recipient')
        .option('--from <sender>', 'sender')
        .addOption(new Option('--lane <lane>', 'lane').choices(laneNames))
        .option('--json', 'as POST /v1/routes/explain answers')
        .action(explain),
    )
    .addHelpText(
      'after',
      `
The longest prefix wins; then a route that names the account, the sender, the lanes; then the cheapest. Equals share by weight.

Examples:
  kurzpost route add nordic --prefix +46 --cost 0.031
  kurzpost route add fast --lane code alert
  kurzpost route explain +46701234567 --lane code`,
    )

interface Flags {
  prefix?: string
  account?: string
  lane?: Lane[]
  sender?: string
  cost?: number
  weight?: number
}

async function add(carrier: string, { lane, account, ...rest }: Flags): Promise<void> {
  const fields: Partial<RouteFields> = {
    ...rest,
    ...(lane ? { lanes: lane } : {}),
    ...(account === undefined ? {} : { accountId: accountOf(account) }),
  }
  const route = await withHouse(async (house, accountId) => {
    const id = await find(house, carrier)
    return audited(
      house.db,
      [accountId],
      {
        action: 'kurzpost route add',
        fields: { carrier_id: publicId('carrier', id), settings: Object.keys(fields) },
      },
      () => addRoute(house, id, fields),
      (made) => publicId('route', made.id),
    )
  })
  say.answer(`${publicId('route', route.id)} offers ${carrier} to ${scopeOf(route)}.`)
}

function accountOf(text: string): string {
  const id = parseId('account', text)
  if (!id) throw new Error(`${text} is no id of an account, acc_….`)
  return id
}

const scopeOf = ({ prefix: digits, accountId, lanes, sender }: RouteRule): string =>
  [
    digits === '' ? 'all numbers' : `numbers with ${digits}`,
    ...(accountId === null ? [] : [`of ${publicId('account', accountId)}`]),
    ...(sender === null ? [] : [`from ${sender}`]),
    ...(lanes.length === 0 ? [] : [`in ${lanes.join(', ')}`]),
  ].join(' ')

async function remove(id: string): Promise<void> {
  const bare = parseId('route', id)
  if (!bare) throw new Error(`There is no route ${id}. \`kurzpost route list\` shows them.`)
  await withHouse((house, accountId) =>
    audited(house.db, [accountId], { action: 'kurzpost route remove', target: id }, () =>
      removeRoute(house, bare),
    ),
  )
  say.answer(`${id} is removed.`)
}

type Shown = RouteRule & { carrier: string }
const columns: readonly Column<Shown>[] = [
  ['prefix', ({ prefix: digits }) => digits || 'any'],
  ['carrier', ({ carrier }) => carrier],
  ['account', ({ accountId }) => (accountId === null ? 'any' : publicId('account', accountId))],
  ['sender', ({ sender }) => sender ?? 'any'],
  ['lanes', ({ lanes }) => lanes.join(',') || 'any'],
  ['cost', ({ cost: price }) => String(price)],
  ['weight', (route) => String(route.weight)],
  ['', ({ enabled }) => (enabled ? 'on' : 'off')],
  ['id', ({ id }) => publicId('route', id)],
]

async function list({ json }: { json?: true }): Promise<void> {
  const { carriers, routes } = await withHouse(({ db }) => readRules(db))
  const names = new Map(carriers.map(({ id, name }) => [id, name]))
  const shown = routes.map((route) => ({ ...route, carrier: names.get(route.carrierId) ?? '' }))
  const ranked = shown.sort((a, b) => byRank(a, b) || (a.carrier < b.carrier ? -1 : 1))
  if (json) {
    const data = ranked.map((route) => routeJson(route, route.carrier))
    say.answer(JSON.stringify({ data }, null, 2))
  } else if (ranked.length === 0) say.note('There is no route yet. `kurzpost route add <carrier>` makes one.')
  else for (const line of table(columns, ranked)) say.answer(line)
}

async function explain(
  to: string,
  { from, lane, json }: { from?: string; lane?: Lane; json?: true },
): Promise<void> {
  const { country, sandbox, defaultSender } = readConfig(process.env)
  const rules = { country, lenient: sandbox, defaultSender: defaultSender ?? null }
  const question = { to, ...(from === undefined ? {} : { from }), ...(lane === undefined ? {} : { lane }) }
  const explanation = await withHouse(({ db }, accountId) =>
    explainNow(db, readQuestion(rules, accountId, question)),
  )
  const { sentence, path, leftOut, carrier } = explanation
  if (!carrier) process.exitCode = 2
  if (json) return say.answer(JSON.stringify(explanationJson(explanation), null, 2))
  say.answer(sentence)
  path.forEach((step, at) => {
    say.answer(`  ${at + 1}. ${step.carrier.name}: ${step.sentence}`)
  })
  for (const { carrier: out, route, sentence: why } of leftOut)
    say.answer(`   - ${out.name} (${publicId('route', route.id)}): ${why}`)
}

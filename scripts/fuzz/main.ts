/**
 * `npm run fuzz -- smpp` or `gsm`: made-up and broken inputs without end, and checks that must hold for all of them.
 * A failure prints its input and how to run it again. See `--help`.
 */
import { parseArgs } from 'node:util'
import { type Failure, heapGrew, heapGrowth, type Order, type Outcome, replay } from './run.ts'
import type { Found, Target } from './target.ts'
import { targets } from './targets.ts'
import { inThread } from './thread.ts'
import type { Task } from './worker.ts'

const flags = {
  count: { fallback: '10000000', help: 'How many, e.g. PDUs.' },
  seconds: { fallback: '', help: 'Ends after so long instead.' },
  seed: { fallback: '', help: 'The same seed gives the same inputs. Default: another one each time.' },
  from: { fallback: '0', help: 'The first case.' },
  search: { fallback: '4000', help: 'Cases of the search for inputs that reach new blocks, before the run.' },
  check: { fallback: '', help: 'With --replay: the one check to run.' },
  replay: { fallback: '', help: 'Runs this one input, given in hex.' },
} as const
type Flag = keyof typeof flags

const help = `npm run fuzz -- <${Object.keys(targets).join('|')}> [flags]\n\n${Object.entries(flags)
  .map(([name, { fallback, help }]) => `  --${name.padEnd(8)} ${help}${fallback && ` Default: ${fallback}.`}`)
  .join('\n')}\n`

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

interface Options {
  readonly target: Target
  readonly order: Order
  readonly search: number
  readonly replay: Buffer | undefined
  readonly check: string | undefined
}

async function readOptions(): Promise<Options | undefined> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...(Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' }])) as Record<
        Flag,
        { type: 'string' }
      >),
      help: { type: 'boolean', short: 'h' },
    },
  })
  const target = await targets[positionals[0] ?? '']?.()
  if (values.help || target === undefined || positionals.length !== 1) return undefined
  const text = (flag: Flag): string => values[flag] ?? flags[flag].fallback
  const number = (flag: Flag, fallback: number): number => {
    const value = text(flag) === '' ? fallback : Number(text(flag))
    if (Number.isFinite(value) && value >= 0) return value
    throw new Error(`--${flag}: it takes a number from 0.`)
  }
  return {
    target,
    order: {
      seed: number('seed', Date.now() % 0x7fffffff),
      from: number('from', 0),
      count: number('count', 0),
      seconds: number('seconds', 0),
    },
    search: number('search', 0),
    replay: values.replay === undefined ? undefined : octetsOf(values.replay),
    check: values.check === undefined ? undefined : checkOf(target, values.check),
  }
}

/** Cut where it is no hex, an input would hold for want of octets. */
function octetsOf(hex: string): Buffer {
  if (!/^([0-9a-f]{2})*$/i.test(hex)) throw new Error('--replay: it takes octets in hex.')
  return Buffer.from(hex, 'hex')
}

function checkOf({ checks }: Target, name: string): string {
  if (checks.some((check) => check.name === name)) return name
  throw new Error(`--check: it takes one of ${checks.map((check) => check.name).join(', ')}.`)
}

function tellInput({ target, order, search }: Options, { check, hex, ...failure }: Failure): void {
  say(failure.reason)
  say(`check ${check}, seed ${order.seed}, case ${failure.case}`)
  say(hex)
  say('To run it again:')
  say(
    `  npm run fuzz -- ${target.name} --seed ${order.seed} --search ${search} --from ${failure.case} --count 1`,
  )
  if (hex.length < 100_000) say(`  npm run fuzz -- ${target.name} --check ${check} --replay ${hex}`)
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')

function tell({ target, order, search }: Options, found: number, outcome: Outcome): void {
  const { cases, units, cpu, seconds, heap } = outcome
  say(
    `${target.name}: ${whole(units)} ${target.unit} in ${whole(cases)} cases, seed ${order.seed}, ` +
      `${found} inputs found by coverage in ${whole(search)} cases.`,
  )
  say(
    `${seconds.toFixed(1)} s, ${whole(units / seconds)} a second; ${cpu.toFixed(1)} s of CPU, ${whole(units / cpu)} a second of it.`,
  )
  if (heap.length === 3)
    say(`Heap at 10, 50, 100 %: ${heap.map((octets) => `${(octets / 1e6).toFixed(2)} MB`).join(', ')}.`)
}

async function main(): Promise<void> {
  const options = await readOptions()
  if (options === undefined) {
    say(help)
    process.exitCode = process.argv.includes('--help') || process.argv.includes('-h') ? 0 : 1
    return
  }
  const { target, order, search } = options
  if (options.replay !== undefined) {
    const failure = replay(target, options.check, options.replay)
    say(failure === undefined ? 'All checks hold.' : `${failure.check}: ${failure.reason}`)
    process.exitCode = failure === undefined ? 0 : 1
    return
  }
  const { name } = target
  const work = { target, onHang: (failure: Failure): void => tellInput(options, failure) }
  const found = await inThread<Found>(
    { do: 'search', target: name, seed: order.seed, cases: search } satisfies Task,
    work,
  )
  const outcome = await inThread<Outcome>({ do: 'run', target: name, order, found } satisfies Task, work)
  tell(options, found.single.length + found.joined.length, outcome)
  if (outcome.failure !== undefined) tellInput(options, outcome.failure)
  else if (heapGrew(outcome)) say(`The heap grew by more than ${heapGrowth / 1e6} MB.`)
  else return
  process.exitCode = 1
}

try {
  await main()
} catch (error) {
  say((error as Error).message)
  process.exitCode = 1
}

/**
 * Whole runs against a fresh server with a PostgreSQL of its own, with separate processes for load, server, simulator
 * and webhook sink; one table at the end. Nothing of it stays behind. See `--help`.
 */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { readFlags } from '../flags.ts'
import { startServer } from './house.ts'
import { acceptOnly, type Figures, fullCycle } from './runs.ts'
import {
  hire,
  onStage,
  recipients,
  type Stage,
  say,
  startBare,
  startCycle,
  surroundings,
  watchStore,
} from './setting.ts'
import { machine, table } from './table.ts'

const flags = {
  messages: { fallback: '40000', help: 'Messages of the full cycle.' },
  seconds: { fallback: '15', help: 'Length of the accept-only run and of the run at half rate.' },
  connections: { fallback: '64', help: 'Connections of the load.' },
  warmup: { fallback: '4000', help: 'Messages before each measured run that count for nothing.' },
  window: { fallback: '500', help: 'Unanswered PDUs at a time, each way, on the one bind.' },
  'receipt-delay-ms': { fallback: '50', help: 'Time from a submit_sm to its receipt.' },
  batch: { fallback: '1', help: 'Messages a request.' },
  runs: { fallback: 'wires,accept,full,half', help: 'Which runs; half needs full.' },
  profile: { fallback: '', help: 'Folder for CPU profiles of the server. Profiling costs some speed.' },
} as const
type Flag = keyof typeof flags

interface Options {
  readonly messages: number
  readonly seconds: number
  readonly connections: number
  readonly warmup: number
  readonly window: number
  readonly receiptDelayMs: number
  readonly batch: number
  readonly runs: ReadonlySet<string>
  readonly profileFolder: string | undefined
}

function readOptions(args: readonly string[]): Options | undefined {
  const texts = readFlags('npm run bench --', flags, args)
  if (texts === undefined) return undefined
  const text = (flag: Flag): string => texts[flag]
  const count = (flag: Flag, from: number): number => {
    if (/^\d+$/.test(text(flag)) && Number(text(flag)) >= from) return Number(text(flag))
    throw new Error(`--${flag}: it takes a whole number from ${from}.`)
  }
  const runs = new Set(text('runs').split(','))
  const unknown = [...runs].find((run) => !flags.runs.fallback.split(',').includes(run))
  if (unknown !== undefined || (runs.has('half') && !runs.has('full'))) {
    throw new Error(`--runs: it takes some of ${flags.runs.fallback}, and half only with full.`)
  }
  return {
    messages: count('messages', 1),
    seconds: count('seconds', 1),
    connections: count('connections', 1),
    warmup: count('warmup', 0),
    window: count('window', 1),
    receiptDelayMs: count('receipt-delay-ms', 0),
    batch: count('batch', 1),
    runs,
    profileFolder: text('profile') === '' ? undefined : resolve(text('profile')),
  }
}

/** More than any run accepts a second: the load gets room for so many. */
const mostPerSecond = 30_000

interface Bench {
  readonly options: Options
  readonly stage: Stage
  readonly columns: Record<string, Figures>
}

async function runAccept({ options, stage, columns }: Bench): Promise<void> {
  const { seconds, connections, warmup, batch, profileFolder } = options
  const { cleanup, signal } = stage
  say('Starting a server that accepts only …')
  const server = await startServer(cleanup, profileFolder === undefined ? {} : { profileFolder })
  stage.server = server
  const store = await watchStore(cleanup, server)
  const load = hire(cleanup, './load.ts', 'the load')
  const setting = { server, load, connections, signal, store }
  if (warmup > 0) await acceptOnly(setting, { ...recipients(warmup), seconds: 60 })
  say(`Accept only: ${seconds} s …`)
  columns['accept only'] = await acceptOnly(setting, {
    ...recipients(seconds * mostPerSecond),
    seconds,
    batch,
  })
}

async function runWires({ options, stage, columns }: Bench): Promise<void> {
  const { messages, warmup, batch } = options
  const setting = await startBare(stage, options)
  if (warmup > 0) await fullCycle(setting, { ...recipients(warmup), goal: 'The warm-up' })
  say(`The wires alone: ${messages.toLocaleString('en')} messages …`)
  columns['wires alone'] = await fullCycle(setting, {
    ...recipients(messages),
    batch,
    goal: 'The wires alone',
  })
}

async function runCycle({ options, stage, columns }: Bench): Promise<void> {
  const { messages, seconds, warmup, batch } = options
  const setting = await startCycle(stage, options)
  if (warmup > 0) await fullCycle(setting, { ...recipients(warmup), goal: 'The warm-up' })
  say(`Full cycle: ${messages.toLocaleString('en')} messages …`)
  const full = await fullCycle(setting, { ...recipients(messages), batch, goal: 'The full cycle' })
  columns['full cycle'] = full

  if (!options.runs.has('half')) return
  const perSecond = Math.max(1, Math.round(full.perSecond / 2))
  say(`Full cycle at half rate: ${perSecond.toLocaleString('en')} a second for ${seconds} s …`)
  columns['at half rate'] = await fullCycle(setting, {
    ...recipients(perSecond * seconds),
    perSecond,
    goal: 'The run at half rate',
  })
}

/** `npm run bench` without a word: the house. */
export async function benchHouse(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) return
  if (options.profileFolder !== undefined) mkdirSync(options.profileFolder, { recursive: true })
  const columns: Record<string, Figures> = {}
  let last = machine()
  await onStage(async (stage) => {
    for (const [name, run] of [
      ['wires', runWires],
      ['accept', runAccept],
      ['full', runCycle],
    ] as const) {
      if (!options.runs.has(name)) continue
      await run({ options, stage, columns })
      if (stage.server) last = surroundings(stage.server)
      // Each run has the machine to itself.
      await stage.cleanup.run()
    }
  })
  if (process.exitCode) return
  const { connections, receiptDelayMs, window, batch } = options
  const shown = [
    table(columns),
    '',
    last,
    `${batch === 1 ? 'One message' : `${batch} messages`} a request over ${connections} connections, texts of 100 characters, receipts after ${receiptDelayMs} ms, a window of ${window},`,
    'one signed webhook for each receipt; everything committed. The load, the simulator and the sink share the machine.',
  ]
  process.stdout.write(`${shown.join('\n')}\n`)
}

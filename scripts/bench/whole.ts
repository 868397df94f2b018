/**
 * Whole runs against a fresh server with a PostgreSQL of its own, with separate processes for load, server, simulator
 * and webhook sink; one table at the end. Nothing of it stays behind. See `--help`.
 */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Cleanup, createCleanup, stopChild } from './children.ts'
import { readFlags } from './flags.ts'
import { type Server, startServer, startSimulator } from './house.ts'
import { acceptOnly, type Figures, fullCycle } from './runs.ts'
import { machine, table } from './table.ts'
import { argumentsOf } from './usage.ts'
import { startWorker, type Worker } from './worker.ts'

const flags = {
  messages: { fallback: '40000', help: 'Messages of the full cycle.' },
  seconds: { fallback: '15', help: 'Length of the accept-only run and of the run at half rate.' },
  connections: { fallback: '64', help: 'Connections of the load.' },
  warmup: { fallback: '4000', help: 'Messages before each measured run that count for nothing.' },
  window: { fallback: '500', help: 'Unanswered PDUs at a time, each way, on the one bind.' },
  'receipt-delay-ms': { fallback: '50', help: 'Time from a submit_sm to its receipt.' },
  runs: { fallback: 'accept,full,half', help: 'Which runs; half needs full.' },
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
    runs,
    profileFolder: text('profile') === '' ? undefined : resolve(text('profile')),
  }
}

/** More than any run accepts a second: the load gets room for so many. */
const mostPerSecond = 30_000

/** Runs of one bench write to recipients of their own each. */
let nextRecipient = 0
function recipients(count: number): { first: number; count: number } {
  const first = nextRecipient
  nextRecipient += count
  return { first, count }
}

interface Bench {
  readonly options: Options
  readonly cleanup: Cleanup
  readonly signal: AbortSignal
  readonly columns: Record<string, Figures>
  /** The one under test now, or last. */
  server: Server | undefined
  /** What the machine's line says of PostgreSQL. */
  postgres: { version: string; fsync: string } | undefined
}

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

function hire(cleanup: Cleanup, file: string, name: string): Worker {
  const worker = startWorker(file, name)
  cleanup.add(() => stopChild(worker.child, 2_000))
  return worker
}

/** `fsync` as the postmaster was told; PostgreSQL's own default is on. */
function describe({ postmaster, postgresVersion }: Server): { version: string; fsync: string } {
  const told = postmaster === undefined ? [] : argumentsOf(postmaster)
  const fsync = told.findLast((argument) => argument.startsWith('fsync='))?.slice('fsync='.length)
  return { version: postgresVersion, fsync: fsync ?? 'on' }
}

async function runAccept(bench: Bench): Promise<void> {
  const { options, cleanup, signal, columns } = bench
  const { seconds, connections, warmup, profileFolder } = options
  say('Starting a server that accepts only …')
  const server = await startServer(cleanup, profileFolder === undefined ? {} : { profileFolder })
  bench.server = server
  bench.postgres = describe(server)
  const load = hire(cleanup, './load.ts', 'the load')
  const setting = { server, load, connections, signal }
  if (warmup > 0) await acceptOnly(setting, { ...recipients(warmup), seconds: 60 })
  say(`Accept only: ${seconds} s …`)
  columns['accept only'] = await acceptOnly(setting, { ...recipients(seconds * mostPerSecond), seconds })
}

async function runCycle(bench: Bench): Promise<void> {
  const { options, cleanup, signal, columns } = bench
  const { messages, seconds, connections, warmup, window, receiptDelayMs, profileFolder } = options
  say('Starting a server, a simulator and a webhook sink …')
  const simulator = await startSimulator(cleanup, { receiptDelayMs, window })
  const sink = hire(cleanup, './sink.ts', 'the webhook sink')
  const sinkPort = await sink.ask<number>('listen')
  const server = await startServer(cleanup, {
    simulator,
    window,
    ...(profileFolder !== undefined && { profileFolder }),
  })
  bench.server = server
  bench.postgres = describe(server)
  await sink.ask('secret', await addWebhook(server, `http://127.0.0.1:${sinkPort}/`))
  const load = hire(cleanup, './load.ts', 'the load')
  const setting = { server, load, simulator, sink, connections, signal }

  if (warmup > 0) await fullCycle(setting, { ...recipients(warmup), goal: 'The warm-up' })
  say(`Full cycle: ${messages.toLocaleString('en')} messages …`)
  const full = await fullCycle(setting, { ...recipients(messages), goal: 'The full cycle' })
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

async function addWebhook({ url, key }: Server, target: string): Promise<string> {
  const answer = await fetch(`${url}/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: target, events: ['message.delivered'] }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The webhook was answered with ${answer.status}: ${text}`)
  return (JSON.parse(text) as { secret: string }).secret
}

/** `npm run bench` without a word: the house. */
export async function benchHouse(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) return
  if (options.profileFolder !== undefined) mkdirSync(options.profileFolder, { recursive: true })
  const cleanup = createCleanup()
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new Error(`Ended by ${signal}.`)))
  }
  const bench: Bench = {
    options,
    cleanup,
    signal: interrupted.signal,
    columns: {},
    server: undefined,
    postgres: undefined,
  }
  try {
    for (const [name, run] of [
      ['accept', runAccept],
      ['full', runCycle],
    ] as const) {
      if (!options.runs.has(name)) continue
      await run(bench)
      // Each run has the machine to itself.
      await cleanup.run()
    }
  } catch (error) {
    say((error as Error).message)
    if (!interrupted.signal.aborted) say(bench.server?.lastWords() ?? '')
    process.exitCode = 1
  } finally {
    await cleanup.run()
  }
  if (process.exitCode) return
  const { version, fsync } = bench.postgres!
  const shown = [
    table(bench.columns),
    '',
    `${machine()}, PostgreSQL ${version} with fsync ${fsync}.`,
    `One message a request over ${options.connections} connections, texts of 100 characters, receipts after ${options.receiptDelayMs} ms, a window of ${options.window},`,
    'one signed webhook for each receipt; everything committed. The load, the simulator and the sink share the machine.',
  ]
  process.stdout.write(`${shown.join('\n')}\n`)
}

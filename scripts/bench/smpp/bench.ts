import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { createCleanup, stopChild } from '../../children.ts'
import { readFlags } from '../../flags.ts'
import { startWorker, type Worker } from '../worker.ts'
import type { CodecResult } from './codec.ts'
import type { Effort, Order } from './side.ts'
import { type Cell, codecTable, type RoundTrips, roundTripTable, setting } from './table.ts'

/** `npm run bench -- smpp`: our codec, client and server beside npm's `smpp`, in one run. See `--help`. */

const flags = {
  seconds: { fallback: '1.5', help: 'Length of one run.' },
  windows: { fallback: '10,100,500', help: 'Unanswered submit_sm at a time.' },
  runs: { fallback: '3', help: 'Runs of each cell; the median counts.' },
  only: { fallback: 'codec,client,server', help: 'Which parts.' },
  profile: { fallback: '', help: 'Folder for CPU profiles of the processes measured. Costs some speed.' },
} as const
type Flag = keyof typeof flags

interface Options {
  readonly seconds: number
  readonly windows: readonly number[]
  readonly runs: number
  readonly only: ReadonlySet<string>
  readonly profileFolder: string | undefined
}

function readOptions(args: readonly string[]): Options | undefined {
  const texts = readFlags('npm run bench -- smpp', flags, args)
  if (texts === undefined) return undefined
  const text = (flag: Flag): string => texts[flag]
  const number = (flag: Flag, one: string): number => {
    if (Number(one) > 0) return Number(one)
    throw new Error(`--${flag}: it takes numbers above 0.`)
  }
  const parts = flags.only.fallback.split(',')
  const only = new Set(text('only').split(','))
  if ([...only].some((part) => !parts.includes(part)))
    throw new Error(`--only: it takes some of ${flags.only.fallback}.`)
  return {
    seconds: number('seconds', text('seconds')),
    windows: text('windows')
      .split(',')
      .map((window) => Math.ceil(number('windows', window))),
    runs: Math.ceil(number('runs', text('runs'))),
    only,
    profileFolder: text('profile') === '' ? undefined : resolve(text('profile')),
  }
}

const makers = ['ours', 'npm', 'raw'] as const
type Maker = (typeof makers)[number]
type End = 'client' | 'server'

/** Starts a process, and sees to it that it ends by itself: else it writes no profile. */
type Hire = (file: string, args: readonly string[]) => Worker

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

interface Link {
  readonly client: Worker
  readonly server: Worker
  readonly port: number
}

/** Connects, runs, and holds both ends to each other: every request has its answer, and there were any. */
async function runOnce(
  { client, server, port }: Link,
  order: Omit<Order, 'port'>,
): Promise<Record<End, Effort>> {
  await server.ask('reset')
  const asked = await client.ask<Effort>('run', { ...order, port })
  const served = await server.ask<Effort>('read')
  if (asked.answered === 0 || asked.answered !== served.answered)
    throw new Error(`The client had ${asked.answered} answers, the server gave ${served.answered}.`)
  return { client: asked, server: served }
}

async function benchRoundTrips(options: Options, hire: Hire): Promise<RoundTrips[]> {
  const { windows, runs, seconds, only } = options
  const ends = (['client', 'server'] as const).filter((end) => only.has(end))
  const workers = new Map<string, Worker>()
  const workerOf = (end: End, maker: Maker): Worker => {
    const name = `${end} ${maker}`
    const worker = workers.get(name) ?? hire('./smpp/side.ts', [end, maker])
    workers.set(name, worker)
    return worker
  }
  const ports = new Map<Maker, number>()
  const linkOf = async (client: Maker, server: Maker): Promise<Link> => {
    const worker = workerOf('server', server)
    if (!ports.has(server)) ports.set(server, await worker.ask<number>('listen'))
    return { client: workerOf('client', client), server: worker, port: ports.get(server)! }
  }

  const table: RoundTrips[] = []
  for (const window of windows) {
    // What is measured has the raw peer at its other end; raw at both ends is the limit, once for both.
    const pairs: { end: End | undefined; maker: Maker; link: Link }[] = [
      { end: undefined, maker: 'raw', link: await linkOf('raw', 'raw') },
    ]
    for (const end of ends)
      for (const maker of ['ours', 'npm'] as const)
        pairs.push({
          end,
          maker,
          link: await (end === 'client' ? linkOf(maker, 'raw') : linkOf('raw', maker)),
        })
    say(`Window ${window} …`)
    for (const { link } of pairs) await runOnce(link, { window, seconds: seconds / 3 })
    const measured = pairs.map(() => [] as Record<End, Effort>[])
    for (let run = 0; run < runs; run++)
      for (const [at, { link }] of pairs.entries())
        measured[at]!.push(await runOnce(link, { window, seconds }))

    for (const end of ends) {
      const cellOf = (maker: Maker): Cell => {
        const at = pairs.findIndex((pair) => pair.maker === maker && (maker === 'raw' || pair.end === end))
        const efforts = measured[at]!
        return {
          perSecond: median(efforts.map(({ client }) => client.answered / client.seconds)),
          cpu: median(efforts.map((effort) => effort[end].cpu / effort[end].answered)),
        }
      }
      table.push({ end, window, ours: cellOf('ours'), npm: cellOf('npm'), raw: cellOf('raw') })
    }
  }
  return table.sort((a, b) => a.end.localeCompare(b.end))
}

export async function benchSmpp(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) return
  const { only, seconds, profileFolder } = options
  if (profileFolder !== undefined) mkdirSync(profileFolder, { recursive: true })
  const cleanup = createCleanup()
  const hire: Hire = (file, args) => {
    const name = [file.replace(/.*\/|\.ts$/g, ''), ...args].join('-')
    const profile = ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`]
    const worker = startWorker(file, name, { args, flags: profileFolder === undefined ? [] : profile })
    cleanup.add(async () => {
      const ended = new Promise((resolve) => worker.child.once('exit', resolve))
      if (worker.child.connected) {
        worker.child.disconnect()
        if (profileFolder !== undefined) await ended
      }
      await stopChild(worker.child, 2_000)
    })
    return worker
  }
  const interrupt = (): void => void cleanup.run()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    const shown: string[] = []
    if (only.has('codec')) {
      say('Codec …')
      const codec = hire('./smpp/codec.ts', [])
      const roundMs = seconds * 40
      shown.push(codecTable(await codec.ask<CodecResult[]>('run', { rounds: 7, roundMs })), '')
      await cleanup.run()
    }
    if (only.has('client') || only.has('server'))
      shown.push(roundTripTable(await benchRoundTrips(options, hire)), '')
    shown.push(setting(options))
    process.stdout.write(`${shown.join('\n')}\n`)
  } catch (error) {
    say((error as Error).message)
    process.exitCode = 1
  } finally {
    await cleanup.run()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

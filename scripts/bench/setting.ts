import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { type Cleanup, createCleanup, stopChild } from '../children.ts'
import type { BareOrder } from './bare.ts'
import { type Server, startServer, startSimulator } from './house.ts'
import type { CycleSetting, Wires } from './runs.ts'
import { openStore } from './store.ts'
import { machine } from './table.ts'
import { argumentsOf } from './usage.ts'
import { startWorker, type Worker } from './worker.ts'

/** What every bench of the whole house stands on. */

export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

export interface Stage {
  readonly cleanup: Cleanup
  readonly signal: AbortSignal
  /** The one under test now, or last. */
  server: Server | undefined
}

/** Runs a bench, stops all that it has started whatever comes, and gives its exit code to the process. */
export async function onStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const cleanup = createCleanup()
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new Error(`Ended by ${signal}.`)))
  }
  const stage: Stage = { cleanup, signal: interrupted.signal, server: undefined }
  try {
    await work(stage)
  } catch (error) {
    say((error as Error).message)
    if (!interrupted.signal.aborted) say(stage.server?.lastWords() ?? '')
    process.exitCode = 1
  } finally {
    await cleanup.run()
  }
}

export function hire(cleanup: Cleanup, file: string, name: string): Worker {
  const worker = startWorker(file, name)
  cleanup.add(() => stopChild(worker.child, 2_000))
  return worker
}

/** A session on the server's PostgreSQL, closed before that stops. */
export async function watchStore(cleanup: Cleanup, { dataDir }: Server): Promise<pg.Client> {
  const store = await openStore(dataDir)
  cleanup.add(() => store.end())
  return store
}

export interface CycleOptions {
  readonly connections: number
  readonly window: number
  readonly receiptDelayMs: number
  readonly profileFolder?: string | undefined
  readonly settings?: Readonly<Record<string, string>>
}

/** A server with a carrier that is the simulator and a webhook that is the sink, and a load for it. */
export async function startCycle(
  stage: Stage,
  { connections, window, receiptDelayMs, profileFolder, settings }: CycleOptions,
): Promise<CycleSetting> {
  const { cleanup, signal } = stage
  say('Starting a server, a simulator and a webhook sink …')
  const simulator = await startSimulator(cleanup, { receiptDelayMs, window })
  const sink = hire(cleanup, './sink.ts', 'the webhook sink')
  const sinkPort = await sink.ask<number>('listen')
  const server = await startServer(cleanup, {
    simulator,
    window,
    ...(profileFolder !== undefined && { profileFolder }),
    ...(settings && { settings }),
  })
  stage.server = server
  const store = await watchStore(cleanup, server)
  await sink.ask('secret', await addWebhook(server, `http://127.0.0.1:${sinkPort}/`))
  const load = hire(cleanup, './load.ts', 'the load')
  return { server, load, simulator, sink, connections, signal, store }
}

/** The same with the wires alone in the server's place (bare.ts). */
export async function startBare(
  { cleanup, signal }: Stage,
  { connections, window, receiptDelayMs }: CycleOptions,
): Promise<Wires> {
  say('Starting a simulator, a webhook sink, and between them the wires alone …')
  const simulator = await startSimulator(cleanup, { receiptDelayMs, window })
  const sink = hire(cleanup, './sink.ts', 'the webhook sink')
  const webhook = `http://127.0.0.1:${await sink.ask<number>('listen')}/`
  const secret = `whsec_${randomBytes(24).toString('base64')}`
  await sink.ask('secret', secret)
  const bare = hire(cleanup, './bare.ts', 'the wires')
  const { smppPort } = simulator
  const port = await bare.ask<number>('listen', { smppPort, window, webhook, secret } satisfies BareOrder)
  const server = { pid: bare.child.pid!, url: `http://127.0.0.1:${port}`, key: '', postmaster: undefined }
  const load = hire(cleanup, './load.ts', 'the load')
  return { server, load, simulator, sink, connections, signal }
}

async function addWebhook(server: Server, url: string): Promise<string> {
  const { secret } = await call<{ secret: string }>(server, 'POST /v1/webhooks', {
    url,
    events: ['message.delivered'],
  })
  return secret
}

/** One request to the server's API. Throws when it is refused, or takes too long. */
export async function call<T>(
  { url, key }: Server,
  request: string,
  body?: object,
  longestMs = 10_000,
): Promise<T> {
  const [method, path] = request.split(' ') as [string, string]
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(longestMs),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${request} was answered with ${answer.status}: ${text}`)
  return JSON.parse(text) as T
}

/** The machine and its PostgreSQL, in words; `fsync` as the postmaster was told, whose own default is on. */
export function surroundings({ postmaster, postgresVersion }: Server): string {
  const told = postmaster === undefined ? [] : argumentsOf(postmaster)
  const fsync = told.findLast((argument) => argument.startsWith('fsync='))?.slice('fsync='.length)
  return `${machine()}, PostgreSQL ${postgresVersion} with fsync ${fsync ?? 'on'}.`
}

/** Runs of one bench write to recipients of their own each. */
let nextRecipient = 0
export function recipients(count: number): { first: number; count: number } {
  const first = nextRecipient
  nextRecipient += count
  return { first, count }
}

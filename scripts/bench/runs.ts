import type pg from 'pg'
import { type Cost, type Processes, startMeter } from './cost.ts'
import type { Server, Simulator } from './house.ts'
import type { LoadOrder, LoadProgress, LoadResult } from './load.ts'
import { between, type Spread, spreadOf } from './percentiles.ts'
import { follow } from './progress.ts'
import type { SinkProgress, SinkResult } from './sink.ts'
import { readStore, type StoreCounts, shareOf } from './store.ts'
import { indexOf, type Range } from './traffic.ts'
import type { Worker } from './worker.ts'

/** What one run came to: a column of the table. Spreads in milliseconds. */
export interface Figures {
  readonly messages: number
  readonly perSecond: number
  /** From the request, or the moment when it was due, to its answer. */
  readonly accept: Spread | undefined
  /** From the answer to the submit_sm's arrival at the simulator. */
  readonly toWire?: Spread | undefined
  /** From the request to its webhook. */
  readonly toWebhook?: Spread | undefined
  readonly cost: Cost
  /** A message's share. */
  readonly store?: StoreCounts
  readonly webhooks?: SinkProgress
  /** Messages that reached the simulator more than once. */
  readonly sentTwice?: number
}

export interface Setting {
  readonly server: Server
  readonly load: Worker
  readonly connections: number
  readonly signal: AbortSignal
  /** A session on the server's PostgreSQL, to read what it counts. */
  readonly store: pg.Client
}

/** Whatever takes messages and tells of receipts; without a store where it has none. */
export interface Wires extends Omit<Setting, 'server' | 'store'> {
  readonly server: Pick<Server, 'pid' | 'url' | 'key' | 'postmaster'>
  readonly store?: pg.Client
  readonly simulator: Simulator
  readonly sink: Worker
}

export type CycleSetting = Wires & Setting

const ownPid = ({ child }: Worker): number => child.pid!

/** Accept only: nothing takes the messages, every connection sends again as soon as it is answered. */
export async function acceptOnly(
  { server, load, connections, signal, store }: Setting,
  order: Range & { seconds: number; batch?: number },
): Promise<Figures> {
  const processes: Processes = { server: server.pid, load: ownPid(load), ...postgresOf(server) }
  const counted = await readStore(store, server.url)
  const meter = startMeter(processes)
  const running = load.ask<LoadResult>('run', {
    ...order,
    url: server.url,
    key: server.key,
    connections,
  } satisfies LoadOrder)
  let ended = false
  const result = await untilBoth(
    running.finally(() => {
      ended = true
    }),
    (failed) =>
      follow({
        read: async () => ({ ...(await load.ask<LoadProgress>('progress')) }),
        done: () => ended,
        goal: 'Accept only',
        onLook: everySecond(meter.sample),
        signal: AbortSignal.any([signal, failed]),
      }),
  )
  const { accepted, startedAt, answeredAt } = result
  return {
    messages: accepted,
    perSecond: accepted / seconds(startedAt, answeredAt),
    accept: spreadOf(between(startedAt, answeredAt)),
    cost: meter.read(accepted),
    store: shareOf(counted, await readStore(store, server.url), accepted),
  }
}

/**
 * The full cycle: a message counts once the webhook for its receipt has reached the sink. With `perSecond` at
 * that rate, and without as fast as the connections are answered.
 */
export async function fullCycle(
  { server, load, connections, simulator, sink, signal, store }: Wires,
  order: Range & { perSecond?: number; batch?: number; goal: string },
): Promise<Figures> {
  const { first, count, perSecond, batch, goal } = order
  const processes: Processes = {
    server: server.pid,
    load: ownPid(load),
    simulator: simulator.pid,
    'webhook sink': ownPid(sink),
    ...postgresOf(server),
  }
  await sink.ask('expect', { first, count } satisfies Range)
  const before = await simulatorStats(simulator)
  const counted = store && (await readStore(store, server.url))
  const meter = startMeter(processes)
  const running = load.ask<LoadResult>('run', {
    first,
    count,
    url: server.url,
    key: server.key,
    connections,
    ...(perSecond !== undefined && { perSecond }),
    ...(batch !== undefined && { batch }),
  } satisfies LoadOrder)
  const { startedAt, answeredAt } = await untilBoth(running, (failed) =>
    follow({
      read: async () => {
        const [{ accepted }, { messages }, stats] = await Promise.all([
          load.ask<LoadProgress>('progress'),
          sink.ask<SinkProgress>('progress'),
          simulatorStats(simulator),
        ])
        return {
          accepted,
          submitted: stats.submitted - before.submitted,
          receipts: stats.receipts - before.receipts,
          webhooks: messages,
        }
      },
      done: ({ webhooks }) => webhooks === count,
      goal: `${goal} of ${count.toLocaleString('en')} messages`,
      onLook: everySecond(meter.sample),
      signal: AbortSignal.any([signal, failed]),
    }),
  )
  const cost = meter.read(count)
  const share = store && counted && shareOf(counted, await readStore(store, server.url), count)
  const { arrivedAt, ...webhooks } = await sink.ask<SinkResult>('result')
  if (webhooks.wrong > 0)
    throw new Error(`${webhooks.wrong} of ${webhooks.checked} signatures did not verify.`)
  const { submittedAt, sentTwice } = await readSubmits(simulator, { first, count })
  return {
    messages: count,
    perSecond: count / seconds(startedAt, arrivedAt),
    accept: spreadOf(between(startedAt, answeredAt)),
    toWire: spreadOf(between(answeredAt, submittedAt)),
    toWebhook: spreadOf(between(startedAt, arrivedAt)),
    cost,
    ...(share && { store: share }),
    webhooks,
    sentTwice,
  }
}

const postgresOf = ({ postmaster }: Pick<Server, 'postmaster'>): Processes =>
  postmaster === undefined ? {} : { PostgreSQL: postmaster }

/** From the first of these times to the last of those. Not spread into arguments: there are tens of thousands. */
function seconds(starts: Float64Array, ends: Float64Array): number {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const at of starts) if (at < first) first = at
  for (const at of ends) if (at > last) last = at
  return (last - first) / 1_000
}

/** Waits for a run and for what follows it; the first that fails ends the other. */
export async function untilBoth<T>(
  running: Promise<T>,
  following: (failed: AbortSignal) => Promise<void>,
): Promise<T> {
  const failed = new AbortController()
  running.catch((error) => failed.abort(error))
  await following(failed.signal)
  return running
}

export function everySecond(work: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - last < 1_000) return
    last = now
    work()
  }
}

export async function simulatorStats({ url }: Simulator): Promise<{ submitted: number; receipts: number }> {
  const { stats } = (await getJson(`${url}/health`)) as {
    stats: { submit_sm: number; receipts_acknowledged: number }
  }
  return { submitted: stats.submit_sm, receipts: stats.receipts_acknowledged }
}

/** When each message first reached the simulator, in milliseconds since the epoch, and how many did so again. */
export async function readSubmits(
  { url }: Simulator,
  { first, count }: Range,
): Promise<{ submittedAt: Float64Array; sentTwice: number }> {
  const submittedAt = new Float64Array(count).fill(Number.NaN)
  let sentTwice = 0
  for (let since = 0; ; ) {
    const { next, submits } = (await getJson(`${url}/submits?since=${since}`)) as {
      next: number
      submits: { to: string; at: number }[]
    }
    if (submits.length === 0) return { submittedAt, sentTwice }
    for (const { to, at } of submits) {
      const place = indexOf(to) - first
      if (place < 0 || place >= count) continue
      if (Number.isNaN(submittedAt[place])) submittedAt[place] = at
      else sentTwice++
    }
    since = next
  }
}

async function getJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`)
  return answer.json()
}

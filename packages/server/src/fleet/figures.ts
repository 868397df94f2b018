import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Db } from '../store/db.ts'
import {
  countDeliveries,
  countNodes,
  countQueue,
  countUnroutable,
  readAges,
  readBindFigures,
} from './figures.store.ts'

const freshMs = 10_000
/** A queue of millions takes its time to count: figures cost at most this share of it. */
const mostShare = 1 / 50
const mostDeliveries = 100_000

/** Asks again when the last answer is old; whoever asks meanwhile shares it. */
function remembered<T>(clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  let until = 0
  return () => {
    if (answer && clock.monotonic() < until) return answer
    const startedAt = clock.monotonic()
    until = Number.POSITIVE_INFINITY
    answer = read().finally(() => {
      const now = clock.monotonic()
      until = now + Math.max(freshMs, (now - startedAt) / mostShare)
    })
    return answer
  }
}

/**
 * What the database knows, for Prometheus: of the queue, the binds, the nodes and the webhooks. Asked for only when
 * somebody scrapes. While the database is away there are no such figures, and all others are still there.
 */
export function measureDatabase(
  metrics: Metrics,
  { db, clock, log }: { db: Db; clock: Clock; log: Log },
): void {
  const gauge = <T, G extends { reset(): void }>(
    read: () => Promise<T>,
    show: (found: T, gauge: G) => void,
  ) => {
    const figures = remembered(clock, read)
    return async (into: G) => {
      into.reset()
      try {
        show(await figures(), into)
      } catch (error) {
        log.debug({ error: (error as Error).message }, 'figures could not be read')
      }
    }
  }
  const binds = remembered(clock, () => readBindFigures(db))

  metrics.gauge(
    'kurzpost_queue_messages',
    gauge(
      () => countQueue(db),
      (rows, into) => {
        for (const { lane, status, messages } of rows) into.set({ lane, status }, messages)
      },
    ),
  )
  metrics.gauge(
    'kurzpost_queue_oldest_seconds',
    gauge(
      () => readAges(db),
      (rows, into) => {
        for (const { lane, seconds } of rows) into.set({ lane }, Math.max(0, seconds))
      },
    ),
  )
  metrics.gauge(
    'kurzpost_queue_unroutable',
    gauge(
      () => countUnroutable(db),
      (count, into) => into.set(count),
    ),
  )
  metrics.gauge(
    'kurzpost_binds',
    gauge(binds, (rows, into) => {
      for (const { carrier, state, binds } of rows) into.set({ carrier, state }, binds)
    }),
  )
  metrics.gauge(
    'kurzpost_bind_window',
    gauge(binds, (rows, into) => {
      for (const { carrier, window } of rows) into.inc({ carrier }, window)
    }),
  )
  metrics.gauge(
    'kurzpost_bind_in_flight',
    gauge(binds, (rows, into) => {
      for (const { carrier, in_flight } of rows) into.inc({ carrier }, in_flight)
    }),
  )
  metrics.gauge(
    'kurzpost_carrier_rate_limit',
    gauge(binds, (rows, into) => {
      for (const { carrier, segments_per_second } of rows)
        if (segments_per_second !== null) into.inc({ carrier }, segments_per_second)
    }),
  )
  metrics.gauge(
    'kurzpost_nodes',
    gauge(
      () => countNodes(db),
      (rows, into) => {
        for (const { state, nodes } of rows) into.set({ state }, nodes)
      },
    ),
  )
  metrics.gauge(
    'kurzpost_webhooks_waiting',
    gauge(
      () => countDeliveries(db, mostDeliveries),
      (count, into) => into.set(count),
    ),
  )
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * What Prometheus reads at /metrics. docs/metrics.md is generated from this table, and the dashboard and the alerts in
 * deploy/ may name nothing that is not in it. Labels hold few values: a carrier's name, a lane, a code of a fixed list;
 * never an id, a number or a text. `of: database` is the same on every node (and up to ten seconds old), `of: node` is
 * about the one that was asked.
 */
interface Entry {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly of: 'node' | 'database'
  readonly help: string
  readonly labels?: readonly string[]
  readonly buckets?: readonly number[]
}

/** From half a millisecond, a lone accept, to ten seconds, where callers have given up. */
const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** To an hour, for what may wait. */
const longSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 900, 3600]

export const catalogue = {
  // The door.
  kurzpost_http_request_seconds: {
    kind: 'histogram',
    of: 'node',
    help: 'Time to answer HTTP requests',
    labels: ['method', 'route', 'status'],
    buckets: seconds,
  },
  kurzpost_accept_seconds: {
    kind: 'histogram',
    of: 'node',
    help: 'From a draft at the door to its commit, whichever door it came in by',
    buckets: seconds,
  },
  kurzpost_accept_waiting: {
    kind: 'gauge',
    of: 'node',
    help: 'Drafts that wait for a commit; at KURZPOST_MAX_WAITING new ones are refused',
  },
  kurzpost_smpp_server_answers_total: {
    kind: 'counter',
    of: 'node',
    help: 'Answers to requests of customers’ systems (ESMEs), refusals among them',
    labels: ['command', 'status'],
  },
  kurzpost_smpp_server_sessions: { kind: 'gauge', of: 'node', help: 'Bound sessions of customers’ systems' },

  // The queue.
  kurzpost_queue_messages: {
    kind: 'gauge',
    of: 'database',
    help: 'Messages that are not with a carrier yet, or of unknown fate: ready, scheduled, on_wire, uncertain',
    labels: ['lane', 'status'],
  },
  kurzpost_queue_oldest_seconds: {
    kind: 'gauge',
    of: 'database',
    help: 'Age of the oldest message that could be sent now',
    labels: ['lane'],
  },
  kurzpost_queue_unroutable: {
    kind: 'gauge',
    of: 'database',
    help: 'Messages that no route offers a carrier to',
  },
  kurzpost_accept_to_wire_seconds: {
    kind: 'histogram',
    of: 'node',
    help: 'From acceptance to the first write to a carrier, first attempts',
    labels: ['lane'],
    buckets: longSeconds,
  },

  // Carriers.
  kurzpost_binds: {
    kind: 'gauge',
    of: 'database',
    help: 'Bind slots by state: down (nobody holds it), binding, bound, open (its circuit is); none of drained carriers',
    labels: ['carrier', 'state'],
  },
  kurzpost_bind_window: {
    kind: 'gauge',
    of: 'database',
    help: 'Submissions that a carrier may owe answers to, over all its binds',
    labels: ['carrier'],
  },
  kurzpost_bind_in_flight: {
    kind: 'gauge',
    of: 'database',
    help: 'Submissions that a carrier owes answers to, over all its binds',
    labels: ['carrier'],
  },
  kurzpost_submits_total: {
    kind: 'counter',
    of: 'node',
    help: 'Submissions by how they ended: taken, throttled, later, elsewhere, permanent, unknown (nobody knows), unsent',
    labels: ['carrier', 'outcome'],
  },
  kurzpost_submitted_segments_total: {
    kind: 'counter',
    of: 'node',
    help: 'Segments that carriers have taken: what is billed',
    labels: ['carrier'],
  },
  kurzpost_submit_seconds: {
    kind: 'histogram',
    of: 'node',
    help: 'From the write of a submission to its answer',
    labels: ['carrier'],
    buckets: seconds,
  },
  kurzpost_carrier_rate_limit: {
    kind: 'gauge',
    of: 'database',
    help: 'Segments a second that a carrier’s binds may send together, by contract; none: it is found out',
    labels: ['carrier'],
  },
  kurzpost_carrier_callbacks_total: {
    kind: 'counter',
    of: 'node',
    help: 'What providers reported by HTTP: receipts, incoming messages, entries that are neither, callbacks refused',
    labels: ['what'],
  },
  kurzpost_claims_total: {
    kind: 'counter',
    of: 'node',
    help: 'Claims of messages for a carrier',
    labels: ['carrier'],
  },
  kurzpost_claimed_messages_total: {
    kind: 'counter',
    of: 'node',
    help: 'Messages claimed for a carrier',
    labels: ['carrier'],
  },
  kurzpost_leases_lost_total: {
    kind: 'counter',
    of: 'node',
    help: 'Leases of bind slots that ended before they were given back: the node or the database was away',
    labels: ['carrier'],
  },

  // What became of messages.
  kurzpost_events_total: {
    kind: 'counter',
    of: 'node',
    help: 'Events by type, as they are written: what became of messages, and what else happened',
    labels: ['type'],
  },
  kurzpost_resent_total: {
    kind: 'counter',
    of: 'node',
    help: 'Messages of unknown fate that went back to the queue, each flagged as a possible duplicate',
  },
  kurzpost_receipts_total: {
    kind: 'counter',
    of: 'node',
    help: 'Receipts by whether they found their message (matched) or wait for it (orphaned)',
    labels: ['found'],
  },
  kurzpost_ledger_waiting: {
    kind: 'gauge',
    of: 'node',
    help: 'Answers and receipts that wait for a commit',
  },

  // Who is told.
  kurzpost_webhook_attempts_total: {
    kind: 'counter',
    of: 'node',
    help: 'Webhook attempts by how they ended',
    labels: ['outcome'],
  },
  kurzpost_webhooks_waiting: {
    kind: 'gauge',
    of: 'database',
    help: 'Deliveries of webhooks that are due or wait for their next try; counted up to 100,000',
  },

  // Below.
  kurzpost_database_seconds: {
    kind: 'histogram',
    of: 'node',
    help: 'Time in the database: a statement, a whole transaction, or the wait for a connection of the pool',
    labels: ['of'],
    buckets: seconds,
  },
  kurzpost_database_connections: {
    kind: 'gauge',
    of: 'node',
    help: 'Connections of the pool, and who waits for one: active, idle, waiting',
    labels: ['state'],
  },
  kurzpost_nodes: {
    kind: 'gauge',
    of: 'database',
    help: 'Nodes that share this database: alive, draining, silent (no sign of life, not long gone)',
    labels: ['state'],
  },
  kurzpost_info: { kind: 'gauge', of: 'node', help: 'Always 1', labels: ['version', 'roles'] },
} as const satisfies Record<string, Entry>

type Catalogue = typeof catalogue
type Of<K extends Entry['kind']> = {
  [N in keyof Catalogue]: Catalogue[N]['kind'] extends K ? N : never
}[keyof Catalogue]
type Labels<N extends keyof Catalogue> = Catalogue[N] extends { labels: readonly (infer L extends string)[] }
  ? L
  : never

/** Each name is asked for once. */
export interface Metrics {
  counter<N extends Of<'counter'>>(name: N): Counter<Labels<N>>
  /** `read` is asked at each scrape, for values that something else keeps. */
  gauge<N extends Of<'gauge'>>(
    name: N,
    read?: (gauge: Gauge<Labels<N>>) => void | Promise<void>,
  ): Gauge<Labels<N>>
  histogram<N extends Of<'histogram'>>(name: N): Histogram<Labels<N>>
  /** The text that Prometheus takes, and its content type. */
  render(): Promise<{ type: string; text: string }>
}

/** `process` adds the figures of the Node process itself (memory, event loop, garbage collection). */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  const common = <N extends keyof Catalogue>(name: N) => {
    const { help, labels = [] }: Entry = catalogue[name]
    return { name, help, labelNames: labels as readonly Labels<N>[], registers: [registry] }
  }
  return {
    counter: (name) => new Counter(common(name)),
    gauge: (name, read) =>
      new Gauge({
        ...common(name),
        ...(read && {
          collect() {
            return read(this)
          },
        }),
      }),
    histogram: (name) => new Histogram({ ...common(name), buckets: [...catalogue[name].buckets] }),
    async render() {
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

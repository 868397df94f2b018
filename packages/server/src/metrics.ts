import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * What Prometheus reads at /metrics. Names start with `kurzpost_`; labels hold few values and never an id,
 * a number or a text.
 */
export interface Metrics {
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>
  /** `read` is asked at each scrape, for values that something else keeps. */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    read?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L>
  histogram<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>
  /** The text that Prometheus takes, and its content type. */
  render(): Promise<{ type: string; text: string }>
}

/** From half a millisecond, a lone accept, to ten seconds, where callers have given up. */
const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** `process` adds the figures of the Node process itself (memory, event loop, garbage collection). */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: labels, registers }),
    gauge: (name, help, labels = [], read) =>
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        ...(read && {
          collect() {
            return read(this)
          },
        }),
      }),
    histogram: (name, help, labels = [], buckets = seconds) =>
      new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers }),
    async render() {
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

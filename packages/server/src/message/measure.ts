import type { Metrics } from '../metrics.ts'
import type { ClaimedMessage } from './claim.store.ts'

/** Figures of the message core for Prometheus. */
export interface MessageMeasures {
  /** A claimed message is about to be written to the link. */
  onWire(message: Pick<ClaimedMessage, 'id' | 'attempt' | 'lane'>, now: Date): void
}

/** The moment that a UUIDv7 carries in its first 48 bits, in milliseconds. (RFC 9562 §5.7) */
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

export function measureMessages(
  metrics: Metrics,
  loads: { accept: () => number; ledger: () => number },
): MessageMeasures {
  const toWire = metrics.histogram('kurzpost_accept_to_wire_seconds')
  metrics.gauge('kurzpost_accept_waiting', (gauge) => gauge.set(loads.accept()))
  metrics.gauge('kurzpost_ledger_waiting', (gauge) => gauge.set(loads.ledger()))
  return {
    onWire({ id, attempt, lane }, now) {
      if (attempt === 1) toWire.observe({ lane }, Math.max(0, now.getTime() - timeOf(id)) / 1000)
    },
  }
}

import type { EventName } from '../events.ts'
import type { Metrics } from '../metrics.ts'
import type { EventRow } from '../outbox/chunk.ts'
import type { ClaimedMessage } from './claim.store.ts'

/** Figures of the message core for Prometheus. */
export interface MessageMeasures {
  /** A claimed message is about to be written to the link. */
  onWire(message: Pick<ClaimedMessage, 'id' | 'attempt' | 'lane'>, now: Date): void
  /** Messages were claimed for a carrier, at once. */
  onClaim(carrier: string, messages: number): void
  onLeaseLost(carrier: string): void
  /** A request was accepted, after so many milliseconds. */
  onAccept(ms: number): void
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
  const accepted = metrics.histogram('kurzpost_accept_seconds')
  const claims = metrics.counter('kurzpost_claims_total')
  const claimed = metrics.counter('kurzpost_claimed_messages_total')
  const leases = metrics.counter('kurzpost_leases_lost_total')
  return {
    onWire({ id, attempt, lane }, now) {
      if (attempt === 1) toWire.observe({ lane }, Math.max(0, now.getTime() - timeOf(id)) / 1000)
    },
    onClaim(carrier, messages) {
      claims.inc({ carrier })
      claimed.inc({ carrier }, messages)
    },
    onLeaseLost: (carrier) => leases.inc({ carrier }),
    onAccept: (ms) => accepted.observe(ms / 1_000),
  }
}

/** Counts events as they are written, and receipts by whether they found their message. */
export function countOutcomes(metrics: Metrics) {
  const events = metrics.counter('kurzpost_events_total')
  const resent = metrics.counter('kurzpost_resent_total')
  const receipts = metrics.counter('kurzpost_receipts_total')
  const isFlagged = ({ payload }: EventRow) =>
    (payload as { possible_duplicate?: boolean }).possible_duplicate
  return {
    event(type: EventName, rows: readonly EventRow[]): void {
      events.inc({ type }, rows.length)
      if (type === 'message.queued') resent.inc(rows.filter(isFlagged).length)
    },
    receipt: (found: 'matched' | 'orphaned', count: number): void => receipts.inc({ found }, count),
  }
}

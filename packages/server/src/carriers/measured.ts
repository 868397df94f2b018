import type { Metrics } from '../metrics.ts'
import { messageTrace, newSpanId, type Tracer } from '../tracing.ts'
import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from './carrier.ts'

/** How a submission ended, as its counter names it. */
function outcomeOf(error: unknown): string {
  if (!(error instanceof CarrierError) || error.sent === 'maybe') return 'unknown'
  if (error.throttled) return 'throttled'
  return error.retry === 'never' ? 'permanent' : error.retry
}

/** Wraps carriers so that every submission is counted, timed and traced under the carrier's name. */
export function measureCarriers(
  metrics: Metrics,
  tracer?: Tracer | undefined,
): (name: string, own: Carrier) => Carrier {
  const submits = metrics.counter('kurzpost_submits_total')
  const segments = metrics.counter('kurzpost_submitted_segments_total')
  const took = metrics.histogram('kurzpost_submit_seconds')

  return (carrier, own) => {
    function trace({ id, segments }: OutboundSegment, startedAt: number, outcome: string): void {
      // The number of the segment stands behind the message's id.
      const { traceId, spanId: parentId } = messageTrace(id.slice(0, 36))
      if (!tracer?.samples(traceId)) return
      tracer.record({
        ...{ traceId, parentId, spanId: newSpanId(), name: 'submit', kind: 'client' },
        start: performance.timeOrigin + startedAt,
        end: performance.timeOrigin + performance.now(),
        attributes: {
          'kurzpost.carrier': carrier,
          'kurzpost.outcome': outcome,
          'kurzpost.segments': segments,
        },
        failed: outcome !== 'taken',
      })
    }

    async function submit(segment: OutboundSegment, signal?: AbortSignal): Promise<Submitted> {
      const startedAt = performance.now()
      try {
        const submitted = await own.submit(segment, signal)
        took.observe({ carrier }, (performance.now() - startedAt) / 1_000)
        submits.inc({ carrier, outcome: 'taken' })
        segments.inc({ carrier }, segment.segments)
        if (tracer) trace(segment, startedAt, 'taken')
        return submitted
      } catch (error) {
        const outcome = outcomeOf(error)
        submits.inc({ carrier, outcome })
        if (tracer) trace(segment, startedAt, outcome)
        throw error
      }
    }
    // The window and the state are asked of the carrier itself, each time.
    return Object.create(own, { submit: { value: submit } }) as Carrier
  }
}

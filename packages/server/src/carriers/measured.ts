import type { Metrics } from '../metrics.ts'
import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from './carrier.ts'

/** How a submission ended, as its counter names it. */
function outcomeOf(error: unknown): string {
  if (!(error instanceof CarrierError) || error.sent === 'maybe') return 'unknown'
  if (error.throttled) return 'throttled'
  return error.retry === 'never' ? 'permanent' : error.retry
}

/** Wraps carriers so that every submission is counted and timed under the carrier's name. */
export function measureCarriers(metrics: Metrics): (name: string, own: Carrier) => Carrier {
  const submits = metrics.counter('kurzpost_submits_total')
  const segments = metrics.counter('kurzpost_submitted_segments_total')
  const took = metrics.histogram('kurzpost_submit_seconds')

  return (carrier, own) => {
    async function submit(segment: OutboundSegment, signal?: AbortSignal): Promise<Submitted> {
      const startedAt = performance.now()
      try {
        const submitted = await own.submit(segment, signal)
        took.observe({ carrier }, (performance.now() - startedAt) / 1_000)
        submits.inc({ carrier, outcome: 'taken' })
        segments.inc({ carrier }, segment.segments)
        return submitted
      } catch (error) {
        submits.inc({ carrier, outcome: outcomeOf(error) })
        throw error
      }
    }
    // The window and the state are asked of the carrier itself, each time.
    return Object.create(own, { submit: { value: submit } }) as Carrier
  }
}

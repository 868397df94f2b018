import type { Clock } from '../clock.ts'
import type { CarrierReport } from './carrier.ts'

const remembered = 1_000
const mostCodes = 50

/** Keeps what people want to know of a carrier: since when it is how it is, its answer times, what it refused. */
export function createReport(options: { clock: Clock; type: string; host: string | null; window: number }) {
  const { clock, type } = options
  let { host, window } = options
  let state: CarrierReport['state'] = 'down'
  let since = clock.now()
  const times: number[] = []
  let next = 0
  const errors = new Map<string, number>()
  let lastError: CarrierReport['lastError'] = null

  return {
    get state() {
      return state
    },
    /** `at`: the host that it is about now, where there are several. */
    moved(to: CarrierReport['state'], at: string | null = host): void {
      host = at
      if (to === state) return
      state = to
      since = clock.now()
    },
    /** Submissions without an answer that it may have. */
    widened(to: number): void {
      window = to
    },
    answered(ms: number): void {
      times[next] = ms
      next = (next + 1) % remembered
    },
    failed(code: string): void {
      // Codes are the provider's own words: one that never repeats itself must not fill the memory.
      const kept = errors.has(code) || errors.size < mostCodes ? code : 'others'
      errors.set(kept, (errors.get(kept) ?? 0) + 1)
      lastError = { code, at: clock.now().toISOString() }
    },
    read(inFlight: number): CarrierReport {
      return {
        type,
        state,
        since: since.toISOString(),
        host,
        window,
        inFlight,
        answerMs: times.length === 0 ? null : percentiles(times),
        errors: [...errors].sort((a, b) => b[1] - a[1]).map(([code, count]) => ({ code, count })),
        lastError,
      }
    },
  }
}

function percentiles(times: readonly number[]): { p50: number; p99: number } {
  const sorted = times.toSorted((a, b) => a - b)
  const share = (part: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!)
  return { p50: share(0.5), p99: share(0.99) }
}

import type { Carrier } from '../api/operate-types.ts'

/** What a carrier did at a moment, over all its binds. */
export interface Sample {
  at: number
  /** Segments a second. */
  rate: number
  limit: number | null
  /** Milliseconds of the slowest bind; null while nothing was answered. */
  p50: number | null
  p99: number | null
}

/** Kept for the charts as long as the console is open, for no server keeps them for it. */
const keepMs = 5 * 60_000
const samples = new Map<string, Sample[]>()

export function remember(carrier: Carrier, at = Date.now()): void {
  const earlier = (samples.get(carrier.id) ?? []).filter((sample) => at - sample.at <= keepMs)
  samples.set(carrier.id, [...earlier, { at, ...measures(carrier) }])
}

export const samplesOf = (carrierId: string): readonly Sample[] => samples.get(carrierId) ?? []

/** Sums and worst cases of the binds. */
export function measures({ binds, settings }: Carrier): Omit<Sample, 'at'> {
  const limits = binds.map((bind) => bind.segments_per_second)
  const shared = limits.every((limit) => limit !== null) && limits.length > 0
  const contract = settings.segments_per_second
  const answers = binds.flatMap(({ answer_ms }) => (answer_ms ? [answer_ms] : []))
  return {
    rate: sum(binds.map(({ rate }) => rate ?? 0)),
    limit: typeof contract === 'number' ? contract : shared ? sum(limits.map((limit) => limit ?? 0)) : null,
    p50: answers.length > 0 ? Math.max(...answers.map(({ p50 }) => p50)) : null,
    p99: answers.length > 0 ? Math.max(...answers.map(({ p99 }) => p99)) : null,
  }
}

export const windowOf = ({ binds }: Carrier): { used: number; size: number } => ({
  used: sum(binds.map(({ in_flight }) => in_flight ?? 0)),
  size: sum(binds.map(({ window }) => window ?? 0)),
})

export interface ErrorCount {
  code: string
  count: number
}

/** The errors of all binds, most frequent first. */
export function errorsOf({ binds }: Carrier): ErrorCount[] {
  const counts = new Map<string, number>()
  for (const { code, count } of binds.flatMap(({ errors }) => errors))
    counts.set(code, (counts.get(code) ?? 0) + count)
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

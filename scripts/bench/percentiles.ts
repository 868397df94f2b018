export interface Spread {
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Exact percentiles, by the nearest rank, of the samples that are numbers. Undefined where there are none. */
export function spreadOf(samples: Float64Array): Spread | undefined {
  const sorted = samples.filter((sample) => !Number.isNaN(sample)).sort()
  if (sorted.length === 0) return undefined
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) }
}

/** How long it took from one time to the other, a message each; NaN where one of them is unknown. Never below 0. */
export const between = (from: Float64Array, to: Float64Array): Float64Array =>
  from.map((at, index) => Math.max(0, to[index]! - at))

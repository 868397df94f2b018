import { mix, unit } from '../chance.ts'
import type { Rule } from './kinds.ts'

const HOUR_MS = 3_600_000

/** Gives a time in milliseconds for a key; the same one for the same key. */
export interface Sampler {
  sample(key: number): number
  /** Set if it is always this: then no key is needed. */
  readonly constant?: number
}

type Draw = (key: number) => number

/**
 * How long something takes: `50`, or a distribution in words. `spike 1% 5000` behind it: so many take 5000 ms instead.
 * Whatever is drawn ends at one hour.
 */
const shapes: Readonly<
  Record<string, { readonly numbers: number; readonly make: (a: number, b: number) => Draw }>
> = {
  constant: { numbers: 1, make: (ms) => () => ms },
  uniform: { numbers: 2, make: (from, to) => (key) => from + (to - from) * unit(key, 1) },
  exponential: { numbers: 1, make: (mean) => (key) => -mean * Math.log(1 - unit(key, 1)) },
  lognormal: {
    numbers: 2,
    // 2.326 standard deviations above the median lie 1 % of all.
    make: (p50, p99) => {
      const sigma = Math.log(p99 / p50) / 2.326
      return (key) => p50 * Math.exp(sigma * normal(key))
    },
  },
}

/** Box-Muller. */
const normal = (key: number): number =>
  Math.sqrt(-2 * Math.log(1 - unit(key, 1))) * Math.cos(2 * Math.PI * unit(key, 2))

const spikePattern = /^(.*?)\s*\bspike (\d+(?:\.\d+)?)% (\d+(?:\.\d+)?)$/

/** Reads a time; undefined if it is none. */
export function readTime(given: string | number): Sampler | undefined {
  const written = String(given).trim()
  const spike = spikePattern.exec(written)
  const base = readShape(spike ? spike[1]! || '0' : written)
  if (!base || !spike) return base
  const [share, high] = [Number(spike[2]) / 100, Number(spike[3])]
  if (share > 1 || high > HOUR_MS) return undefined
  return { sample: (key) => (unit(key, 3) < share ? high : base.sample(key)) }
}

function readShape(written: string): Sampler | undefined {
  if (isTime(written)) return constant(Number(written))
  const [word = '', ...rest] = written.split(/\s+|\.\./)
  const shape = Object.hasOwn(shapes, word) ? shapes[word] : undefined
  if (!shape || rest.length !== shape.numbers || !rest.every(isTime)) return undefined
  const [a = 0, b = 0] = rest.map(Number)
  if (word === 'constant') return constant(a)
  if ((word === 'uniform' && b < a) || (word === 'lognormal' && (a === 0 || b < a))) return undefined
  const draw = shape.make(a, b)
  return { sample: (key) => Math.min(HOUR_MS, draw(key)) }
}

const isTime = (written: string): boolean => /^\d+(\.\d+)?$/.test(written) && Number(written) <= HOUR_MS
const constant = (ms: number): Sampler => ({ sample: () => ms, constant: ms })

/** A sampler of a time and a purpose: keys of messages serve for many decisions. */
export const sampleFor = (sampler: Sampler, key: number, purpose: number): number =>
  sampler.constant ?? sampler.sample(mix(key, purpose))

/** Milliseconds, or a distribution of them: kept as it was given, a bare number as a number. */
export const time = (fallback: number, help: string): Rule<number | string> => ({
  fallback,
  takes:
    'milliseconds up to an hour, or a distribution: "uniform 20..80", "exponential 50" (mean), "lognormal 50 400" (median and 99th percentile), each with "spike 1% 5000" behind it or alone',
  short: 'a time',
  read: (value) => {
    if (typeof value !== 'number' && typeof value !== 'string') return undefined
    if (readTime(value) === undefined) return undefined
    return /^\d+(\.\d+)?$/.test(String(value).trim()) ? Number(value) : String(value).trim()
  },
  help,
})

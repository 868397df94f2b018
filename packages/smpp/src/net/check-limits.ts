import type { BindOptions } from './client-options.ts'

type Limit =
  | 'window'
  | 'maxWaiting'
  | 'maxHandling'
  | 'maxLength'
  | 'responseTimeoutMs'
  | 'enquireLinkMs'
  | 'bindTimeoutMs'
  | 'readTimeoutMs'
  | 'writeTimeoutMs'
  | 'stallMs'

// The window is a ring of slots that is allocated with the link.
const ranges: Readonly<Record<Exclude<Limit, `${string}Ms`>, readonly [least: number, most: number]>> = {
  window: [1, 1_000_000],
  maxWaiting: [0, Number.POSITIVE_INFINITY],
  maxHandling: [1, Number.POSITIVE_INFINITY],
  maxLength: [16, 0x7fffffff],
}
const times: readonly Limit[] = [
  'responseTimeoutMs',
  'enquireLinkMs',
  'bindTimeoutMs',
  'readTimeoutMs',
  'writeTimeoutMs',
  'stallMs',
]

/**
 * Throws RangeError for a limit that is none: a window of 0 sends nothing, an enquireLinkMs of 0 asks without end and NaN
 * fires at once. Infinity as a time means never.
 */
export function checkLimits(options: Pick<BindOptions, Limit>): void {
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value = options[name as Limit] ?? least
    if (
      !(value >= least && value <= most) ||
      (!Number.isInteger(value) && value !== Number.POSITIVE_INFINITY)
    )
      throw new RangeError(`${name} is ${value}, but has to be a whole number from ${least} to ${most}`)
  }
  for (const name of times) {
    const value = options[name] ?? 1
    if (!(value > 0)) throw new RangeError(`${name} is ${value}, but has to be above 0; Infinity is never`)
  }
}

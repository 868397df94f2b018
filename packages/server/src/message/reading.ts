import type { Reading } from '../carriers/carrier.ts'

/**
 * What a carrier's receipts have shown of how it repeats its ids: how often each reading led to the segment that the
 * receipt was for, counted for each place that an id stands in (`text`, `tlv`). Kept in `carriers.learned`.
 */
export type LearnedReadings = Readonly<Record<string, LearnedPlace>>

export interface LearnedPlace {
  /** Right readings by their name within the place: `same`, `hex_to_decimal`. */
  counts: Readonly<Record<string, number>>
  /** Receipts that told one reading from another. */
  total: number
  /** The reading that is followed alone, once it is certain. */
  reading: string | null
}

/** Eight receipts that agree are 90 % by Laplace's rule: fewer could be an accident of one batch of ids. */
const certain = 0.9
/** Old receipts fade, so that a carrier that changes its base is learned anew within some dozens. */
const remembered = 64

const partsOf = (name: string): [place: string, reading: string] => {
  const colon = name.indexOf(':')
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)]
}

/** The keys that a receipt can mean: those of certain readings alone, where one of its places has one; else all. */
export function keysOf(
  readings: readonly Reading[],
  learned: LearnedReadings,
): { keys: string[]; certain: boolean } {
  const sure = readings.filter(({ name }) => {
    const [place, reading] = partsOf(name)
    return learned[place]?.reading === reading
  })
  const keys = distinct(sure.length > 0 ? sure : readings)
  return { keys, certain: sure.length > 0 || keys.length < 2 }
}

/** Every key, once, best guess first. */
export const distinct = (readings: readonly Reading[]): string[] => [
  ...new Set(readings.map(({ key }) => key)),
]

/**
 * Goes on from a receipt whose segment is known. Undefined when it tells nothing: all its readings lead to the same
 * key (a UUID, a digit), or none to that of the segment.
 */
export function learn(
  learned: LearnedReadings,
  readings: readonly Reading[],
  key: string,
): LearnedReadings | undefined {
  let next: Record<string, LearnedPlace> | undefined
  for (const [place, all] of Map.groupBy(readings, ({ name }) => partsOf(name)[0])) {
    const right = all.filter((one) => one.key === key).map(({ name }) => partsOf(name)[1])
    if (right.length === 0 || right.length === all.length) continue
    next = { ...(next ?? learned), [place]: counted(learned[place], right) }
  }
  return next
}

function counted(known: LearnedPlace | undefined, right: readonly string[]): LearnedPlace {
  const fade = (known?.total ?? 0) >= remembered ? 1 - 1 / remembered : 1
  const counts: Record<string, number> = {}
  for (const [name, count] of Object.entries(known?.counts ?? {})) counts[name] = count * fade
  for (const name of right) counts[name] = (counts[name] ?? 0) + 1
  const total = (known?.total ?? 0) * fade + 1
  const [best, count] = Object.entries(counts).reduce((one, other) => (other[1] > one[1] ? other : one))
  return { counts, total, reading: (count + 1) / (total + 2) >= certain ? best : null }
}

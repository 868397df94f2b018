import { isHoliday, loadHolidays } from './holidays.ts'
import { type Hours, horizonMs, type Stretch, stretchAt } from './hours.ts'

/** Opening hours that remember what they have computed: a campaign asks a hundred thousand times for the same few. */
export interface Almanac {
  /** Before anything else is asked about these hours: holidays have to be loaded. */
  prepare(all: readonly Hours[]): Promise<void>
  stretchAt(at: Date, hours: Hours): Stretch
  /** The first moment from `at` on at which it is open; null: none is near. */
  nextOpen(at: Date, hours: Hours): Date | null
}

interface Known extends Stretch {
  from: number
  /** Until when it is known to be so. */
  to: number
}

/** Sets of hours and, for each, stretches that are kept; whoever has more asks again. */
const most = { hours: 2_000, stretches: 60 }

export function createAlmanac(): Almanac {
  const known = new Map<string, Known[]>()
  const keys = new WeakMap<Hours, string>()

  const keyOf = (hours: Hours): string => {
    let key = keys.get(hours)
    if (key === undefined) {
      key = JSON.stringify([hours.zones, hours.rules])
      keys.set(hours, key)
    }
    return key
  }

  function stretch(at: Date, hours: Hours): Stretch {
    const key = keyOf(hours)
    let stretches = known.get(key)
    if (!stretches) {
      if (known.size >= most.hours) known.clear()
      stretches = []
      known.set(key, stretches)
    }
    const moment = at.getTime()
    const hit = stretches.find(({ from, to }) => from <= moment && moment < to)
    if (hit) return hit
    const { open, until } = stretchAt(at, hours, isHoliday)
    if (stretches.length >= most.stretches) stretches.length = 0
    // What never ends is asked again when half of the time has gone for which that was found.
    const to = until?.getTime() ?? moment + horizonMs / 2
    const found = { from: moment, to, open, until }
    stretches.push(found)
    return found
  }

  return {
    async prepare(all) {
      const asks = all.some(({ rules }) =>
        rules.some(({ closedOnHolidaysOf }) => closedOnHolidaysOf !== null),
      )
      if (asks) await loadHolidays()
    },
    stretchAt: stretch,
    nextOpen(at, hours) {
      const { open, until } = stretch(at, hours)
      return open ? at : until
    },
  }
}

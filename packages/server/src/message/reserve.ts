import { type Lane, laneNames } from './lane.ts'

/** Of so many claims with messages one begins below the others: an eighth of the link is for the lanes that wait. */
const every = 8

/** Strict priority, but that no lane starves: now and then a claim begins with a lower lane, each of them in its turn. */
export interface Reserve {
  /** The lane that the next claim begins with; undefined: the highest. */
  next(): Lane | undefined
  /** A claim that began with the highest lane has brought messages, the first of them of this one. */
  took(highest: Lane): void
}

export function createReserve(): Reserve {
  let claims = 0
  let highest = 0
  let last = 0

  return {
    next() {
      if (claims < every - 1) return undefined
      claims = 0
      const below = highest + 1
      if (below >= laneNames.length) return undefined
      last = last < below || last + 1 >= laneNames.length ? below : last + 1
      return laneNames[last]
    },
    took(lane) {
      claims++
      highest = laneNames.indexOf(lane)
    },
  }
}

import { type Cost, costIn, septetLength } from './alphabet.ts'
import type { Coding } from './candidates.ts'
import { clusterStart } from './cluster.ts'
import { GsmError } from './errors.ts'
import { type Frame, hasRoom } from './frame.ts'
import { insidePair } from './ucs2.ts'

/** The total of a concatenation element is one octet [3GPP 23.040 §9.2.3.24.1]. */
export const MAX_SEGMENTS = 255

/** How a text is filled into segments in one coding. */
export interface Filling {
  /** The index after the last character that fits when `capacity` units start at `from`. */
  readonly cut: (text: string, from: number, capacity: number) => number
  /** Units of a text that the coding can write. */
  readonly measure: (text: string) => number
}

const ucs2: Filling = { cut: cutUcs2, measure: (text) => text.length }
const gsm7: Filling = { cut: septetCut(costIn(undefined)), measure: septetLength }

export function fillingOf({ encoding, shifts }: Coding): Filling {
  if (encoding === 'ucs2') return ucs2
  if (shifts.locking === undefined && shifts.single === undefined) return gsm7
  return { cut: septetCut(costIn(shifts)), measure: (text) => septetLength(text, shifts) }
}

/**
 * Segments of a text that takes so many units in a coding, without an upper bound; Infinity if the headers leave no
 * room. Characters that the tables do not have count as one septet.
 */
export function segmentsIn(text: string, coding: Coding, units: number, frame: Frame): number {
  if (units <= frame.whole) return 1
  if (!hasRoom(frame)) return Number.POSITIVE_INFINITY
  // Without escapes a division does.
  if (coding.encoding === 'gsm7' && units === text.length) return Math.ceil(units / frame.part)
  return countFilled(text, fillingOf(coding), frame.part, 0, Number.POSITIVE_INFINITY)
}

/** Segments that the text fills from an index on; `most` is where counting stops. */
function countFilled(text: string, { cut }: Filling, capacity: number, from: number, most: number): number {
  let count = 0
  for (let at = from; at < text.length && count < most; count++) at = cut(text, at, capacity)
  return count
}

/** Where each segment ends. Throws `too_many_segments` beyond 255. */
export function borders(text: string, filling: Filling, capacity: number): number[] {
  const ends: number[] = []
  for (let from = 0; from < text.length; ) {
    if (ends.length === MAX_SEGMENTS) throw new GsmError('too_many_segments', from)
    const end = filling.cut(text, from, capacity)
    from = end < text.length ? kindCut(text, filling, capacity, from, end) : end
    ends.push(from)
  }
  return ends
}

/** The cut moved before the cluster that it parts, unless the cluster fills the segment or that costs a segment more. */
function kindCut(text: string, filling: Filling, capacity: number, from: number, end: number): number {
  const start = clusterStart(text, from, end)
  if (start === end || start <= from) return end
  // A text that goes on beyond what can be sent is refused: there is no need to know how far.
  const count = (at: number) => countFilled(text, filling, capacity, at, MAX_SEGMENTS)
  return count(start) === count(end) ? start : end
}

/** A character that the tables do not have is counted as one septet. */
function septetCut(cost: Cost): Filling['cut'] {
  return (text, from, capacity) => {
    let room = capacity
    let index = from
    for (; index < text.length; index++) {
      room -= cost(text.charCodeAt(index)) || 1
      if (room < 0) break
    }
    return index
  }
}

function cutUcs2(text: string, from: number, capacity: number): number {
  const end = Math.min(from + capacity, text.length)
  return end < text.length && insidePair(text, end) ? end - 1 : end
}

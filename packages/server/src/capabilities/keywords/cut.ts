import { countSegments, smartEncode } from '@kurzpost/gsm'

/** GSM-7 has no ellipsis: the sign alone would make three segments of one. */
const note = ' ...'

/** Text of others as a phone can take it: no control characters but line breaks, no half characters. */
export const clean = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .trim()

/**
 * A text in at most so many segments: first with signs replaced that cost segments, then shortened at the end of a
 * word, with three dots.
 */
export function cutToSegments(text: string, most: number): { text: string; cut: boolean } {
  const smart = smartEncode(clean(text)).text
  const fits = (part: string): boolean => countSegments(part).segments <= most
  if (fits(smart)) return { text: smart, cut: false }
  const ends = [...smart.matchAll(/\s+/gu)].map(({ index }) => index)
  const end = lastFitting(ends, (at) => fits(smart.slice(0, at) + note))
  if (end !== undefined) return { text: smart.slice(0, end).trimEnd() + note, cut: true }
  const borders = [...new Intl.Segmenter().segment(smart)].map(({ index }) => index)
  return {
    text: smart.slice(0, lastFitting(borders, (at) => fits(smart.slice(0, at) + note)) ?? 0) + note,
    cut: true,
  }
}

/** The last of ascending places that fits; a longer beginning never takes fewer segments. */
function lastFitting(places: readonly number[], fits: (place: number) => boolean): number | undefined {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(places[middle]!)) low = middle + 1
    else high = middle
  }
  return low === 0 ? undefined : places[low - 1]
}

/**
 * Segmentation once more, slow and by another way than the package's: for property tests and the corpus. It shares no
 * table and no function with what it checks.
 */

/** [3GPP 23.038 §6.2.1]: the characters of one septet, by code point. */
const oneSeptet = new Set<number>([
  ...[0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5],
  ...[0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0xc6, 0xe6, 0xdf, 0xc9],
  ...[0xa4, 0xa1, 0xc4, 0xd6, 0xd1, 0xdc, 0xa7, 0xbf, 0xe4, 0xf6, 0xf1, 0xfc, 0xe0],
  ...range(0x20, 0x23),
  ...range(0x25, 0x3f),
  ...range(0x41, 0x5a),
  ...range(0x61, 0x7a),
])
/** [3GPP 23.038 §6.2.1.1]: those of two. */
const twoSeptets = new Set([0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac])

export interface Counted {
  readonly encoding: 'gsm7' | 'ucs2'
  readonly segments: number
}

/** The fewest segments over all ways to cut between code points. `headerOctets` is that of the parts. */
export function countByTryingAll(text: string, headerOctets = 6): Counted {
  const points = Array.from(text, (char) => char.codePointAt(0)!)
  const gsm7 = points.every((point) => oneSeptet.has(point) || twoSeptets.has(point))
  const encoding = gsm7 ? 'gsm7' : 'ucs2'
  const bits = bitsOf(points, encoding)
  const alone = bits.reduce((sum, each) => sum + each, 0) <= 140 * 8
  return { encoding, segments: alone ? 1 : fewestParts(bits, (140 - headerOctets) * 8) }
}

/** The same for what is left of a message that has more than one segment. */
export function countRest(text: string, encoding: Counted['encoding'], headerOctets = 6): number {
  const points = Array.from(text, (char) => char.codePointAt(0)!)
  return fewestParts(bitsOf(points, encoding), (140 - headerOctets) * 8)
}

function bitsOf(points: readonly number[], encoding: Counted['encoding']): number[] {
  return encoding === 'gsm7'
    ? points.map((point) => (twoSeptets.has(point) ? 14 : 7))
    : points.map((point) => (point > 0xffff ? 32 : 16))
}

function fewestParts(bits: readonly number[], capacity: number): number {
  /** The fewest segments for the first n characters. */
  const fewest: number[] = [0]
  for (let end = 1; end <= bits.length; end++) {
    let best = Number.POSITIVE_INFINITY
    let room = capacity
    for (let start = end - 1; start >= 0; start--) {
      room -= bits[start]!
      if (room < 0) break
      best = Math.min(best, fewest[start]! + 1)
    }
    fewest.push(best)
  }
  return fewest.at(-1)!
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

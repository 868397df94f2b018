import { allocate } from './slab.ts'
import { textOf, unitsFor } from './units.ts'

const REPLACEMENT = '\ufffd'

/**
 * Text as UTF-16BE. UCS-2 by name, but every phone reads surrogate pairs. A lone surrogate is kept as it is, so
 * that texts that a careless sender cut inside a pair are whole again once they are joined.
 */
export function encodeUcs2(text: string): Uint8Array {
  const octets = allocate(text.length * 2)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    octets[2 * index] = unit >> 8
    octets[2 * index + 1] = unit & 0xff
  }
  return octets
}

/** UTF-16BE as text. Total: half a code unit at the end shows as U+FFFD. */
export function decodeUcs2(octets: Uint8Array): string {
  return decodeUnits(octets, 0, 1)
}

/** As `decodeUcs2`, but heeds and removes a byte order mark, which some handsets and gateways send. */
export function decodeUcs2WithMark(octets: Uint8Array): string {
  if (octets[0] === 0xfe && octets[1] === 0xff) return decodeUnits(octets.subarray(2), 0, 1)
  if (octets[0] === 0xff && octets[1] === 0xfe) return decodeUnits(octets.subarray(2), 1, 0)
  return decodeUcs2(octets)
}

function decodeUnits(octets: Uint8Array, high: 0 | 1, low: 0 | 1): string {
  const length = octets.length >> 1
  const units = unitsFor(length)
  for (let index = 0; index < length; index++) {
    units[index] = (octets[2 * index + high]! << 8) | octets[2 * index + low]!
  }
  const text = textOf(units, length)
  return octets.length % 2 === 0 ? text : text + REPLACEMENT
}

/** Whether a cut before `index` would part a surrogate pair. */
export function insidePair(text: string, index: number): boolean {
  return (text.charCodeAt(index - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(index) & 0xfc00) === 0xdc00
}

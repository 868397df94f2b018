import { allocate } from './slab.ts'

const CARRIAGE_RETURN = 0x0d

/** Zero bits between a header of so many octets and the first septet, which starts on a septet border [3GPP 23.040 §9.2.3.24]. */
export function fillBitsAfter(headerOctets: number): number {
  return (7 - ((headerOctets * 8) % 7)) % 7
}

/** Septets that a header of so many octets takes up, its fill bits included. */
export function septetsOfHeader(headerOctets: number): number {
  return Math.ceil((headerOctets * 8) / 7)
}

/**
 * Packs septets (one an octet) to octets, the first in the lowest bits [3GPP 23.038 §6.1.2.1]; `fillBits` (0 to 6)
 * zero bits come first. If seven bits are left over they hold a carriage return, because a reader that is not told
 * the number of septets would see a zero there as one more `@` [3GPP 23.038 §6.1.2.3].
 *
 * `counted: false` says that the reader is not told: then a carriage return that ends on an octet border, which the
 * reader would take for such padding, is written twice [3GPP 23.038 §6.1.2.3.1]. It costs an octet, so it is not for
 * TPDUs, whose TP-UDL counts.
 */
export function packSeptets(septets: Uint8Array, fillBits = 0, { counted = true } = {}): Uint8Array {
  const bits = fillBits + septets.length * 7
  const doubled = !counted && bits % 8 === 0 && septets.at(-1) === CARRIAGE_RETURN
  const octets = allocate(Math.ceil((doubled ? bits + 7 : bits) / 8))
  let bit = fillBits
  for (let index = 0; index < septets.length; index++, bit += 7) put(octets, bit, septets[index]! & 0x7f)
  if (doubled || octets.length * 8 - bits === 7) put(octets, bit, CARRIAGE_RETURN)
  return octets
}

/** Unpacks `count` septets that start after `fillBits` bits; fewer, if the octets do not hold as many. */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits = 0): Uint8Array {
  const septets = allocate(Math.max(0, Math.min(count, septetsIn(octets, fillBits))))
  for (let index = 0, bit = fillBits; index < septets.length; index++, bit += 7) {
    const at = bit >> 3
    septets[index] = ((octets[at]! | ((octets[at + 1] ?? 0) << 8)) >> (bit & 7)) & 0x7f
  }
  return septets
}

/** The most septets that the octets can hold. */
export function septetsIn(octets: Uint8Array, fillBits = 0): number {
  return Math.max(0, Math.floor((octets.length * 8 - fillBits) / 7))
}

/**
 * Unpacks septets whose number nobody told: all that fit, less a carriage return that fills the last seven bits.
 * A text that really ends in one, just there, keeps it if its sender wrote it twice: it then ends in two, which the
 * standard defines to be the same [3GPP 23.038 §6.1.1].
 */
export function unpackAllSeptets(octets: Uint8Array, fillBits = 0): Uint8Array {
  const septets = unpackSeptets(octets, septetsIn(octets, fillBits), fillBits)
  const endsOnBorder = (fillBits + septets.length * 7) % 8 === 0
  return endsOnBorder && septets.at(-1) === CARRIAGE_RETURN ? septets.subarray(0, -1) : septets
}

function put(octets: Uint8Array, bit: number, septet: number): void {
  const at = bit >> 3
  const shifted = septet << (bit & 7)
  octets[at]! |= shifted & 0xff
  if (shifted > 0xff) octets[at + 1]! |= shifted >> 8
}

import { parseHeader, type UserDataHeader, type UserDataProblem } from './header.ts'
import { fillBitsAfter, packSeptets, septetsOfHeader, unpackAllSeptets, unpackSeptets } from './septets.ts'
import { allocate } from './slab.ts'

export interface UserData {
  readonly header: UserDataHeader | undefined
  /** What follows the header: septets one an octet, UTF-16BE, or raw octets, as the data coding says. */
  readonly body: Uint8Array
  /** What was wrong with it: keys of `userDataProblems`. */
  readonly problems: readonly UserDataProblem[]
}

interface Parts {
  readonly header: Uint8Array
  readonly body: Uint8Array
}

/**
 * User data as SMPP carries it (septets unpacked) into header and body. `udhi` is bit 0x40 of esm_class, or of the
 * first octet of a TPDU. Never throws: what cannot be read is reported, and no octet of text is dropped.
 */
export function parseUserData(octets: Uint8Array, { udhi }: { udhi: boolean }): UserData {
  if (!udhi) return { header: undefined, body: octets, problems: [] }
  const { header, length, problems } = parseHeader(octets)
  return { header, body: octets.subarray(length), problems }
}

/**
 * User data with packed septets, as a TPDU (and a few SMPP links) carry it; the body comes back unpacked.
 * `length` is TP-UDL: septets, those of the header included. Without it all septets that fit are read.
 */
export function parsePackedUserData(
  octets: Uint8Array,
  { udhi, length }: { udhi: boolean; length?: number },
): UserData {
  const parsed = udhi ? parseHeader(octets) : { header: undefined, length: 0, problems: [] }
  const problems: UserDataProblem[] = [...parsed.problems]
  const fillBits = fillBitsAfter(parsed.length)
  const packed = octets.subarray(parsed.length)
  if (length === undefined) {
    return { header: parsed.header, body: unpackAllSeptets(packed, fillBits), problems }
  }
  const count = length - septetsOfHeader(parsed.length)
  const body = unpackSeptets(packed, count, fillBits)
  if (body.length < count) problems.push('length_overruns')
  return { header: parsed.header, body, problems }
}

/** Header and body in one piece: the short_message of a segment in SMPP. */
export function joinUserData({ header, body }: Parts): Uint8Array {
  if (header.length === 0) return body
  const octets = allocate(header.length + body.length)
  octets.set(header)
  octets.set(body, header.length)
  return octets
}

/**
 * Header and packed septets, with the fill bits between them; `length` is TP-UDL, in septets. Without a TP-UDL on the
 * wire, as on an SMPP link that packs, say `counted: false`: see `packSeptets`.
 */
export function packUserData(
  { header, body }: Parts,
  options: { counted?: boolean } = {},
): { octets: Uint8Array; length: number } {
  return {
    octets: joinUserData({ header, body: packSeptets(body, fillBitsAfter(header.length), options) }),
    length: septetsOfHeader(header.length) + body.length,
  }
}

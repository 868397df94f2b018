import { type Charset, decodeText, parseUserData, readDataCoding } from '@kurzpost/gsm'

/** Which text a part belongs to. Two texts between the same two addresses differ by their reference. */
export interface Concat {
  readonly reference: number
  readonly total: number
  readonly part: number
}

/** One segment as a handset reads it. */
export interface ReadSegment {
  readonly text: string
  readonly encoding: Charset
  readonly concat: Concat | undefined
}

/** What of a submit_sm a handset sees; `sar` are the concatenation TLVs, for those who do not use a header. */
export interface RawSegment {
  readonly octets: Uint8Array
  readonly esmClass: number
  readonly dataCoding: number
  readonly sar?: Concat | undefined
}

/** esm_class bit 6: the text begins with a user data header (SMPP 3.4, 5.2.12). */
const UDHI = 0x40

/** Reads one segment. Never throws: what is no text is shown in hex, as `binary`. */
export function readSegment({ octets, esmClass, dataCoding, sar }: RawSegment): ReadSegment {
  const encoding = readDataCoding(dataCoding).charset
  const { header, body } = parseUserData(octets, { udhi: (esmClass & UDHI) !== 0 })
  return {
    text: flat(decodeText(body, dataCoding) ?? Buffer.from(body).toString('hex')),
    encoding,
    // Header and SAR TLVs together happen; the header is what a real phone would see.
    concat: plausible(header?.concat) ?? plausible(sar),
  }
}

/** 3GPP TS 23.040, 9.2.3.24.1: a part beyond the total, or of nothing, is ignored: the text stands alone. */
function plausible(concat: Concat | undefined): Concat | undefined {
  if (!concat || concat.total < 2 || concat.part < 1 || concat.part > concat.total) return undefined
  return concat
}

/**
 * A string that was put together letter by letter is a tree of its letters in V8, about 25 octets for each, until
 * something searches it: 200,000 texts on handsets were 430 MB, and are 50.
 */
function flat(text: string): string {
  return ANYTHING.test(text) ? text : ''
}
const ANYTHING = /^/

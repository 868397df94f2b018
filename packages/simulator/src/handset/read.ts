import { type Charset, decodeUserData } from '@kurzpost/gsm'

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
  const {
    header,
    body,
    text,
    dataCoding: coding,
  } = decodeUserData(octets, {
    dataCoding,
    udhi: (esmClass & UDHI) !== 0,
  })
  return {
    text: text ?? Buffer.from(body).toString('hex'),
    encoding: coding.charset,
    // Header and SAR TLVs together happen; the header is what a real phone would see.
    concat: plausible(header?.concat) ?? plausible(sar),
  }
}

/** 3GPP TS 23.040, 9.2.3.24.1: a part beyond the total, or of nothing, is ignored: the text stands alone. */
function plausible(concat: Concat | undefined): Concat | undefined {
  if (!concat || concat.total < 2 || concat.part < 1 || concat.part > concat.total) return undefined
  return concat
}

import { type Segment, segmentText } from '@kurzpost/gsm'
import type { Settings } from '../settings/settings.ts'

/** One deliver_sm's worth of a text: what SMPP calls esm_class, data_coding and short_message, and the TLVs. */
export interface WrittenPart {
  readonly esmClass: number
  readonly dataCoding: number
  readonly shortMessage: Uint8Array
  readonly tlvs: readonly { readonly tag: number; readonly value: Uint8Array }[]
}

export interface WrittenText {
  readonly encoding: 'gsm7' | 'ucs2'
  readonly segments: number
  readonly parts: readonly WrittenPart[]
}

/** SMPP 3.4, 5.2.12 and 5.3.2. */
const UDHI = 0x40
const SAR_MSG_REF_NUM = 0x020c
const SAR_TOTAL_SEGMENTS = 0x020e
const SAR_SEGMENT_SEQNUM = 0x020f
const MESSAGE_PAYLOAD = 0x0424

const NOTHING = new Uint8Array(0)
const dataCodings = { gsm7: 0, ucs2: 8 } as const

/** How the parts of a text that needs several are carried. A text of one segment looks the same in all of them. */
const carry: Record<Settings['longText'], (segment: Segment, total: number, reference: number) => Carried> = {
  udh: (segment) => ({ esmClass: UDHI, shortMessage: join(segment.header, segment.body), tlvs: [] }),
  udh16: (segment) => ({ esmClass: UDHI, shortMessage: join(segment.header, segment.body), tlvs: [] }),
  sar: (segment, total, reference) => ({
    esmClass: 0,
    shortMessage: segment.body,
    tlvs: [
      { tag: SAR_MSG_REF_NUM, value: Uint8Array.of(0, reference) },
      { tag: SAR_TOTAL_SEGMENTS, value: Uint8Array.of(total) },
      { tag: SAR_SEGMENT_SEQNUM, value: Uint8Array.of(segment.index) },
    ],
  }),
  payload: (segment) => ({
    esmClass: 0,
    shortMessage: NOTHING,
    tlvs: [{ tag: MESSAGE_PAYLOAD, value: segment.body }],
  }),
}
type Carried = Omit<WrittenPart, 'dataCoding'>

/**
 * Turns what somebody typed on a handset into the parts that go out.
 * Throws `GsmError('too_many_segments')` beyond 255.
 */
export function writeText(text: string, reference: number, longText: Settings['longText']): WrittenText {
  const referenceBits = longText === 'udh16' ? 16 : 8
  const { encoding, segments } = segmentText(text, { reference, referenceBits })
  const dataCoding = dataCodings[encoding]
  const [only] = segments
  if (segments.length <= 1) {
    const part = { esmClass: 0, dataCoding, shortMessage: only?.body ?? NOTHING, tlvs: [] }
    return { encoding, segments: 1, parts: [part] }
  }
  // A payload carries the text whole, whatever its length: one deliver_sm.
  const carried =
    longText === 'payload'
      ? [carry.payload({ ...only!, body: join(...segments.map(({ body }) => body)) }, 1, reference)]
      : segments.map((segment) => carry[longText](segment, segments.length, reference))
  return { encoding, segments: segments.length, parts: carried.map((part) => ({ ...part, dataCoding })) }
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces))
}

import { analyzeText, countSegments, type Encoding, GsmError, segmentText, smartEncode } from '@kurzpost/gsm'

export interface Mark {
  from: number
  to: number
}

export interface Measure {
  encoding: Encoding
  segments: { units: number; capacity: number }[]
  left: number
  perSegment: number
  /** Distinct characters that the GSM alphabet lacks, in order of appearance. */
  offenders: { char: string; code: string }[]
  marks: Mark[]
  /** True when GSM-7 is asked for and cannot be. */
  impossible: boolean
  /** What it would take with the offenders replaced, if that makes all of it GSM-7 and takes no more segments. */
  replaced: { text: string; segments: number; changes: { from: string; to: string }[] } | undefined
  /** Segments that the text would take without the offenders. */
  withoutOffenders: number
}

export type EncodingWish = 'auto' | Encoding

const codeOf = (point: number) => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`

/** Everything that the counter under the text says, computed as the server will. */
export function measure(text: string, wish: EncodingWish): Measure {
  const { offenders } = analyzeText(text)
  const impossible = wish === 'gsm7' && offenders.length > 0
  const cut = segments(text, impossible ? 'ucs2' : wish)
  const distinct = new Map(offenders.map(({ char, codePoint }) => [char, codeOf(codePoint)]))
  const plain = smartEncode(text, { when: 'gsm7' })
  let bare = text
  for (const char of distinct.keys()) bare = bare.replaceAll(char, '')
  return {
    encoding: cut.encoding,
    segments: cut.segments.map(({ units }) => ({ units, capacity: cut.perSegment })),
    left: cut.left,
    perSegment: cut.perSegment,
    offenders: wish === 'ucs2' ? [] : [...distinct].map(([char, code]) => ({ char, code })),
    marks:
      wish === 'ucs2' ? [] : offenders.map(({ index, char }) => ({ from: index, to: index + char.length })),
    impossible,
    replaced:
      plain.applied && wish !== 'ucs2'
        ? {
            text: plain.text,
            segments: plain.after.segments,
            changes: distinctChanges(plain.changes),
          }
        : undefined,
    withoutOffenders: countSegments(bare).segments,
  }
}

/** Beyond 255 segments there is no such message; the meter then shows 255 full ones. */
function segments(text: string, encoding: EncodingWish) {
  try {
    return segmentText(text, { encoding })
  } catch (error) {
    if (!(error instanceof GsmError) || error.code !== 'too_many_segments') throw error
    const perSegment = encoding === 'ucs2' || analyzeText(text).encoding === 'ucs2' ? 67 : 153
    const full = Array.from({ length: 255 }, () => ({ units: perSegment }))
    return {
      encoding: perSegment === 67 ? ('ucs2' as const) : ('gsm7' as const),
      segments: full,
      left: 0,
      perSegment,
    }
  }
}

function distinctChanges(changes: readonly { from: string; to: string }[]) {
  return [...new Map(changes.map(({ from, to }) => [from, { from, to }])).values()]
}

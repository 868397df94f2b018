import { septetLength } from './alphabet.ts'
import { countSegments } from './count.ts'
import { type Frame, type FrameOptions, frameOf, requireRoom } from './frame.ts'
import type { TemplatePart } from './template.ts'

/** What is known of a placeholder's values without having them. */
export interface ValueBounds {
  /** UTF-16 code units. Default 0. */
  readonly min?: number
  /** UTF-16 code units. */
  readonly max: number
  /**
   * `digits`: characters of one septet each, such as codes, amounts and dates. `gsm7`: any of GSM-7, so each may take
   * two. `any`, the default: also characters that force UCS-2.
   */
  readonly alphabet?: 'digits' | 'gsm7' | 'any'
}

export interface BoundsEstimate {
  readonly min: number
  readonly max: number
  /** Whether texts may, or must, go as UCS-2. */
  readonly ucs2: 'never' | 'maybe' | 'always'
}

/**
 * Segments of a template whose values are known by their length only. No text takes fewer or more; few take the most.
 * A placeholder without bounds is an error of the caller: `RangeError`. Throws `GsmError('header_too_long')` if
 * several segments would have no room beside their headers.
 */
export function estimateBounds(
  template: readonly TemplatePart[],
  bounds: Readonly<Record<string, ValueBounds>>,
  options: FrameOptions = {},
): BoundsEstimate {
  const literal = template.filter((part) => typeof part === 'string').join('')
  const ranges = template.flatMap((part) =>
    typeof part === 'string' ? [] : [boundsOf(bounds, part.placeholder)],
  )
  const [gsm7, ucs2] = [frameOf('gsm7', options), frameOf('ucs2', options)]
  for (const frame of [gsm7, ucs2]) requireRoom(frame)
  const least = ranges.reduce((sum, { min = 0 }) => sum + min, 0)
  const most = ranges.reduce((sum, { max }) => sum + max, 0)
  const open = ranges.some(({ alphabet = 'any', max }) => alphabet === 'any' && max > 0)
  const literalSeptets = septetLength(literal)

  const unicodeMost = fullest(literal.length + most, ucs2, open || /[\ud800-\udfff]/.test(literal))
  if (literalSeptets < 0) {
    return { min: fewest(literal.length + least, ucs2), max: unicodeMost, ucs2: 'always' }
  }
  const escapes = ranges.reduce(
    (sum, { max, alphabet = 'any' }) => sum + (alphabet === 'digits' ? 0 : max),
    0,
  )
  const septetsMost = literalSeptets + most + escapes
  const paired = escapes > 0 || literalSeptets > literal.length
  const gsmMost =
    ranges.length === 0 ? countSegments(literal, options).segments : fullest(septetsMost, gsm7, paired)
  return {
    min: fewest(literalSeptets + least, gsm7),
    max: open ? Math.max(gsmMost, unicodeMost) : gsmMost,
    ucs2: open ? 'maybe' : 'never',
  }
}

function boundsOf(bounds: Readonly<Record<string, ValueBounds>>, name: string): ValueBounds {
  const found = Object.hasOwn(bounds, name) ? bounds[name] : undefined
  if (found === undefined) throw new RangeError(`No bounds for placeholder ${name}`)
  return found
}

function fewest(units: number, { whole, part }: Frame): number {
  return units <= whole ? 1 : Math.ceil(units / part)
}

/** With pairs a segment may have to leave one unit empty. The last one never has. */
function fullest(units: number, { whole, part }: Frame, paired: boolean): number {
  if (units <= whole) return 1
  return paired ? Math.max(1, Math.ceil((units - 1) / (part - 1))) : Math.ceil(units / part)
}

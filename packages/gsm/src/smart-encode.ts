import { countSegments, type SegmentCount } from './count.ts'
import type { SegmentOptions } from './segment.ts'
import { type Change, type TransliterateOptions, transliterate } from './transliterate.ts'

export interface SmartEncodeOptions
  extends TransliterateOptions,
    Omit<SegmentOptions, 'encoding' | 'reference'> {
  /**
   * When the replaced text is used. `fewer`, the default: if it takes fewer segments. `gsm7`: if all of it is GSM-7 then
   * and takes no more segments, for routes where UCS-2 is dear or missing.
   */
  readonly when?: 'fewer' | 'gsm7'
}

export interface SmartEncoded {
  /** The text to send: the one given, if replacing does not pay. Keep the original too. */
  readonly text: string
  readonly applied: boolean
  readonly before: SegmentCount
  /** The same as `before` if nothing was applied. */
  readonly after: SegmentCount
  /** What was changed; nothing if nothing was applied. */
  readonly changes: readonly Change[]
}

/**
 * Transliterates a text if, and only if, that pays: all of it or nothing. The result never takes more segments, which
 * GSM-7 by itself would not promise: 70 ellipses are one segment of UCS-2 and 210 septets.
 */
export function smartEncode(text: string, options: SmartEncodeOptions = {}): SmartEncoded {
  const before = countSegments(text, options)
  const unchanged: SmartEncoded = { text, applied: false, before, after: before, changes: [] }
  if (before.encoding === 'gsm7') return unchanged
  if (before.segments === 1 && options.when !== 'gsm7') return unchanged
  const { text: replaced, changes } = transliterate(text, options)
  if (changes.length === 0) return unchanged
  const after = countSegments(replaced, options)
  const pays =
    options.when === 'gsm7'
      ? after.encoding === 'gsm7' && after.segments <= before.segments
      : after.segments < before.segments
  return pays ? { text: replaced, applied: true, before, after, changes } : unchanged
}

import { septetLength } from './alphabet.ts'
import { analyzeText } from './analyze.ts'
import { countSegments, framesFor, type SegmentCount } from './count.ts'
import type { SegmentOptions } from './segment.ts'
import { type SmartEncodeOptions, smartEncode } from './smart-encode.ts'
import { fillTemplate, type TemplatePart, type TemplateValues, valueText } from './template.ts'

export interface EstimateOptions extends Omit<SegmentOptions, 'encoding' | 'reference'> {
  /** Count as if each text went through `smartEncode` with these. Default: texts go as they are. */
  readonly smartEncode?: Omit<SmartEncodeOptions, keyof SegmentOptions>
}

/** The numbers of an audience. All zero for no recipients. */
export interface Estimate {
  readonly recipients: number
  /** Of all recipients together: what would be billed. */
  readonly segments: number
  readonly min: number
  /** The number of segments that most recipients get (the mode); the greater one of two that are even. */
  readonly likely: number
  readonly mean: number
  readonly max: number
  /** Recipients by number of segments, ascending; `example` is the first one's place in the audience, from 0. */
  readonly bySegments: readonly { segments: number; recipients: number; example: number }[]
  /** Why texts go as UCS-2. A recipient counts once for each character and placeholder. */
  readonly ucs2: {
    readonly recipients: number
    /** Placeholders whose values have characters that GSM-7 does not have, most frequent first. */
    readonly placeholders: readonly { name: string; recipients: number }[]
    /** Those characters, and those of the template itself, most frequent first. */
    readonly characters: readonly {
      char: string
      codePoint: number
      recipients: number
      inTemplate: boolean
    }[]
  }
  /** Placeholders that some recipients have no value for, most frequent first. */
  readonly missing: readonly { name: string; recipients: number }[]
}

export interface Estimator {
  /** Counts one recipient: the values, or the text as it will be sent. */
  add(recipient: TemplateValues | string): void
  /** The numbers so far. */
  result(): Estimate
}

/**
 * Segments of a template over real values: counted, not guessed from the template, and exact for each recipient. One
 * pass that keeps nothing of a recipient: memory depends on the number of different characters. About 1 µs a recipient.
 */
export function estimateSegments(
  template: readonly TemplatePart[],
  audience: Iterable<TemplateValues | string>,
  options: EstimateOptions = {},
): Estimate {
  const estimator = createEstimator(template, options)
  for (const recipient of audience) estimator.add(recipient)
  return estimator.result()
}

/** As `estimateSegments`, for recipients that come in pieces, from a cursor or a stream. */
export function createEstimator(template: readonly TemplatePart[], options: EstimateOptions = {}): Estimator {
  const literal = template.filter((part) => typeof part === 'string').join('')
  const names = template.flatMap((part) => (typeof part === 'string' ? [] : [part.placeholder]))
  const count = counter(options)
  const literalSeptets = septetLength(literal)
  const literalOffenders = offendersOf([literal])

  const bySegments = new Map<number, { recipients: number; example: number }>()
  const forcing = new Map<string, number>()
  const missing = new Map<string, number>()
  const characters = new Map<string, number>()
  let recipients = 0
  let ucs2 = 0

  const add = (recipient: TemplateValues | string): void => {
    const filled = typeof recipient === 'string'
    const values = filled ? [recipient] : names.map((name) => valueText(recipient, name))
    let septets = filled ? 0 : literalSeptets
    let length = filled ? 0 : literal.length
    for (const value of values) {
      const own = septetLength(value)
      septets = septets < 0 || own < 0 ? -1 : septets + own
      length += value.length
    }
    const text = () => (filled ? recipient : fillTemplate(template, recipient))
    const { encoding, segments } = count(septets, length, text)
    const seen = bySegments.get(segments)
    if (seen) seen.recipients++
    else bySegments.set(segments, { recipients: 1, example: recipients })
    recipients++

    if (!filled) for (const name of namesWhere((value) => value === '', values)) increment(missing, name)
    if (encoding === 'gsm7') return
    ucs2++
    if (!filled)
      for (const name of namesWhere((value) => septetLength(value) < 0, values)) increment(forcing, name)
    for (const char of offendersOf(values, filled ? undefined : literalOffenders)) increment(characters, char)
  }

  /** Each name once, also if the template has it twice. */
  const namesWhere = (holds: (value: string) => boolean, values: readonly string[]): Iterable<string> => {
    let found: Set<string> | undefined
    for (let index = 0; index < values.length; index++) {
      if (!holds(values[index]!)) continue
      found ??= new Set()
      found.add(names[index]!)
    }
    return found ?? nobody
  }

  const result = (): Estimate => {
    const rows = [...bySegments]
      .map(([segments, seen]) => ({ segments, ...seen }))
      .sort((a, b) => a.segments - b.segments)
    const total = rows.reduce((sum, row) => sum + row.segments * row.recipients, 0)
    return {
      recipients,
      segments: total,
      min: rows[0]?.segments ?? 0,
      likely: rows.reduce((best, row) => (row.recipients >= best.recipients ? row : best), {
        segments: 0,
        recipients: 0,
      }).segments,
      mean: recipients === 0 ? 0 : total / recipients,
      max: rows.at(-1)?.segments ?? 0,
      bySegments: rows,
      ucs2: {
        recipients: ucs2,
        placeholders: byFrequency(forcing).map(([name, recipients]) => ({ name, recipients })),
        characters: byFrequency(characters).map(([char, recipients]) => ({
          char,
          codePoint: char.codePointAt(0)!,
          recipients,
          inTemplate: literalOffenders.has(char),
        })),
      },
      missing: byFrequency(missing).map(([name, recipients]) => ({ name, recipients })),
    }
  }
  return { add, result }
}

const nobody: readonly string[] = []

type Counter = (
  septets: number,
  length: number,
  text: () => string,
) => Pick<SegmentCount, 'encoding' | 'segments'>

/** Puts the text together only where lengths do not decide: pairs may lie on a border, or something may be replaced. */
function counter({ smartEncode: smart, ...options }: EstimateOptions): Counter {
  const { gsm7, ucs2 } = framesFor(options)
  const national = options.languages !== undefined && options.languages.length > 0
  const changes = smart && { ...options, ...smart }
  return (septets, length, text) => {
    if (septets >= 0) {
      if (septets <= gsm7.whole) return { encoding: 'gsm7', segments: 1 }
      if (septets === length) return { encoding: 'gsm7', segments: Math.ceil(septets / gsm7.part) }
    } else if (changes) {
      return smartEncode(text(), changes).after
    } else if (!national && length <= ucs2.whole) {
      return { encoding: 'ucs2', segments: 1 }
    }
    return countSegments(text(), options)
  }
}

/** Different characters outside GSM-7, and all of `also` first. */
function offendersOf(texts: readonly string[], also?: ReadonlySet<string>): Set<string> {
  const chars = new Set(also)
  for (const text of texts) {
    if (septetLength(text) < 0) for (const { char } of analyzeText(text).offenders) chars.add(char)
  }
  return chars
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function byFrequency(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort((a, b) => b[1] - a[1])
}

/** How many messages one person may get: in any 24 hours, any 7 and any 30 days. Absent: any number. */
export interface Caps {
  readonly day?: number
  readonly week?: number
  readonly month?: number
}

const dayMs = 86_400_000
export const capSpans = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const
export type CapSpan = keyof typeof capSpans
export const capSpanNames = Object.keys(capSpans) as CapSpan[]

/** What was sent longer ago than this, no cap asks for. */
export const longestSpanMs = capSpans.month

/** The strictest of several. */
export function strictest(all: readonly Caps[]): Caps {
  const caps: { day?: number; week?: number; month?: number } = {}
  for (const span of capSpanNames) {
    const limits = all.flatMap((each) => each[span] ?? [])
    if (limits.length > 0) caps[span] = Math.min(...limits)
  }
  return caps
}

/** The cap that one more message at `at` would break, with the messages at `sent` (in milliseconds, in order); undefined: none. */
export function brokenCap(caps: Caps, sent: readonly number[], at: number): CapSpan | undefined {
  return capSpanNames.find((span) => {
    const limit = caps[span]
    return limit !== undefined && mostTogether(sent, at, capSpans[span]) >= limit
  })
}

/** The most of `sent` that stand in one span of `ms` (its end excluded) which `at` stands in as well. */
function mostTogether(sent: readonly number[], at: number, ms: number): number {
  const near = sent.filter((each) => Math.abs(each - at) < ms)
  // A span may as well begin with a message: with `at` itself, or with one before it.
  const starts = [at, ...near.filter((each) => each < at)]
  return Math.max(...starts.map((start) => near.filter((each) => each >= start && each < start + ms).length))
}

/** The first moment from `at` on at which one more message breaks no cap; null when a cap is zero. */
export function nextWithin(caps: Caps, sent: readonly number[], at: number): number | null {
  if (capSpanNames.some((span) => caps[span] === 0)) return null
  // Room comes only when a message leaves a span: a span's length after one that was sent.
  const candidates = [
    at,
    ...capSpanNames.flatMap((span) =>
      caps[span] === undefined ? [] : sent.map((each) => each + capSpans[span]),
    ),
  ]
    .filter((each) => each >= at)
    .sort((a, b) => a - b)
  return candidates.find((each) => brokenCap(caps, sent, each) === undefined) ?? null
}

/** As topics and settings have them, and the API: `[{"per": "week", "most": 2}]`. */
export type CapList = readonly { per: CapSpan; most: number }[]

export const capsOf = (list: CapList): Caps => strictest(list.map(({ per, most }) => ({ [per]: most })))

export const capList = (caps: Caps): { per: CapSpan; most: number }[] =>
  capSpanNames.flatMap((per) => (caps[per] === undefined ? [] : [{ per, most: caps[per] }]))

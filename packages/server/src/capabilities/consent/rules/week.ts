/** Hours of a week, as people write them: `mon-fri 09:00-18:00; sat 10:00-14:00, 15:00-18:00`. */

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** Minutes of a local day, the end excluded: 0 to 1440. */
export interface Span {
  from: number
  to: number
}

/** Spans by weekday, Monday first; sorted, apart from one another. */
export type Week = readonly (readonly Span[])[]

const fullDay = 1440

/** Hours that cannot be read; `message` is a sentence for people. */
export class WeekError extends Error {}

/**
 * Reads the hours of a week. Days divided by commas or as a range, spans by commas, groups by semicolons; `daily` is every
 * day. A span whose end is before its start goes on into the next day. One that starts where it ends could mean all day or
 * nothing and is refused: all day is `00:00-24:00`, and a day without hours is left out. Throws `WeekError`.
 */
export function parseWeek(text: string): Week {
  const week: Span[][] = weekdays.map(() => [])
  for (const group of text
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())) {
    if (group === '') continue
    const match = /^([a-z ,-]+?)\s+(\d.*)$/.exec(group)
    if (!match) throw new WeekError(`“${group}” is not of the form “mon-fri 09:00-18:00”.`)
    for (const span of match[2]!.split(',')) {
      const { from, to } = parseSpan(span.trim())
      for (const day of parseDays(match[1]!)) {
        if (to > from) week[day]!.push({ from, to })
        else {
          week[day]!.push({ from, to: fullDay })
          if (to > 0) week[(day + 1) % 7]!.push({ from: 0, to })
        }
      }
    }
  }
  return week.map(join)
}

function parseDays(text: string): number[] {
  if (text.trim() === 'daily') return weekdays.map((_, at) => at)
  return text.split(',').flatMap((part) => {
    const [first = '', last = first, more] = part.trim().split(/\s*-\s*/)
    const [from, to] = [first, last].map((name) => weekdays.indexOf(name as Weekday)) as [number, number]
    if (from < 0 || to < 0 || more !== undefined)
      throw new WeekError(
        `“${part.trim()}” is no day: write mon, tue, wed, thu, fri, sat, sun, mon-fri or daily.`,
      )
    const length = ((to - from + 7) % 7) + 1
    return Array.from({ length }, (_, step) => (from + step) % 7)
  })
}

function parseSpan(text: string): Span {
  const match = /^(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?$/.exec(text)
  const [from, to] = match
    ? [minutes(match[1]!, match[2]), minutes(match[3]!, match[4])]
    : [Number.NaN, Number.NaN]
  if (!(from < fullDay) || !(to <= fullDay))
    throw new WeekError(`“${text}” is no span of hours: write 09:00-18:00, until 24:00 at the latest.`)
  if (from === to)
    throw new WeekError(
      `“${text}” starts where it ends. All day is 00:00-24:00; a day without hours is left out.`,
    )
  return { from, to }
}

const minutes = (hours: string, rest = '0'): number =>
  Number(rest) < 60 ? Number(hours) * 60 + Number(rest) : Number.NaN

function join(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else joined.push({ ...span })
  }
  return joined
}

/** Whether every minute of `inner` is one of `outer`. */
export const isWithin = (inner: Week, outer: Week): boolean =>
  inner.every((spans, day) =>
    spans.every((span) => outer[day]!.some((wide) => wide.from <= span.from && span.to <= wide.to)),
  )

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** The hours in the form that `parseWeek` reads, days with the same ones together. */
export function formatWeek(week: Week): string {
  const texts = week.map((spans) => spans.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', '))
  if (texts.every((text) => text === texts[0])) return texts[0] === '' ? '' : `daily ${texts[0]}`
  const groups: { first: number; last: number; text: string }[] = []
  texts.forEach((text, day) => {
    const open = groups.at(-1)
    if (open && open.text === text) open.last = day
    else groups.push({ first: day, last: day, text })
  })
  return groups
    .filter(({ text }) => text !== '')
    .map(({ first, last, text }) =>
      first === last ? `${weekdays[first]} ${text}` : `${weekdays[first]}-${weekdays[last]} ${text}`,
    )
    .join('; ')
}

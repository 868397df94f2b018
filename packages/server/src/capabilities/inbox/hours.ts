/**
 * When people are there to answer, and time counted in that. Pure: the settings and the moment come in, a moment
 * or a number of milliseconds goes out. Times of day are local to the settings' zone, by IANA data.
 */

export interface Opening {
  /** ISO weekdays, Monday is 1. */
  days: readonly number[]
  /** `HH:MM`; `to` may be `24:00`, and lies after `from`. */
  from: string
  to: string
}

export interface Hours {
  time_zone: string
  openings: readonly Opening[]
  /** Days without any opening, `YYYY-MM-DD`. */
  closed_on: readonly string[]
}

/** Nobody asked for hours: somebody is always there. */
export const always: Hours = {
  time_zone: 'UTC',
  openings: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
  closed_on: [],
}

interface Span {
  from: number
  to: number
}

/** How far ahead an opening is looked for: beyond a year of holidays there is none. */
const mostDays = 400
const minute = 60_000

function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number)
  return hours! * 60 + minutes!
}

/** A local time of a day as a moment. Where the clocks skip it, the moment at which they do. */
function momentOf(day: Temporal.PlainDate, minutes: number, zone: string): number {
  const date = minutes === 24 * 60 ? day.add({ days: 1 }) : day
  const time = Temporal.PlainTime.from({ hour: Math.floor(minutes / 60) % 24, minute: minutes % 60 })
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds
}

/** The openings of a day as spans of moments, in order and without overlap. */
function spansOf(hours: Hours, day: Temporal.PlainDate): Span[] {
  if (hours.closed_on.includes(day.toString())) return []
  const spans = hours.openings
    .filter(({ days }) => days.includes(day.dayOfWeek))
    .map(({ from, to }) => ({
      from: momentOf(day, minuteOf(from), hours.time_zone),
      to: momentOf(day, minuteOf(to), hours.time_zone),
    }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  const merged: Span[] = []
  for (const span of spans) {
    const last = merged.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}

const dayOf = (at: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()

/** Every opening from the day of `at` on, for as many days as are looked at. */
function* openingsFrom(hours: Hours, at: number): Generator<Span> {
  let day = dayOf(at, hours.time_zone)
  for (let count = 0; count < mostDays; count++, day = day.add({ days: 1 })) yield* spansOf(hours, day)
}

/** Whether somebody is there at this moment. */
export function isOpen(hours: Hours, at: Date): boolean {
  const ms = at.getTime()
  return spansOf(hours, dayOf(ms, hours.time_zone)).some(({ from, to }) => from <= ms && ms < to)
}

/** The next moment at which somebody is there: now, if so now. Undefined when nobody ever is. */
export function nextOpen(hours: Hours, at: Date): Date | undefined {
  const ms = at.getTime()
  for (const { from, to } of openingsFrom(hours, ms)) if (to > ms) return new Date(Math.max(from, ms))
  return undefined
}

/**
 * What names the closed time that a moment lies in: its end, or the end of days where nobody ever comes back.
 * Undefined while somebody is there.
 */
export function closedUntil(hours: Hours, at: Date): Date | undefined {
  if (isOpen(hours, at)) return undefined
  return nextOpen(hours, at) ?? new Date(Date.UTC(9999, 0))
}

/** The moment at which `ms` of opening time have passed since `at`. Undefined when there is not so much within a year. */
export function addOpenTime(hours: Hours, at: Date, ms: number): Date | undefined {
  let left = ms
  for (const { from, to } of openingsFrom(hours, at.getTime())) {
    const start = Math.max(from, at.getTime())
    if (to <= start) continue
    if (to - start >= left) return new Date(start + left)
    left -= to - start
  }
  return undefined
}

/** Opening time between two moments, in milliseconds. */
export function openTimeBetween(hours: Hours, since: Date, until: Date): number {
  let sum = 0
  for (const { from, to } of openingsFrom(hours, since.getTime())) {
    if (from >= until.getTime()) break
    sum += Math.max(0, Math.min(to, until.getTime()) - Math.max(from, since.getTime()))
  }
  return sum
}

/** What is wrong with settings that fit their schema, each as field and problem. */
export function problemsOf(hours: Hours): { field: string; problem: string }[] {
  const problems: { field: string; problem: string }[] = []
  try {
    Temporal.Now.zonedDateTimeISO(hours.time_zone)
  } catch {
    problems.push({ field: 'time_zone', problem: 'must be an IANA time zone such as Europe/Berlin' })
  }
  hours.openings.forEach(({ from, to }, at) => {
    if (minuteOf(to) - minuteOf(from) < 1)
      problems.push({ field: `openings.${at}.to`, problem: 'must be later than `from`' })
    if (minuteOf(to) > 24 * 60)
      problems.push({ field: `openings.${at}.to`, problem: 'must be at most 24:00' })
  })
  hours.closed_on.forEach((date, at) => {
    try {
      Temporal.PlainDate.from(date)
    } catch {
      problems.push({ field: `closed_on.${at}`, problem: 'must be a day that exists, such as 2026-12-24' })
    }
  })
  return problems
}

/** Whole minutes as the settings give them. */
export const minutes = (count: number): number => count * minute

import type { Week } from './week.ts'

/** Hours as they are judged: in every zone at once, and by every rule. */
export interface Rule {
  week: Week
  /** Country (ISO 3166-1) or state (3166-2: `DE-BY`) whose public holidays are closed; null: they are as other days. */
  closedOnHolidaysOf: string | null
}

export interface Hours {
  /** IANA; with none there is no local time, and nothing is closed. */
  zones: readonly string[]
  rules: readonly Rule[]
}

/** Whether a local date (`2026-12-25`) is a public holiday of a country or a state. */
export type IsHoliday = (country: string, date: string) => boolean

/** From a moment to `until`, exclusive, it stays open or closed throughout; null: for two months at least. */
export interface Stretch {
  open: boolean
  until: Date | null
}

const minuteMs = 60_000
const dayMs = 86_400_000
/** Hours repeat weekly and holidays cluster; what is not open for two months does not open. */
export const horizonMs = 60 * dayMs

/**
 * Open or closed at `from`, and for how long. Open is a moment at which every rule has it open by the wall clock of every zone: a
 * phone that may be in several places must be reached at a decent hour in all of them. A wall clock that is set forward skips
 * part of a window, one that is set back passes it twice.
 */
export function stretchAt(from: Date, { zones, rules }: Hours, isHoliday: IsHoliday): Stretch {
  const end = from.getTime() + horizonMs
  if (zones.length === 0 || rules.length === 0) return { open: true, until: null }
  const clocks = zones.map((zone) => wallClock(zone, rules, isHoliday))
  const openAt = (at: number): boolean => clocks.every((clock) => clock.open(at))
  const open = openAt(from.getTime())
  for (let at = from.getTime(); ; ) {
    at = Math.min(...clocks.map((clock) => clock.next(at)))
    if (at >= end) return { open, until: null }
    if (openAt(at) !== open) return { open, until: new Date(at) }
  }
}

/** The first moment from `from` on at which it is open; null when that is never, or too far away to wait for. */
export function nextOpen(from: Date, hours: Hours, isHoliday: IsHoliday): Date | null {
  const { open, until } = stretchAt(from, hours, isHoliday)
  return open ? from : until
}

/** One zone's wall clock: whether it is open at a moment, and the next one at which that may change. */
function wallClock(zone: string, rules: readonly Rule[], isHoliday: IsHoliday) {
  /** The local day that was looked at last, as moments: its hours, cut where the clock is set. */
  let day: { from: number; to: number; open: { from: number; to: number }[] } | undefined

  function dayOf(at: number) {
    if (day && at >= day.from && at < day.to) return day
    const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
    const from = date.toZonedDateTime(zone).epochMilliseconds
    const to = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
    const text = date.toString()
    const spans = rules.map(({ week, closedOnHolidaysOf }) =>
      closedOnHolidaysOf !== null && isHoliday(closedOnHolidaysOf, text) ? [] : week[date.dayOfWeek - 1]!,
    )
    const openAtMinute = (minute: number) =>
      spans.every((each) => each.some((span) => span.from <= minute && minute < span.to))
    const open = pieces(zone, from, to).flatMap((piece) => {
      // Within a piece wall clock and time run alike, so every edge of a span is one moment or none.
      const edges = [
        piece.minute,
        ...spans.flat().flatMap((span) => [span.from, span.to]),
        piece.minute + (piece.to - piece.from) / minuteMs,
      ]
        .filter(
          (minute) => minute >= piece.minute && minute <= piece.minute + (piece.to - piece.from) / minuteMs,
        )
        .sort((a, b) => a - b)
      return edges.slice(1).flatMap((edge, n) => {
        const start = edges[n]!
        if (edge === start || !openAtMinute(start)) return []
        const at = (minute: number) => piece.from + (minute - piece.minute) * minuteMs
        return [{ from: at(start), to: at(edge) }]
      })
    })
    day = { from, to, open }
    return day
  }

  return {
    open: (at: number): boolean => dayOf(at).open.some((span) => span.from <= at && at < span.to),
    next(at: number): number {
      const { open, to } = dayOf(at)
      return open.flatMap((span) => [span.from, span.to]).find((edge) => edge > at) ?? to
    },
  }
}

/** A local day cut where its clock is set, each piece with the minute of the day at which it begins. */
function pieces(zone: string, from: number, to: number): { from: number; to: number; minute: number }[] {
  const found: { from: number; to: number; minute: number }[] = []
  for (let at = from; at < to; ) {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    const change = local.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY
    const end = Math.min(change, to)
    found.push({ from: at, to: end, minute: local.hour * 60 + local.minute + local.second / 60 })
    at = end
  }
  return found
}

import type { Strings } from '../strings/en.ts'

export interface Formats {
  number: (value: number) => string
  /** 14:03:12.345 */
  clock: (iso: string) => string
  /** 22 November 2025 at 14:03:12 */
  full: (iso: string) => string
  /** "3 minutes ago", "in 2 hours"; a date beyond a week. */
  relative: (iso: string, now: number) => string
  /** "tomorrow at 08:00"-like words for a planned moment. */
  moment: (iso: string) => string
  /** 340 ms, 1.2 s, 3 min */
  span: (ms: number) => string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const spans = [1, 1000, minute, hour, day]
/** Less than this either way is "now": a list must not tick, and the clocks of two machines need not agree. */
const nowMs = 45_000

export function createFormats(locale: string, t: Strings): Formats {
  const number = new Intl.NumberFormat(locale)
  const units = (['millisecond', 'second', 'minute', 'hour', 'day'] as const).map(
    (unit) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: 1 }),
  )
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  const relativeSpan = (ms: number): string => {
    const size = Math.abs(ms)
    if (size < hour) return relative.format(Math.round(ms / minute) || Math.sign(ms), 'minute')
    if (size < day) return relative.format(Math.round(ms / hour), 'hour')
    return relative.format(Math.round(ms / day), 'day')
  }

  return {
    number: (value) => number.format(value),
    clock: (iso) => clock.format(new Date(iso)),
    full: (iso) => full.format(new Date(iso)),
    relative: (iso, now) => {
      const ms = Date.parse(iso) - now
      if (Math.abs(ms) < nowMs) return t.justNow
      return Math.abs(ms) > 7 * day ? date.format(new Date(iso)) : relativeSpan(ms)
    },
    moment: (iso) => {
      const at = new Date(iso)
      const days = Math.round((startOfDay(at) - startOfDay(new Date())) / day)
      return Math.abs(days) > 1 ? date.format(at) : `${relative.format(days, 'day')}, ${time.format(at)}`
    },
    span: (ms) => {
      const unit = spans.findLastIndex((span) => ms >= span)
      return units[Math.max(0, unit)]!.format(ms / spans[Math.max(0, unit)]!)
    },
  }
}

const startOfDay = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

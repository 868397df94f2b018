import type { Price } from '../api/types.ts'
import type { Strings } from '../strings/en.ts'

export interface Formats {
  number: (value: number) => string
  /** A measured figure: 0.4, 12.5, 188, 1,300 */
  amount: (value: number) => string
  /** 0.0712: what a segment costs, whatever the currency */
  cost: (value: number) => string
  /** €0.0712, €570.00: fractions of a cent count where it is little */
  price: (price: Price) => string
  /** 1.2 MB, 340 MB */
  bytes: (value: number) => string
  /** 31 % */
  percent: (share: number) => string
  /** 14:03:12 */
  second: (ms: number) => string
  /** 14:03:12.345 */
  clock: (iso: string) => string
  /** 22 November 2025 at 14:03:12 */
  full: (iso: string) => string
  /** "3 minutes ago", "in 2 hours"; a date beyond a week. */
  relative: (iso: string, now: number) => string
  /** Saturday, 22 November */
  day: (iso: string) => string
  /** Sat; of a moment in UTC */
  weekday: (at: Date) => string
  /** 14:03 */
  minute: (iso: string) => string
  /** "tomorrow at 08:00"-like words for a planned moment. */
  moment: (iso: string) => string
  /** 12 ms, 1.2 s: a measured time, whose tenth of a millisecond says nothing. */
  answer: (ms: number) => string
  /** "a, b and c" */
  list: (parts: readonly string[]) => string
  /** 340 ms, 1.2 s, 3 min */
  span: (ms: number) => string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const spans = [1, 1000, minute, hour, day]
/** Less than this either way is "now": a list must not tick, and the clocks of two machines need not agree. */
const nowMs = 45_000
/** Below this a price has its fractions of a cent. */
const smallPrice = 1

export function createFormats(locale: string, t: Strings): Formats {
  const number = new Intl.NumberFormat(locale)
  const small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const amount = (value: number) =>
    Math.abs(value) < 10 ? small.format(value) : number.format(Math.round(value))
  const cost = new Intl.NumberFormat(locale, { maximumFractionDigits: 6, useGrouping: false })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const sizes = (['kilobyte', 'megabyte', 'gigabyte'] as const).map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 3 }),
  )
  const second = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
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
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const shortWeekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  const list = new Intl.ListFormat(locale)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  const span = (ms: number): string => {
    const unit = Math.max(
      0,
      spans.findLastIndex((each) => ms >= each),
    )
    return units[unit]!.format(ms / spans[unit]!)
  }

  const relativeSpan = (ms: number): string => {
    const size = Math.abs(ms)
    if (size < hour) return relative.format(Math.round(ms / minute) || Math.sign(ms), 'minute')
    if (size < day) return relative.format(Math.round(ms / hour), 'hour')
    return relative.format(Math.round(ms / day), 'day')
  }

  return {
    number: (value) => number.format(value),
    amount,
    cost: (value) => cost.format(value),
    price: ({ amount, currency }) =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        ...(amount < smallPrice && { maximumFractionDigits: 4 }),
      }).format(amount),
    percent: (share) => percent.format(share),
    bytes: (value) => {
      const unit = value >= 1e9 ? 2 : value >= 1e6 ? 1 : 0
      return sizes[unit]!.format(value / 1000 ** (unit + 1))
    },
    second: (ms) => second.format(ms),
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
    weekday: (at) => shortWeekday.format(at),
    day: (iso) => weekday.format(new Date(iso)),
    minute: (iso) => time.format(new Date(iso)),
    list: (parts) => list.format(parts),
    answer: (ms) => span(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)),
    span,
  }
}

const startOfDay = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

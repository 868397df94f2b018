import { SmppError } from '../errors.ts'

/** A span of time as the protocol counts it. Months and years have the length that the calendar gives them. */
export interface TimeSpan {
  years?: number
  months?: number
  days?: number
  hours?: number
  minutes?: number
  seconds?: number
}

/** What schedule_delivery_time, validity_period or final_date say. `at` is reckoned from `now` for a relative one. */
export type SmppTime =
  | { kind: 'none' }
  | { kind: 'absolute'; at: Date; offsetMinutes: number; past: boolean }
  | { kind: 'relative'; at: Date; span: Required<TimeSpan> }
  | { kind: 'invalid'; reason: string }

/** The longest time in seconds that the relative form holds without months, which have no fixed length: 31 days less 1 s. */
export const longestRelativeSeconds = 31 * 86_400 - 1

// [SMPP 3.4 §7.1.1] nn is 00 to 48; zones up to 14 hours ahead exist, and are read.
const longestOffset = 12 * 60
const longestOffsetRead = 14 * 60

/**
 * An absolute time, `YYMMDDhhmmsstnnp`, as a clock shows it that is `offsetMinutes` ahead of UTC (negative: behind).
 * [SMPP 3.4 §7.1.1.1] Throws SmppError `invalid_pdu` for an offset that is no quarter of an hour or beyond 12 hours.
 */
export function formatAbsoluteTime(at: Date, offsetMinutes = 0): string {
  if (Number.isNaN(at.getTime())) throw invalid('not a time')
  if (offsetMinutes % 15 !== 0 || Math.abs(offsetMinutes) > longestOffset)
    throw invalid(`an offset of ${offsetMinutes} minutes is no quarter of an hour within 12 hours`)
  const digits = new Date(at.getTime() + offsetMinutes * 60_000).toISOString().replace(/\D/g, '')
  if (digits.length !== 17) throw invalid('a year of four digits is needed')
  // YYYYMMDDhhmmssmmm without its century and its hundredths
  return `${digits.slice(2, 15)}${two(Math.abs(offsetMinutes) / 15)}${offsetMinutes < 0 ? '-' : '+'}`
}

/**
 * A relative time, `YYMMDDhhmmss000R`: how long from now, so that neither clocks nor time zones have to agree.
 * [SMPP 3.4 §7.1.1.2] Takes seconds (fractions are dropped) or a span, whose seconds, minutes, hours and months are carried:
 * 90 minutes become an hour and 30 minutes. Throws SmppError `invalid_pdu` below 0, above 30 days (`longestRelativeSeconds`
 * in all; more has to be said in months) and above 99 years.
 */
export function formatRelativeTime(span: number | TimeSpan): string {
  const given = typeof span === 'number' ? { seconds: Math.floor(span) } : span
  const { years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = given
  const short = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
  const long = years * 12 + months
  for (const value of [years, months, days, hours, minutes, seconds])
    if (!Number.isInteger(value) || value < 0) throw invalid('a span of time is whole numbers from 0 on')
  if (short > longestRelativeSeconds) throw invalid('more than 30 days have to be said in months')
  if (long > 99 * 12 + 11) throw invalid('more than 99 years')
  const parts = [
    Math.floor(long / 12),
    long % 12,
    Math.floor(short / 86_400),
    Math.floor(short / 3600) % 24,
    Math.floor(short / 60) % 60,
    short % 60,
  ]
  return `${parts.map(two).join('')}000R`
}

const pairs = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([+\-R])$/

/**
 * Reads a time of either form; never throws. The two digits of a year mean the one of that ending which is nearest to
 * `now`, up to 50 years back (facts group 53). `past` is said of an absolute time that is not after `now`: a
 * schedule_delivery_time that wants delivery at once, or a validity_period that is over.
 */
export function parseSmppTime(text: string, now: Date): SmppTime {
  if (text === '') return { kind: 'none' }
  const match = pairs.exec(text)
  if (match === null)
    return { kind: 'invalid', reason: 'neither YYMMDDhhmmsstnn and + or -, nor YYMMDDhhmmss000R' }
  const [years, months, days, hours, minutes, seconds, tenths, quarters] = match
    .slice(1, 9)
    .map(Number) as Eight
  if (match[9] === 'R') {
    const span = { years, months, days, hours, minutes, seconds }
    return { kind: 'relative', at: later(now, span), span }
  }
  const sign = match[9] === '-' ? -1 : 1
  const offsetMinutes = quarters === 0 ? 0 : sign * quarters * 15
  if (quarters * 15 > longestOffsetRead)
    return { kind: 'invalid', reason: `${quarters} quarters of an hour from UTC` }
  const local = Date.UTC(fullYear(years, now), months - 1, days, hours, minutes, seconds, tenths * 100)
  // Date.UTC makes 1 March of 30 February; a peer that wrote that did not mean it.
  const shown = new Date(local)
  const is = [shown.getUTCMonth() + 1, shown.getUTCDate(), shown.getUTCHours(), shown.getUTCMinutes()]
  if (is.join() !== [months, days, hours, minutes].join())
    return { kind: 'invalid', reason: 'no such day or time of day' }
  const at = new Date(local - offsetMinutes * 60_000)
  return { kind: 'absolute', at, offsetMinutes, past: at.getTime() <= now.getTime() }
}

type Eight = [number, number, number, number, number, number, number, number]

function fullYear(twoDigits: number, now: Date): number {
  const year = now.getUTCFullYear()
  const inCentury = year - (year % 100) + twoDigits
  if (inCentury >= year + 50) return inCentury - 100
  return inCentury < year - 50 ? inCentury + 100 : inCentury
}

// A month from 31 January ends with February: the day is cut, not carried.
function later(now: Date, span: Required<TimeSpan>): Date {
  const months = now.getUTCMonth() + span.months + span.years * 12
  const first = new Date(now)
  first.setUTCDate(1)
  first.setUTCMonth(months)
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(now.getUTCDate(), last))
  const rest = ((span.days * 24 + span.hours) * 60 + span.minutes) * 60 + span.seconds
  return new Date(first.getTime() + rest * 1000)
}

const two = (value: number): string => String(value).padStart(2, '0')

const invalid = (detail: string): SmppError => new SmppError('invalid_pdu', { detail })

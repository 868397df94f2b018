/** Where the clock of an SMSC stands that writes local time: minutes ahead of UTC, or a zone with its summer time. */
export type ReceiptZone = { readonly offsetMinutes: number } | { readonly timeZone: string }

/** A date of a receipt as it is kept: digits (10, 12 or 14), perhaps with the offset of an absolute time. */
export function dateDigits(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const offset = /^\d{15}[+-]$/.test(value) ? value : undefined
  const digits = offset ?? value.replace(/[-/.: T]/g, '')
  if (offset === undefined && !/^(\d{10}|\d{12}|\d{14})$/.test(digits)) return undefined
  return /^0+[+-]?$/.test(digits) ? undefined : digits
}

/**
 * The moment that `doneAt` or `submittedAt` of a receipt mean, for an SMSC that writes the local time of `zone` (facts
 * group 55): no receipt says in which zone it was written. Undefined for what is no date. Takes YYMMDDhhmm,
 * YYMMDDhhmmss, YYYYMMDDhhmm, YYYYMMDDhhmmss, and YYMMDDhhmmsstnnp, which brings its own offset. Where the clock was set
 * back, the earlier of the two moments.
 */
export function dateOf(receiptDate: string, zone: ReceiptZone): Date | undefined {
  const own = /^(\d{12})\d(\d\d)([+-])$/.exec(receiptDate)
  if (own !== null) {
    const offsetMinutes = Number(own[2]) * 15 * (own[3] === '-' ? -1 : 1)
    return dateOf(own[1]!, { offsetMinutes })
  }
  const shapes: Readonly<Record<number, readonly string[]>> = {
    10: [`20${receiptDate}00`],
    // Two ways to read it; the specification's goes first, and a month of 20 to 99 shows that it is the other.
    12: [`20${receiptDate}`, `${receiptDate}00`],
    14: [receiptDate],
  }
  if (!/^\d+$/.test(receiptDate)) return undefined
  for (const digits of shapes[receiptDate.length] ?? []) {
    const local = localTime(digits)
    if (local !== undefined) return new Date(toUtc(local, zone))
  }
  return undefined
}

/** The digits YYYYMMDDhhmmss as if they were UTC; undefined if there is no such day or time. */
function localTime(digits: string): number | undefined {
  const at = (from: number, length = 2): number => Number(digits.slice(from, from + length))
  const iso = [at(0, 4), at(4) - 1, at(6), at(8), at(10), at(12)] as const
  const time = Date.UTC(...iso)
  const written = Number.isNaN(time) ? '' : new Date(time).toISOString().replace(/\D/g, '').slice(0, 14)
  return written === digits ? time : undefined
}

function toUtc(local: number, zone: ReceiptZone): number {
  if ('offsetMinutes' in zone) return local - zone.offsetMinutes * 60_000
  // The offsets a day before and after are the two that can hold here. The larger gives the earlier moment.
  const offsets = [local - 86_400_000, local + 86_400_000].map((time) => offsetAt(time, zone.timeZone))
  for (const offset of offsets.sort((a, b) => b - a))
    if (offsetAt(local - offset, zone.timeZone) === offset) return local - offset
  return local - Math.min(...offsets)
}

/** How far ahead of UTC a zone is at a moment, in ms. Throws RangeError for a zone that is none. */
function offsetAt(time: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(time)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const match = /([+-])(\d\d):(\d\d)/.exec(name)
  if (match === null) return 0
  return (Number(match[2]) * 60 + Number(match[3])) * 60_000 * (match[1] === '-' ? -1 : 1)
}

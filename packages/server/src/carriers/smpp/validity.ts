import { formatAbsoluteTime, formatRelativeTime } from '@kurzpost/smpp'
import type { SmppSettings } from './settings.ts'

type ValiditySettings = Pick<SmppSettings, 'validity' | 'validity_most_seconds'>

/**
 * validity_period: how long the SMSC shall try, 1 second at least. Relative unless the carrier wants otherwise, for an
 * absolute one depends on two clocks; it is written in UTC.
 */
export function validityPeriod(
  seconds: number,
  { validity, validity_most_seconds }: ValiditySettings,
  now: Date,
): string {
  if (validity === 'none') return ''
  const whole = Math.min(Math.max(1, Math.floor(seconds)), validity_most_seconds)
  return validity === 'relative'
    ? formatRelativeTime(whole)
    : formatAbsoluteTime(new Date(now.getTime() + whole * 1_000))
}

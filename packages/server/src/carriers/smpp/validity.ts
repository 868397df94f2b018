import { formatRelativeTime, longestRelativeSeconds } from '@kurzpost/smpp'

/**
 * validity_period: how long from now the SMSC shall try, 1 second at least and 31 days less one at most. SMSCs cap at
 * days anyway. Relative, because an absolute one would depend on two clocks and a time zone.
 */
export const validityPeriod = (seconds: number): string =>
  formatRelativeTime(Math.min(Math.max(1, Math.floor(seconds)), longestRelativeSeconds))

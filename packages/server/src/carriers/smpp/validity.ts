/** Longest that the relative form is trusted with: SMSCs cap at days anyway, and months have no fixed length. */
const longestSeconds = 31 * 86_400 - 1

/**
 * Relative validity_period, `YYMMDDhhmmss000R`: how long from now the SMSC shall try. [SMPP 3.4 §7.1.1.2]
 * Relative, because an absolute one would depend on two clocks and a time zone.
 */
export function validityPeriod(seconds: number): string {
  const total = Math.min(Math.max(1, Math.floor(seconds)), longestSeconds)
  const parts = [
    0,
    0,
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ]
  return `${parts.map((part) => String(part).padStart(2, '0')).join('')}000R`
}

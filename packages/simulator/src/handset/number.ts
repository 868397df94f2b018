/** SMPP 3.4, 5.2.5 and 5.2.6: type of number and numbering plan, as far as handsets use them. */
export interface WireAddress {
  readonly address: string
  readonly ton: number
  readonly npi: number
}

const INTERNATIONAL = { ton: 1, npi: 1 } as const
const ALPHANUMERIC = { ton: 5, npi: 0 } as const
/** Network specific: how most SMSCs present short codes. */
const SHORT_CODE = { ton: 3, npi: 0 } as const

/** A short code has up to six digits; anything longer is taken for an international number. */
const LONGEST_SHORT_CODE = 6

/**
 * One spelling for one phone: `4915112345678`, `004915112345678` and `+49 151 12345678` are all `+4915112345678`.
 * Short codes and names stay as they are.
 */
export function canonicalNumber(address: string): string {
  // Hot path: nearly every address on the wire is bare digits already.
  const bare = /^\d+$/.test(address) ? address : address.replace(/^\+/, '').replace(/[\s().\-/]/g, '')
  if (!/^\d+$/.test(bare)) return address
  const digits = bare.startsWith('00') ? bare.slice(2) : bare
  return digits.length > LONGEST_SHORT_CODE ? `+${digits}` : digits
}

/** The address as it goes into a PDU: international numbers without their plus. */
export function wireAddress(number: string): WireAddress {
  if (number.startsWith('+')) return { address: number.slice(1), ...INTERNATIONAL }
  return { address: number, ...(/^\d+$/.test(number) ? SHORT_CODE : ALPHANUMERIC) }
}

/** What an SMPP address field can carry (SMPP 3.4, 5.2.8: 20 characters and a NUL). */
export function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^\+?[\x20-\x7e]{1,20}$/.test(value) && /[^\s+]/.test(value)
}

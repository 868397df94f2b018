/** An address as a PDU carries it: type of number, numbering plan, characters. [SMPP 3.4 §5.2.5, §5.2.6] */
export type Address = readonly [ton: number, npi: number, address: string]

const international = 1
const national = 2
const alphanumeric = 5

/**
 * How an ESME's address reads as one of ours, still to be normalised: `country` decides what a national number is. A
 * number of unknown type with more than eight digits counts as international unless it begins with a zero: gateways
 * leave the type out more often than they mean a national number without its prefix (smpp-interop group 39).
 */
export function fromEsme([ton, , address]: Address): string {
  const text = address.trim()
  if (ton === alphanumeric || !/^\+?\d+$/.test(text) || text.startsWith('+')) return text
  if (text.startsWith('00')) return `+${text.slice(2)}`
  if (ton === international) return `+${text}`
  if (ton === national) return text.startsWith('0') ? text : `0${text}`
  return text.length > 8 && !text.startsWith('0') ? `+${text}` : text
}

/** One of our addresses for an ESME: E.164 is international, up to eight digits are a short code, the rest is a name. */
export function toEsme(address: string): Address {
  if (/^\+\d+$/.test(address)) return [international, 1, address.slice(1)]
  if (/^\d{1,8}$/.test(address)) return [3, 0, address]
  // An address field has 20 characters. [SMPP 3.4 §4.6.1]
  return [alphanumeric, 0, address.slice(0, 20)]
}

/** True when an own number is one of `patterns`: exactly, or up to a star at the end. */
export const receivesNumber = (patterns: readonly string[], own: string): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? own.startsWith(pattern.slice(0, -1)) : own === pattern))

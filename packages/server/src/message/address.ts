import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { isPlainNumber } from './plain-number.ts'

/**
 * A recipient as E.164 with `+`, or undefined when the text is no number that can be dialled. `lenient` (the
 * sandbox) takes every number of a possible length, for the ranges that regulators keep free for fiction are
 * not "valid" ones: +49 30 23125 000, +44 7700 900000, +1 202 555 0100.
 */
export function normalizeRecipient(
  text: string,
  options: { country: string; lenient: boolean },
): string | undefined {
  if (isPlainNumber(text)) return text
  // The parser finds numbers inside prose; a recipient must be nothing but a number.
  if (text.length > 32 || !/^\s*\+?[\d\s().\-/]+$/.test(text)) return undefined
  const number = parsePhoneNumberFromString(text, options.country as CountryCode)
  // The library takes longer ones as possible; E.164 ends at fifteen digits.
  if (!number || number.number.length > 16) return undefined
  return (options.lenient ? number.isPossible() : number.isValid()) ? number.number : undefined
}

/**
 * A sender in its one spelling: E.164, a short code of 3 to 8 digits, or a name of at most 11 characters that
 * the GSM address field can carry, with at least one letter (3GPP TS 23.040 §9.1.2.5).
 */
export function normalizeSender(text: string, country: string): string | undefined {
  const trimmed = text.trim()
  if (/^\d{3,8}$/.test(trimmed)) return trimmed
  if (/^(?=.*[A-Za-z])[A-Za-z0-9 ._&+-]{1,11}$/.test(trimmed)) return trimmed
  return normalizeRecipient(trimmed, { country, lenient: true })
}

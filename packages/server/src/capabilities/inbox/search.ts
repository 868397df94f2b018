/** What somebody types who looks for a conversation, as the database is asked. */
export type Search = { words: string; prefix: string } | { address: string }

/** Digits with what people write between them: the beginning of a number. */
const number = /^\+?[\d\s()/.-]{3,32}$/

/**
 * A number is looked for by its beginning (in international form, `00` for `+`, a leading `0` in the country's), words by their
 * stems, and the beginnings of words. Undefined for what holds neither a letter nor a digit.
 */
export function readSearch(text: string, countryCode: string): Search | undefined {
  const trimmed = text.trim()
  if (number.test(trimmed)) {
    const digits = trimmed.replace(/[^\d+]/g, '')
    if (digits.startsWith('+')) return { address: digits }
    if (digits.startsWith('00')) return { address: `+${digits.slice(2)}` }
    if (digits.startsWith('0')) return { address: `+${countryCode}${digits.slice(1)}` }
    return { address: digits.length > 8 ? `+${digits}` : digits }
  }
  const words = trimmed.match(/[\p{L}\p{N}]+/gu)?.slice(0, 10)
  if (!words) return undefined
  return { words: words.join(' '), prefix: words.map((word) => `'${word}':*`).join(' & ') }
}

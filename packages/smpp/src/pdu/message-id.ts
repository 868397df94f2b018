// 64 digits is the longest id the specification allows; beyond that nothing is converted.
const longestNumber = 64

/**
 * The one form to store a carrier's message id under: lower case, without blanks and NUL at its ends, and a number (decimal or
 * hex) without `0x` and leading zeros, because some receipts drop or add them (facts group 31).
 */
export function messageIdKey(id: string): string {
  const folded = fold(id)
  const digits = folded.startsWith('0x') ? folded.slice(2) : folded
  return /^[0-9a-f]+$/.test(digits) ? digits.replace(/^0+(?=.)/, '') : folded
}

/**
 * All forms in which a carrier may mean the same message, best first: [0] is `messageIdKey(id)`. Carriers answer in hex and
 * send receipts in decimal, or the other way round; values beyond 2^53 and 2^63 are real, so all arithmetic is BigInt.
 * Ids that are no numbers (UUIDs, '1101C1-C9D03D-F000') are only folded.
 *
 * To match: look for a stored `messageIdKey(answer)` among `messageIdKeys(receipt)`. A candidate can be wrong ('10' is ten
 * or sixteen), so match within one carrier and prefer earlier entries.
 */
export function messageIdKeys(id: string): string[] {
  const key = messageIdKey(id)
  const keys = new Set([key, fold(id)])
  if (key.length <= longestNumber) {
    if (/^[0-9a-f]+$/.test(key)) keys.add(BigInt(`0x${key}`).toString())
    if (/^[0-9]+$/.test(key)) keys.add(BigInt(key).toString(16))
  }
  return [...keys]
}

function fold(id: string): string {
  const nul = id.indexOf('\0')
  return (nul < 0 ? id : id.slice(0, nul)).trim().toLowerCase()
}

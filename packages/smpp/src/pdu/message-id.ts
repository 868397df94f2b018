// 64 hex digits is the longest id the specification allows; beyond that nothing is converted.
const longestNumber = 64

/**
 * All ids under which a carrier may mean the same message, best first: [0] is the folded form (lower case, no
 * surrounding blanks or NUL), which is the key to store. Carriers answer in hex and send receipts in decimal, or the other
 * way round, or pad with zeros (facts group 31); values beyond 2^53 and 2^63 are real, so all arithmetic is BigInt.
 * Ids that are no numbers (UUIDs, '1101C1-C9D03D-F000') are only folded.
 *
 * A candidate can be wrong ('10' is ten or sixteen), so match within one carrier and prefer earlier entries.
 */
export function messageIdKeys(id: string): string[] {
  const nul = id.indexOf('\0')
  const folded = (nul < 0 ? id : id.slice(0, nul)).trim().toLowerCase()
  const keys = new Set([folded])
  if (folded.length > 0 && folded.length <= longestNumber) {
    const digits = folded.startsWith('0x') ? folded.slice(2) : folded
    if (/^[0-9a-f]+$/.test(digits)) {
      keys.add(stripZeros(digits))
      keys.add(BigInt(`0x${digits}`).toString())
    }
    if (/^[0-9]+$/.test(folded)) keys.add(BigInt(folded).toString(16))
  }
  return [...keys]
}

const stripZeros = (digits: string): string => digits.replace(/^0+(?=.)/, '')

/** The one form to store an id under: folded, and a number without its leading zeros, for some receipts drop them. */
export function messageIdKey(id: string): string {
  const folded = messageIdKeys(id)[0]!
  return /^[0-9a-f]+$/.test(folded) ? stripZeros(folded) : folded
}

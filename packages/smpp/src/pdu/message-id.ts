// 64 digits is the longest id the specification allows; beyond that nothing is converted.
const longestNumber = 64

/** How a link writes the id of an answer in its receipts: alike (but for case, zeros and `0x`), or in another base. */
export type IdRelation = 'same' | 'hex-to-decimal' | 'decimal-to-hex'

/**
 * The one form to store a carrier's message id under: lower case, without blanks and NUL at its ends, and a number (decimal or
 * hex) without `0x` and leading zeros, because some receipts drop or add them (facts group 31).
 */
export function messageIdKey(id: string): string {
  const folded = fold(id)
  const digits = folded.startsWith('0x') ? folded.slice(2) : folded
  return isHex(digits) ? digits.replace(/^0+(?=.)/, '') : folded
}

/**
 * All forms in which a carrier may mean the same message, best first: [0] is `messageIdKey(id)`. Carriers answer in hex and
 * send receipts in decimal, or the other way round; values beyond 2^53 and 2^63 are real, so all arithmetic is BigInt.
 * Ids that are no numbers (UUIDs, '1101C1-C9D03D-F000') are only folded.
 *
 * To match: look for a stored `messageIdKey(answer)` among `messageIdKeys(receipt)`. A candidate can be wrong ('10' is ten
 * or sixteen), so match within one carrier and prefer earlier entries. With `relation`, once it is known of the link
 * (`createIdMatcher` learns it), only what the id can mean there: one number is one key then.
 */
export function messageIdKeys(id: string, relation?: IdRelation): string[] {
  const key = messageIdKey(id)
  if (relation !== undefined && relation !== 'same') return [converted(key, relation) ?? key]
  const keys = [key, fold(id)]
  if (relation === undefined)
    keys.push(converted(key, 'decimal-to-hex') ?? key, converted(key, 'hex-to-decimal') ?? key)
  return [...new Set(keys)]
}

/** The key of the answer to which a receipt's key leads back, or undefined for what is no number of that base. */
function converted(key: string, relation: Exclude<IdRelation, 'same'>): string | undefined {
  if (key.length > longestNumber) return undefined
  if (relation === 'hex-to-decimal') return isDecimal(key) ? BigInt(key).toString(16) : undefined
  return isHex(key) ? BigInt(`0x${key}`).toString() : undefined
}

/** The relations under which `receipt` is the id of `answer`: none, one, or (for numbers below ten) all. */
export function relationsOf(answer: string, receipt: string): IdRelation[] {
  const from = messageIdKey(answer)
  const to = messageIdKey(receipt)
  if (from === '') return []
  const fitting: IdRelation[] = from === to ? ['same'] : []
  for (const relation of ['hex-to-decimal', 'decimal-to-hex'] as const)
    if (converted(to, relation) === from) fitting.push(relation)
  return fitting
}

const isHex = (text: string): boolean => /^[0-9a-f]+$/.test(text)
const isDecimal = (text: string): boolean => /^[0-9]+$/.test(text)

function fold(id: string): string {
  const nul = id.indexOf('\0')
  return (nul < 0 ? id : id.slice(0, nul)).trim().toLowerCase()
}

import { keysOf, type LearnedReadings } from './reading.ts'
import type { Candidate, ReceiptRow } from './receipt.store.ts'

/**
 * What a receipt was matched to; `news`: which of its readings was right was not certain before. `ambiguous`: it fits
 * segments of which it can be only one; it waits, and nobody guesses.
 */
export type Choice = { found: Candidate; news: boolean } | 'none' | 'ambiguous'

/** So many characters of an id are not met by accident in another base. */
const unmistakable = 10
/** Digits that two spellings of a number must share at their end: what is left without country and area. */
const leastDigits = 6

/**
 * The segment that a receipt is for. Where it is certain how the carrier repeats its ids, the key decides, and among
 * segments of one key (ids are used again after days, group 40) the recipient, then open before final, then the
 * newest. Where it is not, an id may be another segment's in another base (group 31): then the recipient must agree,
 * and of two that agree under different keys it is neither.
 */
export function choose(
  receipt: Pick<ReceiptRow, 'readings' | 'remote_id' | 'parties'>,
  candidates: readonly Candidate[],
  learned: LearnedReadings,
): Choice {
  if (candidates.length === 0) return 'none'
  const { keys, certain } = keysOf(receipt.readings, learned)
  const agreeing = () => candidates.filter(({ recipient }) => agrees(receipt.parties, recipient) === true)
  if (certain) {
    const own = candidates.filter(({ remote_key }) => keys.includes(remote_key))
    if (own.length > 0) return { found: best(receipt, own), news: false }
    // Against what is known: believed, and counted, only where the recipient says so too.
    return only(receipt, agreeing())
  }
  const own = agreeing()
  if (own.length > 0) return only(receipt, own)
  const exact = candidates.every(({ remote_id }) => remote_id === receipt.remote_id)
  const silent = receipt.parties.length === 0
  if (exact && (silent || receipt.remote_id.length >= unmistakable))
    return { found: best(receipt, candidates), news: true }
  return 'ambiguous'
}

function only(receipt: Pick<ReceiptRow, 'remote_id' | 'parties'>, candidates: readonly Candidate[]): Choice {
  if (candidates.length === 0) return 'none'
  const keys = new Set(candidates.map(({ remote_key }) => remote_key))
  return keys.size === 1 ? { found: best(receipt, candidates), news: true } : 'ambiguous'
}

function best(
  { remote_id, parties }: Pick<ReceiptRow, 'remote_id' | 'parties'>,
  candidates: readonly Candidate[],
): Candidate {
  const rank = (one: Candidate): number[] => {
    const party = agrees(parties, one.recipient)
    return [
      Number(one.remote_id === remote_id),
      party === undefined ? 1 : party ? 2 : 0,
      Number(one.open),
      // Candidates come newest first.
      -candidates.indexOf(one),
    ]
  }
  return candidates.reduce((one, other) => (compare(rank(other), rank(one)) > 0 ? other : one))
}

function compare(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((value, index) => value !== right[index])
  return at < 0 ? 0 : left[at]! - right[at]!
}

/** Whether one of the receipt's addresses is that recipient, however it is spelled (group 39). Undefined: it has none. */
export function agrees(parties: readonly string[], recipient: string): boolean | undefined {
  if (parties.length === 0) return undefined
  const wanted = digitsOf(recipient)
  return parties.some((party) => {
    if (party === recipient) return true
    const digits = digitsOf(party)
    if (Math.min(digits.length, wanted.length) < leastDigits) return false
    return wanted.endsWith(digits) || digits.endsWith(wanted)
  })
}

/** Without plus and the zeros of an exit or trunk prefix. */
const digitsOf = (address: string): string => address.replace(/\D/g, '').replace(/^0+/, '')

import { type IdRelation, messageIdKeys, relationsOf } from './message-id.ts'

/** An id as a submit_sm_resp gave it and as a receipt for the same message gave it. */
export interface IdSample {
  answer: string
  receipt: string
}

/** What pairs of ids tell of a link. */
export interface IdBase {
  /** Undefined until it is certain enough. */
  readonly relation: IdRelation | undefined
  /** The likeliest relation, certain or not; undefined while no pair has told anything. */
  readonly likely: IdRelation | undefined
  /** That the next pair is of the likely relation: (pairs of it + 1) / (pairs that tell + 2), Laplace's rule. */
  readonly confidence: number
  /** How many pairs of each relation; those that fit none (a wrong match, or an id that nobody can convert) are `none`. */
  readonly counts: Readonly<Record<IdRelation | 'none', number>>
}

export interface IdMatcher {
  /** A pair that is known to belong together. Pairs that fit several relations (numbers below ten) tell nothing. */
  learn(sample: IdSample): void
  /** The keys to look for among stored `messageIdKey(answer)`: all forms at first, one reading once the base is certain. */
  keys(receipt: string): string[]
  readonly base: IdBase
  /** Goes on from a `base` that was kept, after a restart. */
  restore(base: Pick<IdBase, 'counts'>): void
}

/** Eight pairs that agree are 90 %: fewer could be an accident of one batch of ids. */
const certain = 0.9
/** Old pairs fade, so that a carrier that changes its base is learned anew within some dozens of receipts. */
const remembered = 64

const nothing = { same: 0, 'hex-to-decimal': 0, 'decimal-to-hex': 0, none: 0 }

/** Decides in which base a link repeats its ids, from pairs that belong together (facts group 31). */
export function learnIdBase(samples: Iterable<IdSample>): IdBase {
  const matcher = createIdMatcher()
  for (const sample of samples) matcher.learn(sample)
  return matcher.base
}

/**
 * Matches receipts to answers on one link, and learns its base on the way. Before that, '10' in a receipt can be ten or
 * sixteen, and a candidate can be another segment's id; afterwards it is one of them.
 */
export function createIdMatcher(): IdMatcher {
  let counts = { ...nothing }

  function base(): IdBase {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const [likely, agreeing] = (['same', 'hex-to-decimal', 'decimal-to-hex'] as const)
      .map((relation) => [relation, counts[relation]] as const)
      .reduce((best, one) => (one[1] > best[1] ? one : best))
    const confidence = (agreeing + 1) / (total + 2)
    return {
      relation: agreeing > 0 && confidence >= certain ? likely : undefined,
      likely: agreeing > 0 ? likely : undefined,
      confidence,
      counts: { ...counts },
    }
  }

  return {
    learn({ answer, receipt }) {
      const fitting = relationsOf(answer, receipt)
      if (fitting.length > 1) return
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
      if (total >= remembered)
        for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] *= 1 - 1 / remembered
      counts[fitting[0] ?? 'none'] += 1
    },
    keys: (receipt) => messageIdKeys(receipt, base().relation),
    get base() {
      return base()
    },
    restore(kept) {
      counts = { ...nothing, ...kept.counts }
    },
  }
}

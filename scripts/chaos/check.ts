import type { GivenReceipt, Ordered } from './esme.ts'
import type { Evidence, StoredMessage, TakenSegment } from './evidence.ts'
import type { Pass } from './link.ts'
import type { Sent, WrittenText } from './load.ts'

/** One promise of the house and how it was kept: `broken` has a line for each case, at best none. */
export interface Verdict {
  readonly promise: string
  readonly looked: number
  readonly broken: readonly string[]
}

const finalStates = new Set(['delivered', 'undelivered', 'expired', 'rejected', 'cancelled'])

interface Case {
  readonly sent: readonly Sent[]
  readonly texts: readonly WrittenText[]
  readonly complaints: readonly string[]
  /** What a customer's system has ordered by SMPP, and the receipts that it was given, by message id. */
  readonly orders: readonly Ordered[]
  readonly receipts: ReadonlyMap<string, readonly GivenReceipt[]>
  /** At most so many receipts may have come to it again: what was on its links at each fault. */
  readonly mostReceiptsAgain: number
  readonly evidence: Evidence
  /** Message id (msg_…) -> how many final events told of it. */
  readonly told: ReadonlyMap<string, number>
  readonly publicId: (uuid: string) => string
  /** At most so many copies may have gone out twice: the windows that were in flight at each fault. */
  readonly mostDuplicates: number
  readonly rates: readonly {
    readonly carrier: string
    readonly perSecond: number
    readonly passes: readonly Pass[]
  }[]
}

type Judge = (
  given: Case & { byRecipient: ReadonlyMap<string, readonly StoredMessage[]> },
) => Omit<Verdict, 'promise'>

/** The octets that went out to a recipient more than once. */
export function copiesOf(taken: readonly TakenSegment[]): Map<string, number> {
  const counts = new Map<string, Map<string, number>>()
  for (const { to, octets } of taken) {
    const parts = counts.get(to) ?? new Map<string, number>()
    counts.set(to, parts.set(octets, (parts.get(octets) ?? 0) + 1))
  }
  const twice = new Map<string, number>()
  for (const [to, parts] of counts) {
    const extra = [...parts.values()].reduce((sum, count) => sum + count - 1, 0)
    if (extra > 0) twice.set(to, extra)
  }
  return twice
}

const judges: Readonly<Record<string, Judge>> = {
  'each request that was accepted is one message, under the id that was told': ({
    sent,
    byRecipient,
    publicId,
    complaints,
  }) => ({
    looked: sent.length,
    broken: [
      ...complaints,
      ...sent.flatMap(({ to, id }) => {
        const stored = byRecipient.get(to) ?? []
        if (stored.length !== 1) return [`${to}: ${stored.length} messages`]
        return publicId(stored[0]!.id) === id ? [] : [`${to}: told ${id}, stored ${publicId(stored[0]!.id)}`]
      }),
    ],
  }),
  'accepted = finished, in exactly one state, and nothing is left in queue or claims': ({ evidence }) => ({
    looked: evidence.messages.length,
    broken: [
      ...evidence.messages.flatMap(({ recipient, state }) =>
        finalStates.has(state) ? [] : [`${recipient} is ${state}`],
      ),
      ...(evidence.queued > 0 ? [`${evidence.queued} rows in the queue`] : []),
      ...(evidence.claims > 0 ? [`${evidence.claims} claims`] : []),
    ],
  }),
  // Marketing of unknown fate is never sent again, and what waited for longer than it is worth is not sent at all; of a long one,
  // the rest is not.
  'lost = 0: every message was delivered, but for marketing of unknown fate or too late to send': ({
    sent,
    evidence,
    byRecipient,
  }) => {
    const taken = Map.groupBy(evidence.taken, ({ to }) => to)
    const parts = (recipient: string) => new Set(taken.get(recipient)?.map(({ octets }) => octets)).size
    const mayEnd = ({ error_code, recipient, segments }: StoredMessage): boolean =>
      error_code === 'outcome_unknown' || (error_code === 'validity_expired' && parts(recipient) < segments)
    return {
      looked: sent.length,
      broken: sent.flatMap(({ to, lane }) => {
        const [stored] = byRecipient.get(to) ?? []
        if (!stored || stored.state === 'delivered' || (lane === 'marketing' && mayEnd(stored))) return []
        return [`${to} (${lane}) is ${stored.state}, ${stored.error_code}`]
      }),
    }
  },
  'nothing is said to be delivered that no SMSC has delivered': ({ evidence, byRecipient }) => {
    const receipted = new Set(evidence.taken.filter((each) => each.receipted).map(({ to }) => to))
    const delivered = [...byRecipient.values()].flat().filter(({ state }) => state === 'delivered')
    return {
      looked: delivered.length,
      broken: delivered.flatMap(({ recipient }) => (receipted.has(recipient) ? [] : [recipient])),
    }
  },
  'receipts lost = 0: what was acknowledged stands with its segment, or waits as an orphan': ({
    evidence,
  }) => {
    const acknowledged = evidence.taken.filter(({ receipted }) => receipted)
    return {
      looked: acknowledged.length,
      broken: acknowledged.flatMap(({ carrier, id, to }) => {
        const key = `${carrier}/${id}`
        return evidence.segments.get(key) || evidence.orphans.has(key) ? [] : [`${key} to ${to}`]
      }),
    }
  },
  'what went out twice is flagged': ({ evidence, byRecipient }) => {
    const twice = copiesOf(evidence.taken)
    return {
      looked: twice.size,
      broken: [...twice.keys()].flatMap((to) =>
        byRecipient.get(to)?.some(({ possible_duplicate }) => possible_duplicate)
          ? []
          : [`${to} came twice, unflagged`],
      ),
    }
  },
  'no more went out twice than was in flight': ({ evidence, mostDuplicates }) => {
    const extra = [...copiesOf(evidence.taken).values()].reduce((sum, count) => sum + count, 0)
    return {
      looked: extra,
      broken: extra > mostDuplicates ? [`${extra} copies, at most ${mostDuplicates}`] : [],
    }
  },
  'each end was told once': ({ evidence, told, publicId }) => ({
    looked: told.size,
    broken: evidence.messages.flatMap(({ id, recipient, state }) => {
      const times = told.get(publicId(id)) ?? 0
      // A phone that says "received" outranks an end that a clock decided: that is news.
      const most = state === 'delivered' ? 2 : 1
      return times >= 1 && times <= most ? [] : [`${recipient} (${state}) was told ${times} times`]
    }),
  }),
  'no text from a phone is lost': ({ texts, evidence }) => ({
    looked: texts.length,
    broken: texts.flatMap(({ from, text }) =>
      evidence.inbound.has(`${from}/${text}`) ? [] : [`${from}: ${text}`],
    ),
  }),
  'what a customer’s system was answered OK was delivered, and it is there twice only where it had no certain answer':
    ({ orders, byRecipient, publicId }) => ({
      looked: orders.length,
      broken: orders.flatMap(({ to, id, unsure }) => {
        const stored = byRecipient.get(to) ?? []
        const own = stored.find((each) => publicId(each.id) === id)
        if (!own) return [`${to}: told ${id}, which is not there`]
        if (own.state !== 'delivered') return [`${to} is ${own.state}, ${own.error_code}`]
        return stored.length > 1 + unsure
          ? [`${to}: ${stored.length} messages, and ${unsure} submissions without a certain answer`]
          : []
      }),
    }),
  'each of these has its receipt, as it ended and with the system’s reference': ({ orders, receipts }) => ({
    looked: receipts.size,
    broken: orders.flatMap(({ to, id, reference }) => {
      const given = receipts.get(id ?? '') ?? []
      if (given.length === 0) return [`${to}: no receipt`]
      if (given.at(-1)!.state !== 'delivered') return [`${to}: the last receipt says ${given.at(-1)!.state}`]
      return given.every((each) => each.reference === reference) ? [] : [`${to}: another's reference`]
    }),
  }),
  'no more receipts came again than were on the links of the system': ({ receipts, mostReceiptsAgain }) => {
    const again = [...receipts.values()].reduce((sum, { length }) => sum + length - 1, 0)
    return {
      looked: again,
      broken: again > mostReceiptsAgain ? [`${again} again, at most ${mostReceiptsAgain}`] : [],
    }
  },
  'in no second a carrier got more than its rate': ({ rates }) => ({
    looked: rates.reduce((sum, { passes }) => sum + passes.length, 0),
    broken: rates.flatMap(({ carrier, perSecond, passes }) => {
      const worst = mostInASecond(passes)
      return worst > perSecond ? [`${carrier}: ${worst} in a second, ${perSecond} granted`] : []
    }),
  }),
}

export const promises = Object.keys(judges)

/** Two writes may lie this much closer on the wire than they were paced: a busy machine gives no process its turn in time. */
const jitterMs = 150

/** The fullest second, whichever moment it begins at, among those in which each pass was seen when it happened. */
export function mostInASecond(passes: readonly Pass[]): number {
  let [most, from] = [0, 0]
  for (const [to, { at, late }] of passes.entries()) {
    if (late) {
      from = to + 1
      continue
    }
    while (passes[from]!.at <= at - 1_000 + jitterMs) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

/** Holds the evidence of a run against every promise. */
export function judge(given: Case): Verdict[] {
  const byRecipient = Map.groupBy(given.evidence.messages, ({ recipient }) => recipient)
  return Object.entries(judges).map(([promise, look]) => ({ promise, ...look({ ...given, byRecipient }) }))
}

import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { ClaimedMessage } from './claim.store.ts'
import { lanes } from './lane.ts'
import type { Lease } from './lease.ts'
import type { Ledger } from './ledger.ts'
import { type Outbound, outbound } from './outbound.ts'
import type { AnsweredSegment } from './settle.store.ts'
import type { OpenClaim, Outcome, Settled } from './settle.ts'

/** Ids of claims begin with 1. */
const noClaim = 0

/** A message of which segments went out and were not answered in time. */
interface Doubt {
  message: ClaimedMessage
  at: Date
  carrier: string
  /** Those submissions, and the numbers of the segments that each stands for. */
  missing: Map<OutboundSegment, readonly number[]>
  /** Others of its segments are not with the carrier. */
  refused: boolean
  settled: PromiseWithResolvers<void>
}

export interface Delivery {
  /**
   * Writes a claimed message to the link, waits for its answers, and resolves once its outcome is committed.
   * `onAnswered`: nothing of it is waited for on the link any more, and its places in the window are free; `taken` when
   * all of it is with the carrier, so that it does not come back to the queue.
   */
  deliver(message: ClaimedMessage, open: OpenClaim, onAnswered: (taken: boolean) => void): Promise<void>
  /**
   * The carrier has taken a segment after its answer was given up: `segment` is the object that was submitted. The
   * message and the work that settles it, or undefined when nobody asks any more.
   */
  late(
    segment: OutboundSegment,
    submitted: Submitted,
  ): { message: ClaimedMessage; work: Promise<void> } | undefined
  /** Resolves when no answer is waited for: that ends, by the carrier's timeout at the latest. */
  answered(): Promise<void>
}

/** The ways that messages have. */
export interface Ways {
  /** The path with this carrier at its end; undefined when it is the only one. */
  elsewhere(path: number, carrierId: string): Promise<number | undefined>
  /** Names of the carriers of a path. */
  namesOf(path: number): readonly string[]
}

/** One claimed message on one link, from its text to the ledger. */
export function createDelivery(options: {
  clock: Clock
  log: Log
  ledger: Ledger
  lease: Lease
  carrier: Carrier
  ways: Ways
  tracePdus: boolean
  /** Told when a message is about to be written. */
  onWire?: (message: ClaimedMessage, now: Date) => void
}): Delivery {
  const { clock, log, ledger, lease, carrier, ways, tracePdus, onWire } = options
  /** Ends the waiting for a turn; what is with the carrier is still answered. */
  const stopping = new AbortController()
  const answering = new Set<Promise<unknown>>()
  /** What segments of unknown fate belong to, for as long as the carrier remembers them. */
  const doubts = new WeakMap<OutboundSegment, Doubt>()

  /** The answer counts as one whose claim is gone: good news, whatever has become of the message since. */
  async function settleLate(doubt: Doubt, segment: OutboundSegment, submitted: Submitted): Promise<void> {
    const { message, missing, settled, at, carrier } = doubt
    // Not before it stands as uncertain, or that would come after its end.
    await settled.promise
    const answered = answeredRows(message, missing.get(segment)!, submitted)
    missing.delete(segment)
    await ledger.settle({
      message,
      claim: { id: noClaim, at, carrier, open: 1 },
      outcome:
        missing.size === 0 && !doubt.refused ? { kind: 'submitted', late: true } : { kind: 'uncertain' },
      answered,
    })
  }

  async function deliver(
    message: ClaimedMessage,
    open: OpenClaim,
    onAnswered: (taken: boolean) => void,
  ): Promise<void> {
    const now = clock.now()
    onWire?.(message, now)
    let todo: Outbound[]
    try {
      todo = outbound(message, now, carrier.long)
    } catch (error) {
      log.error({ message: message.id, error: (error as Error).message }, 'a message could not be built')
      return settle({ message, claim: open, outcome: { kind: 'unsendable' }, answered: [] })
    }
    let doubt = undefined as Doubt | undefined
    async function submit({ indexes, segment }: Outbound) {
      if (!lease.valid()) throw leaseLost()
      try {
        return await carrier.submit(segment, stopping.signal)
      } catch (error) {
        if (error instanceof CarrierError && error.sent === 'maybe') {
          doubt ??= {
            message,
            at: open.at,
            carrier: open.carrier,
            missing: new Map(),
            refused: false,
            settled: Promise.withResolvers(),
          }
          doubt.missing.set(segment, indexes)
          doubts.set(segment, doubt)
        }
        throw error
      }
    }
    // All segments are written in one go and in order; nothing of another message comes between them.
    const submissions = Promise.allSettled(todo.map(submit))
    answering.add(submissions)
    const results = await submissions
    answering.delete(submissions)
    const answered: AnsweredSegment[] = []
    const failures: CarrierError[] = []
    for (const [at, result] of results.entries()) {
      if (result.status === 'fulfilled')
        answered.push(...answeredRows(message, todo[at]!.indexes, result.value))
      else failures.push(result.reason instanceof CarrierError ? result.reason : unforeseen(result.reason))
    }
    onAnswered(failures.length === 0)
    const outcome = await directed(message, outcomeOf(failures), open.carrier)
    const settling = settle({ message, claim: open, outcome, answered })
    if (doubt) {
      doubt.refused = doubt.missing.size < failures.length
      doubt.settled.resolve(settling.catch(() => {}))
    }
    await settling
  }

  /**
   * Where a message goes that this carrier leaves to others, or of which a copy goes out at once. After the last one
   * has refused it, it is rejected.
   */
  async function directed(message: ClaimedMessage, outcome: Found, carrierName: string): Promise<Outcome> {
    const { kind } = outcome
    if (kind !== 'elsewhere' && (kind !== 'uncertain' || lanes[message.lane].onUncertain !== 'resend'))
      return outcome
    let path: number | undefined
    try {
      path = await ways.elsewhere(message.path, lease.carrierId)
    } catch (error) {
      log.warn(
        { error: (error as Error).message },
        'another way could not be looked for; the message keeps its own',
      )
      path = message.path
    }
    if (kind === 'uncertain') return path === undefined ? outcome : { ...outcome, path }
    const { carrierCode } = outcome
    const refused = message.refused ?? []
    if (
      path === undefined ||
      ways.namesOf(path).every((name) => name === carrierName || refused.includes(name))
    )
      return { kind: 'rejected', carrierCode }
    // It has said so before, and was asked again because the others are away: not in an endless round.
    return { kind, path, carrierCode, again: refused.includes(carrierName) }
  }

  /**
   * What the database does not take as it is becomes uncertain, with its answers or else without them: a message
   * must not stay on the wire for a defect of ours, nor go out again and again because of it.
   */
  async function settle(entry: Settled): Promise<void> {
    const held: Outcome = { kind: 'uncertain', held: true }
    const tries = [entry, { ...entry, outcome: held }, { ...entry, outcome: held, answered: [] }]
    for (const [at, each] of tries.entries()) {
      try {
        return await ledger.settle(each)
      } catch (error) {
        if (at === tries.length - 1) throw error
      }
    }
  }

  function answeredRows(
    message: ClaimedMessage,
    indexes: readonly number[],
    submitted: Submitted,
  ): AnsweredSegment[] {
    const request = tracePdus ? Buffer.from(submitted.request).toString('base64') : null
    return indexes.map((index) => ({
      account_id: message.account_id,
      message_id: message.id,
      attempt: message.attempt,
      index,
      carrier_id: lease.carrierId,
      remote_id: submitted.remoteId,
      remote_key: submitted.remoteKey,
      request,
    }))
  }

  function unforeseen(reason: unknown): CarrierError {
    log.error({ error: String(reason) }, 'a carrier broke its contract; the outcome counts as unknown')
    return new CarrierError('unforeseen', { retry: 'later', sent: 'maybe', cause: reason })
  }

  return {
    deliver,
    late(segment, submitted) {
      const doubt = doubts.get(segment)
      if (!doubt) return undefined
      doubts.delete(segment)
      return { message: doubt.message, work: settleLate(doubt, segment, submitted) }
    },
    async answered() {
      stopping.abort()
      await Promise.all(answering)
    },
  }
}

const leaseLost = () => new CarrierError('lease_lost', { retry: 'unsent', sent: 'no' })

/** An outcome of which the new path is not known yet. */
type Found = Exclude<Outcome, { kind: 'elsewhere' }> | { kind: 'elsewhere'; carrierCode: string }

/** The worst news wins: unknown before refused before elsewhere before later before nothing. */
export function outcomeOf(failures: readonly CarrierError[]): Found {
  if (failures.length === 0) return { kind: 'submitted' }
  if (failures.some((failure) => failure.sent === 'maybe')) return { kind: 'uncertain' }
  const refused = failures.find((failure) => failure.retry === 'never')
  if (refused) return { kind: 'rejected', carrierCode: refused.code }
  const left = failures.find((failure) => failure.retry === 'elsewhere')
  if (left) return { kind: 'elsewhere', carrierCode: left.code }
  const failed = failures.find((failure) => failure.retry === 'later' && !failure.throttled)
  const afterMs = Math.max(
    ...failures.map((failure) => failure.afterMs ?? (failure.retry === 'unsent' ? 0 : 1_000)),
  )
  return failed ? { kind: 'retry', afterMs, carrierCode: failed.code } : { kind: 'returned', afterMs }
}

import type { ErrorCode } from '../errors.ts'
import type { EventRow } from '../outbox/chunk.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Tx } from '../store/db.ts'
import { type Lane, type LanePolicy, lanes } from './lane.ts'
import { messagePayload, movedEvents } from './moved.ts'
import {
  type AnsweredSegment,
  listClaimed,
  type Submission,
  settleSubmitted,
  strikeFromClaims,
  touchClaims,
} from './settle.store.ts'
import { storedFrom } from './state.ts'
import {
  type ClaimedMessage,
  dequeue,
  type MessageKey,
  type Move,
  type Moved,
  move,
  type Requeue,
  requeue,
} from './store.ts'

/** What became of a claimed message on its bind. */
export type Outcome =
  /** `late`: the answer came when the message had been given up as uncertain. */
  | { kind: 'submitted'; late?: true }
  /** The carrier says no and means it. */
  | { kind: 'rejected'; carrierCode: string }
  /** It could not be built, so nothing was written. */
  | { kind: 'unsendable' }
  /** Nothing is out, or the carrier wants a pause: again after `afterMs`. */
  | { kind: 'retry'; afterMs: number; carrierCode: string | null }
  /** Bytes were written and no answer came. `held`: whatever the lane says, nothing goes out again by itself. */
  | { kind: 'uncertain'; held?: true }

/** A claim, shared by the messages that it took. */
export interface OpenClaim {
  readonly id: number
  /** When its messages went on the wire. */
  readonly at: Date
  /** Messages that are not settled yet; the ledger counts down as it commits. */
  open: number
}

export interface Settled {
  message: Pick<
    ClaimedMessage,
    | 'account_id'
    | 'id'
    | 'attempt'
    | 'lane'
    | 'sender'
    | 'recipient'
    | 'segments'
    | 'client_ref'
    | 'possible_duplicate'
    | 'expires_at'
  >
  claim: OpenClaim
  outcome: Outcome
  /** The segments that were answered OK, also when others were not. */
  answered: AnsweredSegment[]
}

/** How long a message of unknown fate waits, by the lane's policy, before it is resent or given up. */
export interface UncertainRules {
  graceMs: number
}

interface Plan {
  move: Move
  requeue?: Requeue
}

/** A message whose fate nobody knows, and since when. */
export interface Lost extends MessageKey {
  lane: Lane
  expires_at: Date
  attempt: number
  /** When it went on the wire. */
  at: Date
}

const onWire = ({ at, attempt }: { at: Date; attempt: number }) => ({
  state: 'on_wire',
  at: at.toISOString(),
  attempt,
})

/** Where an unknown outcome leads: the lane decides, and whatever goes out again is flagged. */
export function planUncertain(lost: Lost, rules: UncertainRules, now: Date, held = false): Plan {
  const { account_id, id, lane, expires_at, attempt } = lost
  const at = now.toISOString()
  const policy: LanePolicy['onUncertain'] = held ? 'expire' : lanes[lane].onUncertain
  const steps = [onWire(lost), { state: 'uncertain', at }]
  const from = storedFrom('uncertain')
  const row = { account_id, id, lane, expires_at, attempt }
  if (policy === 'resend') {
    return {
      move: {
        account_id,
        id,
        to: 'queued',
        from,
        steps: [...steps, { state: 'queued', at, possible_duplicate: true }],
        possible_duplicate: true,
      },
      requeue: { ...row, status: 'ready', due_at: now },
    }
  }
  const due_at = policy === 'wait' ? new Date(now.getTime() + rules.graceMs) : expires_at
  return {
    move: { account_id, id, to: 'uncertain', from, steps },
    requeue: { ...row, status: 'uncertain', due_at },
  }
}

/** A carrier that goes on saying "later" is asked less and less often, down to once a minute. */
const growing = (afterMs: number, attempt: number): number =>
  Math.min(afterMs * 2 ** Math.min(attempt - 1, 16), Math.max(afterMs, 60_000))

type Unsubmitted = Settled & { outcome: Exclude<Outcome, { kind: 'submitted' }> }
const wasSubmitted = (entry: Settled): boolean => entry.outcome.kind === 'submitted'
const wasNot = (entry: Settled): entry is Unsubmitted => entry.outcome.kind !== 'submitted'

function plan({ message, claim, outcome }: Unsubmitted, rules: UncertainRules, now: Date): Plan {
  const { account_id, id, lane, expires_at, attempt } = message
  const at = now.toISOString()
  const wired = onWire({ at: claim.at, attempt })
  switch (outcome.kind) {
    case 'rejected': {
      const error_code: ErrorCode = 'carrier_rejected'
      const carrier_code = outcome.carrierCode
      const steps = [wired, { state: 'rejected', at, error: carrier_code }]
      return { move: { account_id, id, to: 'rejected', steps, error_code, carrier_code } }
    }
    case 'unsendable': {
      const error_code: ErrorCode = 'not_sendable'
      const steps = [{ state: 'rejected', at, error: error_code }]
      return { move: { account_id, id, to: 'rejected', steps, error_code, carrier_code: null } }
    }
    case 'retry': {
      const due_at = new Date(now.getTime() + growing(outcome.afterMs, attempt))
      const steps = [
        wired,
        { state: 'queued', at, ...(outcome.carrierCode ? { error: outcome.carrierCode } : {}) },
      ]
      return {
        move: { account_id, id, to: 'queued', from: ['queued'], steps },
        requeue: { account_id, id, lane, expires_at, attempt, status: 'scheduled', due_at },
      }
    }
    case 'uncertain':
      return planUncertain({ ...message, at: claim.at }, rules, now, outcome.held)
  }
}

/** The common case: taken by the carrier. */
function submission({ message, claim, outcome }: Settled, now: Date): Submission {
  return {
    account_id: message.account_id,
    id: message.id,
    steps: [
      ...('late' in outcome ? [] : [onWire({ at: claim.at, attempt: message.attempt })]),
      { state: 'submitted', at: now.toISOString() },
    ],
    event: messagePayload({ ...message, state: 'submitted', error_code: null, carrier_code: null }),
  }
}

/** Claims, and how many of their messages are settled here. */
function countByClaim(settled: readonly Settled[]): Map<OpenClaim, number> {
  const counts = new Map<OpenClaim, number>()
  for (const { claim } of settled) counts.set(claim, (counts.get(claim) ?? 0) + 1)
  return counts
}

/**
 * Writes what carriers answered, for any number of messages, in the caller's transaction, and their events with
 * it. Once another holder has taken the claim over, only good news still counts: an answer is an answer, and stops
 * the second copy if that has not left. Returns the events.
 */
export async function settle(
  tx: Tx,
  settled: readonly Settled[],
  house: { emit: Emit; uncertain: UncertainRules },
  now: Date,
): Promise<EventRow[]> {
  if (settled.length === 0) return []
  const { emit, uncertain } = house
  const counts = [...countByClaim(settled)]
  const done = counts.flatMap(([claim, count]) => (claim.open === count ? [claim.id] : []))
  const held = await touchClaims(
    tx,
    done,
    counts.map(([claim]) => claim.id),
  )

  const submitted = settled.filter(wasSubmitted)
  const answered = settled.flatMap((entry) => entry.answered)
  const told = await settleSubmitted(
    tx,
    submitted.map((entry) => submission(entry, now)),
    answered,
    now,
  )
  await emit.tell(tx, told)
  await dequeue(
    tx,
    submitted.filter(({ claim }) => !held.has(claim.id)).map(({ message }) => message),
  )

  const unsubmitted = settled.filter(wasNot).filter(({ claim }) => held.has(claim.id))
  if (unsubmitted.length === 0) return told
  // A batch comes again when the answer to its commit was lost: what it gave back may be on its way anew by now.
  const listed = await listClaimed(
    tx,
    unsubmitted.flatMap(({ claim }) => (done.includes(claim.id) ? [] : [claim.id])),
  )
  const others = unsubmitted.filter(({ message, claim }) => done.includes(claim.id) || listed.has(message.id))
  if (others.length === 0) return told
  const plans = others.map((entry) => plan(entry, uncertain, now))
  const moved = movedEvents(await apply(tx, plans, now))
  // What goes back to the queue may be claimed elsewhere before this claim is done: it is no longer listed here.
  const back = new Set(plans.flatMap((entry) => entry.requeue?.id ?? []))
  const kept = others.filter(({ message, claim }) => back.has(message.id) && !done.includes(claim.id))
  await strikeFromClaims(
    tx,
    kept.map(({ claim }) => claim.id),
    [...back],
  )
  await emit(tx, moved, now)
  return [...told, ...moved]
}

/** Carries plans out: the queue first, for everybody locks a message's queue row before the message. */
export async function apply(tx: Tx, plans: readonly Plan[], now: Date): Promise<Moved[]> {
  await requeue(
    tx,
    plans.flatMap((entry) => entry.requeue ?? []),
  )
  return move(
    tx,
    plans.map((entry) => entry.move),
    now,
  )
}

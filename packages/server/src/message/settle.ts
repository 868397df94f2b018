import type { ErrorCode } from '../errors.ts'
import type { EventRow } from '../outbox/chunk.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Tx } from '../store/db.ts'
import type { ClaimedMessage } from './claim.store.ts'
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
import { dequeue, type MessageKey, type Move, type Moved, move, type Requeue, requeue } from './store.ts'

/** What became of a claimed message on its bind. */
export type Outcome =
  /** `late`: the answer came when the message had been given up as uncertain. */
  | { kind: 'submitted'; late?: true }
  /** The carrier says no and means it. */
  | { kind: 'rejected'; carrierCode: string }
  /** It could not be built, so nothing was written. */
  | { kind: 'unsendable' }
  /** The carrier wants a pause: again after `afterMs`. */
  | { kind: 'retry'; afterMs: number; carrierCode: string | null }
  /** Nothing was written, or it came too fast: neither the message nor the carrier has failed, and no attempt is counted. */
  | { kind: 'returned'; afterMs: number }
  /** The carrier leaves it to another, on this path: at once, or after a while if it does so `again`. */
  | { kind: 'elsewhere'; path: number; carrierCode: string; again?: boolean }
  /**
   * Bytes were written and no answer came. `held`: whatever the lane says, nothing goes out again by itself. `path`:
   * the way of a copy, if one is sent at once.
   */
  | { kind: 'uncertain'; held?: true; path?: number }

/** A claim, shared by the messages that it took. */
export interface OpenClaim {
  readonly id: number
  /** When its messages went on the wire. */
  readonly at: Date
  /** By its name, for the timeline. */
  readonly carrier: string
  /** Messages that are not settled yet; the ledger counts down as it commits. */
  open: number
}

export interface Settled {
  message: Pick<
    ClaimedMessage,
    | 'account_id'
    | 'id'
    | 'attempt'
    | 'path'
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
  /** Absent: nothing that anybody needs to hear of has happened. */
  move?: Move
  requeue?: Requeue
}

/** A message whose fate nobody knows, and since when. */
export interface Lost extends MessageKey {
  path: number
  lane: Lane
  expires_at: Date
  attempt: number
  /** When it went on the wire. */
  at: Date
  carrier: string
}

const onWire = ({ at, attempt, carrier }: { at: Date; attempt: number; carrier: string }) => ({
  state: 'on_wire',
  at: at.toISOString(),
  attempt,
  carrier,
})

/** Attempts after which no further copy goes out: carriers that answer nothing must not make a phone ring all night. */
const mostAttempts = 6

/**
 * Where an unknown outcome leads: the lane decides, and whatever goes out again is flagged. `copyPath`: the way of a
 * copy that goes out at once, another than that of the first where there is one.
 */
export function planUncertain(
  lost: Lost,
  rules: UncertainRules,
  now: Date,
  { held = false, copyPath = lost.path }: { held?: boolean; copyPath?: number } = {},
): Plan {
  const { account_id, id, path, lane, expires_at, attempt } = lost
  const at = now.toISOString()
  const policy: LanePolicy['onUncertain'] =
    held || attempt >= mostAttempts ? 'expire' : lanes[lane].onUncertain
  const steps = [onWire(lost), { state: 'uncertain', at }]
  const from = storedFrom('uncertain')
  const row = { account_id, id, path, lane, expires_at, attempt }
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
      requeue: { ...row, path: copyPath, status: 'ready', due_at: now },
    }
  }
  const due_at = policy === 'wait' ? new Date(now.getTime() + rules.graceMs) : expires_at
  return {
    move: { account_id, id, to: 'uncertain', from, steps },
    requeue: { ...row, status: 'uncertain', due_at },
  }
}

/** How long a message rests, at first, that a carrier has left to others twice. */
const refusedAgainMs = 1_000

/** A carrier that goes on saying "later" is asked less and less often, down to once a minute. */
const growing = (afterMs: number, attempt: number): number =>
  Math.min(afterMs * 2 ** Math.min(attempt - 1, 16), Math.max(afterMs, 60_000))

type Unsubmitted = Settled & { outcome: Exclude<Outcome, { kind: 'submitted' }> }
const wasSubmitted = (entry: Settled): boolean => entry.outcome.kind === 'submitted'
const wasNot = (entry: Settled): entry is Unsubmitted => entry.outcome.kind !== 'submitted'

function plan({ message, claim, outcome, answered }: Unsubmitted, rules: UncertainRules, now: Date): Plan {
  const { account_id, id, path, lane, expires_at, attempt } = message
  const at = now.toISOString()
  const { carrier } = claim
  const wired = onWire({ at: claim.at, attempt, carrier })
  const row = { account_id, id, path, lane, expires_at, attempt }
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
        requeue: { ...row, status: 'scheduled', due_at },
      }
    }
    case 'returned': {
      // Segments that were taken are known by their attempt: then it counts.
      const uncounted = answered.length === 0 ? attempt - 1 : attempt
      const { afterMs } = outcome
      const due_at = new Date(now.getTime() + afterMs)
      return { requeue: { ...row, attempt: uncounted, status: afterMs > 0 ? 'scheduled' : 'ready', due_at } }
    }
    case 'elsewhere': {
      const steps = [wired, { state: 'queued', at, error: outcome.carrierCode, refused_by: carrier }]
      const { path, again } = outcome
      const due_at = new Date(now.getTime() + (again ? growing(refusedAgainMs, attempt) : 0))
      return {
        move: { account_id, id, to: 'queued', from: ['queued'], steps },
        requeue: { ...row, path, status: again ? 'scheduled' : 'ready', due_at },
      }
    }
    case 'uncertain': {
      const { held, path: copyPath } = outcome
      return planUncertain({ ...message, at: claim.at, carrier }, rules, now, {
        ...(held && { held }),
        ...(copyPath !== undefined && { copyPath }),
      })
    }
  }
}

/** The common case: taken by the carrier. */
function submission({ message, claim, outcome }: Settled, now: Date): Submission {
  return {
    account_id: message.account_id,
    id: message.id,
    steps: [
      ...('late' in outcome
        ? []
        : [onWire({ at: claim.at, attempt: message.attempt, carrier: claim.carrier })]),
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
    plans.flatMap((entry) => entry.move ?? []),
    now,
  )
}

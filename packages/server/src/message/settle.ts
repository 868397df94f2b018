import type { ErrorCode } from '../errors.ts'
import type { Emit } from '../outbox/emit.ts'
import type { EventRow } from '../outbox/store.ts'
import type { Tx } from '../store/db.ts'
import { type Lane, type LanePolicy, lanes } from './lane.ts'
import { messagePayload, movedEvents } from './moved.ts'
import { type AnsweredSegment, type Submission, settleSubmitted } from './settle.store.ts'
import type { State } from './state.ts'
import {
  type ClaimedMessage,
  dequeue,
  type Move,
  type Moved,
  move,
  type QueueKey,
  type Requeue,
  requeue,
} from './store.ts'

/** What became of a claimed message on its bind. */
export type Outcome =
  | { kind: 'submitted' }
  /** The carrier says no and means it. */
  | { kind: 'rejected'; carrierCode: string }
  /** Nothing is out, or the carrier wants a pause: again after `afterMs`. */
  | { kind: 'retry'; afterMs: number; carrierCode: string | null }
  /** Bytes were written and no answer came. */
  | { kind: 'uncertain' }

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
  fence: number
  outcome: Outcome
  /** The segments that were answered OK, also when others were not. */
  answered: AnsweredSegment[]
}

/** How long a message of unknown fate waits, by the lane's policy, before it is resent or given up. */
export interface UncertainRules {
  graceMs: number
}

interface Plan {
  move: Move & { via?: State }
  requeue?: Requeue
  dequeue?: QueueKey
}

/** Where an unknown outcome leads: the lane decides, and whatever goes out again is flagged. */
export function planUncertain(
  key: QueueKey & { lane: Lane; expires_at: Date },
  rules: UncertainRules,
  now: Date,
): Plan {
  const { account_id, id, fence, lane, expires_at } = key
  const at = now.toISOString()
  const policy: LanePolicy['onUncertain'] = lanes[lane].onUncertain
  const row = { account_id, id, ...(fence === undefined ? {} : { fence }) }
  if (policy === 'resend') {
    return {
      move: {
        account_id,
        id,
        to: 'queued',
        via: 'uncertain',
        steps: [
          { state: 'uncertain', at },
          { state: 'queued', at, possible_duplicate: true },
        ],
        possible_duplicate: true,
      },
      requeue: { ...row, status: 'ready', due_at: now },
    }
  }
  const due_at = policy === 'wait' ? new Date(now.getTime() + rules.graceMs) : expires_at
  return {
    move: { account_id, id, to: 'uncertain', steps: [{ state: 'uncertain', at }] },
    requeue: { ...row, status: 'uncertain', due_at },
  }
}

function plan(
  { message, fence, outcome }: Settled & { outcome: Exclude<Outcome, { kind: 'submitted' }> },
  rules: UncertainRules,
  now: Date,
): Plan {
  const { account_id, id } = message
  const at = now.toISOString()
  switch (outcome.kind) {
    case 'rejected': {
      const error_code: ErrorCode = 'carrier_rejected'
      const carrier_code = outcome.carrierCode
      return {
        move: {
          account_id,
          id,
          to: 'rejected',
          steps: [{ state: 'rejected', at, error: carrier_code }],
          error_code,
          carrier_code,
        },
        dequeue: { account_id, id, fence },
      }
    }
    case 'retry':
      return {
        move: {
          account_id,
          id,
          to: 'queued',
          steps: [{ state: 'queued', at, ...(outcome.carrierCode ? { error: outcome.carrierCode } : {}) }],
        },
        requeue: {
          account_id,
          id,
          fence,
          status: 'scheduled',
          due_at: new Date(now.getTime() + outcome.afterMs),
        },
      }
    case 'uncertain':
      return planUncertain({ ...message, fence }, rules, now)
  }
}

/** The common case: taken by the carrier. No fence, for an answer is an answer, also when another node took over. */
function submission({ message }: Settled, newId: () => string, now: Date): Submission {
  return {
    account_id: message.account_id,
    id: message.id,
    steps: [{ state: 'submitted', at: now.toISOString() }],
    event_id: newId(),
    event: messagePayload({ ...message, state: 'submitted', error_code: null, carrier_code: null }),
  }
}

type Unsubmitted = Settled & { outcome: Exclude<Outcome, { kind: 'submitted' }> }
const wasSubmitted = (entry: Settled): boolean => entry.outcome.kind === 'submitted'
const wasNot = (entry: Settled): entry is Unsubmitted => entry.outcome.kind !== 'submitted'

/**
 * Writes what carriers answered, for any number of messages, in the caller's transaction, and their events with
 * it. What is settled under a fencing token that no longer holds the claim changes nothing but the record of
 * answered segments. Returns the events.
 */
export async function settle(
  tx: Tx,
  settled: readonly Settled[],
  house: { emit: Emit; uncertain: UncertainRules; newId: () => string },
  now: Date,
): Promise<EventRow[]> {
  const { emit, uncertain, newId } = house
  const answered = settled.flatMap((entry) => entry.answered)
  const submissions = settled.filter(wasSubmitted).map((entry) => submission(entry, newId, now))
  const told = await settleSubmitted(tx, submissions, answered, now)
  await emit.tell(tx, told)
  const others = settled.filter(wasNot)
  if (others.length === 0) return told
  const moved = movedEvents(
    await apply(
      tx,
      others.map((entry) => plan(entry, uncertain, now)),
      now,
    ),
    newId,
  )
  await emit(tx, moved, now)
  return [...told, ...moved]
}

/** Carries plans out: the queue first, for everybody locks a message's queue row before the message. */
export async function apply(tx: Tx, plans: readonly Plan[], now: Date): Promise<Moved[]> {
  const left = await dequeue(
    tx,
    plans.flatMap((entry) => entry.dequeue ?? []),
  )
  const back = await requeue(
    tx,
    plans.flatMap((entry) => entry.requeue ?? []),
  )
  const held = new Set([...left, ...back].map((row) => row.id))
  const fenced = (entry: Plan) => (entry.dequeue ?? entry.requeue)?.fence !== undefined
  return move(
    tx,
    plans.filter((entry) => !fenced(entry) || held.has(entry.move.id)).map((entry) => entry.move),
    now,
  )
}

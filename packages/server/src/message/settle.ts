import type { ErrorCode } from '../errors.ts'
import type { Tx } from '../store/db.ts'
import { type Lane, type LanePolicy, lanes } from './lane.ts'
import { type AnsweredSegment, insertSegments } from './receipt.store.ts'
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
  message: Pick<ClaimedMessage, 'account_id' | 'id' | 'attempt' | 'lane' | 'expires_at'>
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

function plan({ message, fence, outcome }: Settled, rules: UncertainRules, now: Date): Plan {
  const { account_id, id } = message
  const at = now.toISOString()
  switch (outcome.kind) {
    case 'submitted':
      // No fence: an answer is an answer, also when another node has taken the message over since.
      return {
        move: { account_id, id, to: 'submitted', steps: [{ state: 'submitted', at }] },
        dequeue: { account_id, id },
      }
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

/**
 * Writes what carriers answered, for any number of messages, in the caller's transaction. What is settled under
 * a fencing token that no longer holds the claim changes nothing but the record of answered segments.
 */
export async function settle(
  tx: Tx,
  settled: readonly Settled[],
  rules: UncertainRules,
  now: Date,
): Promise<Moved[]> {
  await insertSegments(
    tx,
    settled.flatMap((entry) => entry.answered),
    now,
  )
  return apply(
    tx,
    settled.map((entry) => plan(entry, rules, now)),
    now,
  )
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

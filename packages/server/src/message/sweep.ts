import type { ErrorCode } from '../errors.ts'
import type { Tx } from '../store/db.ts'
import { apply, planUncertain, type UncertainRules } from './settle.ts'
import { type Claimant, type Moved, move } from './store.ts'
import { abandoned, dueUncertain, expired, promote, type SweptRow } from './sweep.store.ts'

/** Rows a transaction; whoever gets a full batch comes back at once. */
export const sweepLimit = 1000

export interface Swept {
  moved: Moved[]
  /** True when there may be more to do right away. */
  more: boolean
}

const swept = (rows: readonly SweptRow[], moved: Moved[]): Swept => ({
  moved,
  more: rows.length === sweepLimit,
})

/** Scheduled messages whose time has come, and postponed ones whose pause is over, become ready. */
export async function promoteDue(tx: Tx, now: Date): Promise<Swept> {
  const rows = await promote(tx, now, sweepLimit)
  const at = now.toISOString()
  // Postponed ones are in `queued` already and stay as they are.
  const moved = await move(
    tx,
    rows.map(({ account_id, id }) => ({
      account_id,
      id,
      to: 'queued',
      from: ['scheduled'],
      steps: [{ state: 'queued', at }],
    })),
    now,
  )
  return swept(rows, moved)
}

/** Messages that are too late to send become `expired`. */
export async function expireDue(tx: Tx, now: Date): Promise<Swept> {
  const rows = await expired(tx, now, sweepLimit)
  const at = now.toISOString()
  const moved = await move(
    tx,
    rows.map(({ account_id, id, status }) => {
      const error_code: ErrorCode = status === 'uncertain' ? 'outcome_unknown' : 'validity_expired'
      return {
        account_id,
        id,
        to: 'expired',
        steps: [{ state: 'expired', at, error: error_code }],
        error_code,
        carrier_code: null,
      }
    }),
    now,
  )
  return swept(rows, moved)
}

/** Uncertain messages whose wait is over go out again, flagged. Lanes that never resend are due at their expiry. */
export async function resendUncertain(tx: Tx, now: Date): Promise<Swept> {
  const rows = await dueUncertain(tx, now, sweepLimit)
  const at = now.toISOString()
  const moved = await apply(
    tx,
    rows.map(({ status: _, ...row }) => ({
      move: {
        account_id: row.account_id,
        id: row.id,
        to: 'queued',
        from: ['uncertain'],
        steps: [{ state: 'queued', at, possible_duplicate: true }],
        possible_duplicate: true,
      },
      requeue: { ...row, status: 'ready', due_at: now },
    })),
    now,
  )
  return swept(rows, moved)
}

/** Claims a transaction; a claim lists a hundred messages at most. */
const claimsAtOnce = 10

/** What an earlier holder of this bind had on the wire when it died: nobody knows its fate, the lane decides. */
export async function takeOver(tx: Tx, claimant: Claimant, rules: UncertainRules, now: Date): Promise<Swept> {
  const { claims, messages } = await abandoned(tx, claimant, claimsAtOnce)
  return {
    moved: await apply(
      tx,
      messages.map((lost) => planUncertain(lost, rules, now)),
      now,
    ),
    more: claims === claimsAtOnce,
  }
}

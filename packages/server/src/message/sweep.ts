import type { ErrorCode } from '../errors.ts'
import type { Tx } from '../store/db.ts'
import type { Claimant } from './claim.store.ts'
import { lanes } from './lane.ts'
import { apply, type Lost, planUncertain, type UncertainRules } from './settle.ts'
import { type Moved, move } from './store.ts'
import { abandoned, dueUncertain, expired, lapsed, promote, type SweptRow } from './sweep.store.ts'

/** Rows a transaction; whoever gets a full batch comes back at once. */
export const sweepLimit = 1000

export interface Swept {
  moved: Moved[]
  /** How many may be claimed now that could not before; postponed ones become ready without a move. */
  ready: number
  /** True when there may be more to do right away. */
  more: boolean
}

const swept = (rows: readonly SweptRow[], moved: Moved[], ready: number): Swept => ({
  moved,
  ready,
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
  return swept(rows, moved, rows.length)
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
  return swept(rows, moved, 0)
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
  return swept(rows, moved, moved.length)
}

/** The path with this carrier at its end; undefined when it is the only one. */
export type Elsewhere = (path: number, carrierId: string) => Promise<number | undefined>

/** Claims a transaction; a claim lists a hundred messages at most. */
const claimsAtOnce = 10

/** What an earlier holder of this bind had on the wire when it died: nobody knows its fate, the lane decides. */
export async function takeOver(
  tx: Tx,
  claimant: Claimant,
  rules: UncertainRules,
  elsewhere: Elsewhere,
  now: Date,
): Promise<Swept> {
  return decideLost(tx, await abandoned(tx, claimant, claimsAtOnce), rules, elsewhere, now)
}

/** A bind without a holder waits this long for its next one, which would take over by itself. */
const lapsedMs = 60_000

/** What was on the wire of a bind that nobody holds any more: its carrier was replaced, or its slot is not used. */
export async function takeOverLapsed(
  tx: Tx,
  now: Date,
  rules: UncertainRules,
  elsewhere: Elsewhere,
): Promise<Swept> {
  return decideLost(tx, await lapsed(tx, now, lapsedMs, claimsAtOnce), rules, elsewhere, now)
}

async function decideLost(
  tx: Tx,
  { claims, messages }: { claims: number; messages: readonly (Lost & { carrier_id: string })[] },
  rules: UncertainRules,
  elsewhere: Elsewhere,
  now: Date,
): Promise<Swept> {
  const plans = []
  for (const { carrier_id, ...lost } of messages) {
    const copyPath =
      lanes[lost.lane].onUncertain === 'resend' ? await elsewhere(lost.path, carrier_id) : undefined
    plans.push(planUncertain(lost, rules, now, copyPath === undefined ? {} : { copyPath }))
  }
  return {
    moved: await apply(tx, plans, now),
    ready: plans.filter(({ requeue }) => requeue?.status === 'ready').length,
    more: claims === claimsAtOnce,
  }
}

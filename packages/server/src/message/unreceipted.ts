import type { ErrorCode } from '../errors.ts'
import type { Tx } from '../store/db.ts'
import { move } from './store.ts'
import type { Swept } from './sweep.ts'
import { finishStretch, nextStretch, unreceipted } from './unreceipted.store.ts'

/** Receipts of what was delivered in the last moment come late. */
const marginMs = 3_600_000
/** A step of the walk should look at so many messages, whatever time that is. */
const few = 5_000
const many = 20_000
const strides = { leastMs: 10_000, mostMs: 32 * 86_400_000 }
const error_code: ErrorCode = 'no_receipt'

/**
 * Ends messages that a carrier took and never spoke of again, an hour after they stopped being worth delivering. Each
 * message is looked at some five times in its life, by its age; nothing is kept about it for that. A receipt that says
 * `delivered` still outranks the end.
 */
export async function endUnreceipted(tx: Tx, now: Date): Promise<Swept> {
  const stretch = await nextStretch(tx, now)
  if (!stretch) return { moved: [], ready: 0, more: false }
  const { looked, overdue } = await unreceipted(tx, stretch, new Date(now.getTime() - marginMs))
  const factor = looked < few ? 2 : looked > many ? 0.5 : 1
  const { leastMs, mostMs } = strides
  await finishStretch(tx, stretch, Math.min(Math.max(stretch.strideMs * factor, leastMs), mostMs))
  const steps = [{ state: 'expired', at: now.toISOString(), error: error_code }]
  const moved = await move(
    tx,
    overdue.map(({ account_id, id }) => ({
      account_id,
      id,
      to: 'expired',
      from: ['submitted'],
      steps,
      error_code,
      carrier_code: null,
    })),
    now,
  )
  return { moved, ready: 0, more: true }
}

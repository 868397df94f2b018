import { uuidFloor } from '../ids.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Tx } from '../store/db.ts'
import type { Hold } from './draft.ts'
import { putOffReady, takeWaitingOnes, type WaitingFilter } from './hold.store.ts'
import { movedEvents } from './moved.ts'
import { move } from './store.ts'

/** Nothing waits longer: a message may be planned for a year ahead, and then tried for another. */
const longestMs = 2 * 366 * 86_400_000

/**
 * Cancels messages of an account that wait in the queue; what is on its way already is not called back. The code stands
 * as their error. Returns how many. Ring `outbox` once it has committed.
 */
export async function withdraw(
  tx: Tx,
  emit: Emit,
  accountId: string,
  filter: WaitingFilter,
  { code, sentence }: Hold,
  now: Date,
): Promise<number> {
  if (filter.recipients.length === 0) return 0
  const after = uuidFloor(new Date(now.getTime() - longestMs))
  const ids = await takeWaitingOnes(tx, accountId, filter, after)
  const steps = [{ state: 'cancelled', at: now.toISOString(), code, sentence }]
  const moved = await move(
    tx,
    ids.map((id) => ({ account_id: accountId, id, to: 'cancelled', steps, error_code: code })),
    now,
  )
  await emit(tx, movedEvents(moved), now)
  return moved.length
}

/** Makes messages wait until `until` that are ready to go or would be before, for the reason given. Returns how many do. */
export async function hold(
  tx: Tx,
  accountId: string,
  ids: readonly string[],
  until: Date,
  reason: Hold,
  now: Date,
): Promise<number> {
  if (ids.length === 0) return 0
  const held = await putOffReady(tx, accountId, ids, until)
  // Each stays in the state that it is in.
  for (const state of ['queued', 'scheduled'] as const) {
    const steps = [{ state, at: now.toISOString(), hold: reason }]
    await move(
      tx,
      held.map((id) => ({ account_id: accountId, id, to: state, from: [state], steps })),
      now,
    )
  }
  return held.length
}

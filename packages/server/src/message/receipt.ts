import type { ErrorCode } from '../errors.ts'
import type { Tx } from '../store/db.ts'
import {
  keepOrphans,
  type Match,
  match,
  type ReceiptRecord,
  type ReceiptRow,
  type SegmentState,
  type SegmentUpdate,
  segmentStates,
  updateSegments,
} from './receipt.store.ts'
import { dequeue, type Move, type Moved, move } from './store.ts'

type Reported = Exclude<ReceiptRecord['state'], null>

const errorOf: Partial<Record<Reported, ErrorCode>> = {
  undelivered: 'undelivered',
  expired: 'validity_expired',
  rejected: 'carrier_rejected',
}

/**
 * A long message is delivered when every segment is, by whichever attempt; it has failed when a segment has
 * failed on every attempt and cannot come any more. Undefined: not decided yet.
 */
export function messageState(
  segments: number,
  states: readonly Pick<SegmentState, 'index' | 'state'>[],
): Reported | undefined {
  const best = new Map<number, SegmentState['state']>()
  for (const { index, state } of states) {
    const known = best.get(index)
    // delivered beats open beats failed: an open attempt may still arrive.
    if (known === undefined || state === 'delivered' || (state === 'submitted' && known !== 'delivered'))
      best.set(index, state)
  }
  const all = [...best.values()]
  const failure = all.find((state): state is Reported => state !== 'delivered' && state !== 'submitted')
  if (failure) return failure
  return all.length === segments && all.every((state) => state === 'delivered') ? 'delivered' : undefined
}

/** Folds the receipts of one segment, in the order they came: `delivered` stays, otherwise the first final word. */
function fold(receipts: readonly ReceiptRecord[]): Reported | null {
  const said = receipts.map((receipt) => receipt.state).filter((state): state is Reported => state !== null)
  return said.includes('delivered') ? 'delivered' : (said[0] ?? null)
}

/**
 * Stores receipts and moves the messages that they decide, in the caller's transaction. A receipt that fits no
 * segment waits among the orphans until its answer is settled.
 */
export async function record(
  tx: Tx,
  receipts: readonly ReceiptRow[],
  newId: () => string,
  now: Date,
): Promise<Moved[]> {
  const matches = await match(tx, receipts, now)
  const matched = new Set(matches.map((row) => row.n))
  await keepOrphans(
    tx,
    receipts.flatMap((receipt, n) => (matched.has(n) ? [] : [{ ...receipt, id: newId() }])),
    now,
  )
  if (matches.length === 0) return []

  const bySegment = new Map<string, { where: Match; receipts: ReceiptRecord[] }>()
  for (const where of matches) {
    const key = `${where.message_id}/${where.attempt}/${where.index}`
    const entry = bySegment.get(key) ?? { where, receipts: [] }
    entry.receipts.push(receipts[where.n]!.receipt)
    bySegment.set(key, entry)
  }
  const updates: SegmentUpdate[] = [...bySegment.values()].map(({ where, receipts }) => ({
    account_id: where.account_id,
    message_id: where.message_id,
    attempt: where.attempt,
    index: where.index,
    state: fold(receipts),
    receipts,
  }))
  await updateSegments(tx, updates, now)
  return moveMessages(tx, [...bySegment.values()], now)
}

async function moveMessages(
  tx: Tx,
  entries: { where: Match; receipts: ReceiptRecord[] }[],
  now: Date,
): Promise<Moved[]> {
  const decided = new Map<string, { where: Match; state: Reported; carrierCode: string | null }>()
  const open = new Map<string, { where: Match; carrierCode: string | null }>()
  for (const { where, receipts } of entries) {
    const state = fold(receipts)
    if (state === null) continue
    const carrierCode = receipts.find((receipt) => receipt.state === state)?.error ?? null
    // One segment, one attempt: the segment's word is the message's.
    if (where.segments === 1 && where.attempt === 1)
      decided.set(where.message_id, { where, state, carrierCode })
    else open.set(where.message_id, { where, carrierCode })
  }
  if (open.size > 0) {
    const states = await segmentStates(
      tx,
      [...open.values()].map(({ where }) => ({ account_id: where.account_id, id: where.message_id })),
    )
    const byMessage = Map.groupBy(states, (row) => row.message_id)
    for (const [id, { where, carrierCode }] of open) {
      const state = messageState(where.segments, byMessage.get(id) ?? [])
      if (state) decided.set(id, { where, state, carrierCode })
    }
  }
  const at = now.toISOString()
  const moves: Move[] = [...decided.values()].map(({ where, state, carrierCode }) => ({
    account_id: where.account_id,
    id: where.message_id,
    to: state,
    steps: [{ state, at, ...(state === 'delivered' ? {} : { error: carrierCode }) }],
    error_code: errorOf[state] ?? null,
    carrier_code: state === 'delivered' ? null : carrierCode,
  }))
  // Not yet settled, waiting to be resent, or of unknown fate: the receipt has answered the question.
  const waiting = [...decided.values()].filter(
    ({ where, state }) => state === 'delivered' && where.message_state !== 'submitted',
  )
  await dequeue(
    tx,
    waiting.map(({ where }) => ({ account_id: where.account_id, id: where.message_id })),
  )
  return move(tx, moves, now)
}

import type { ErrorCode } from '../errors.ts'
import type { Emit } from '../outbox/emit.ts'
import type { EventRow } from '../outbox/store.ts'
import type { Tx } from '../store/db.ts'
import { eventOf, messagePayload } from './moved.ts'
import {
  type Decision,
  keepOrphans,
  type Match,
  match,
  type ReceiptRecord,
  type ReceiptRow,
  type SegmentState,
  type SegmentUpdate,
  segmentStates,
  updateReceipted,
} from './receipt.store.ts'
import { dequeue } from './store.ts'

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

interface Receipted {
  where: Match
  receipts: ReceiptRecord[]
}

/**
 * Stores receipts and moves the messages that they decide, in the caller's transaction, and their events with it.
 * A receipt that fits no segment waits among the orphans until its answer is settled. Returns the events.
 */
export async function record(
  tx: Tx,
  receipts: readonly ReceiptRow[],
  house: { emit: Emit; newId: () => string },
  now: Date,
): Promise<EventRow[]> {
  const { emit, newId } = house
  const matches = await match(tx, receipts, now)
  const matched = new Set(matches.map((row) => row.n))
  await keepOrphans(
    tx,
    receipts.flatMap((receipt, n) => (matched.has(n) ? [] : [{ ...receipt, id: newId() }])),
    now,
  )
  if (matches.length === 0) return []

  const bySegment = new Map<string, Receipted>()
  for (const where of matches) {
    const key = `${where.message_id}/${where.attempt}/${where.index}`
    const entry = bySegment.get(key) ?? { where, receipts: [] }
    entry.receipts.push(receipts[where.n]!.receipt)
    bySegment.set(key, entry)
  }
  const entries = [...bySegment.values()]
  const updates = entries.map(({ where, receipts }): SegmentUpdate => {
    const { account_id, message_id, attempt, index } = where
    return { account_id, message_id, attempt, index, state: fold(receipts), receipts }
  })
  const decisions = await decide(tx, entries, newId, now)
  // Waiting to be resent, or of unknown fate: the receipt has answered the question.
  const waiting = decisions.filter(
    ({ state, where }) => state === 'delivered' && where.message_state !== 'submitted',
  )
  await dequeue(
    tx,
    waiting.map(({ account_id, id }) => ({ account_id, id })),
  )
  const told = await updateReceipted(
    tx,
    updates,
    decisions.map(({ where: _, ...decision }) => decision),
    now,
  )
  await emit.tell(tx, told)
  return told
}

/** The messages whose fate is decided by these receipts together with those that came before. */
async function decide(
  tx: Tx,
  entries: readonly Receipted[],
  newId: () => string,
  now: Date,
): Promise<(Decision & { where: Match })[]> {
  const decided = new Map<string, { where: Match; state: Reported; carrierCode: string | null }>()
  const open = new Map<
    string,
    { where: Match; carrierCode: string | null; said: { index: number; attempt: number; state: Reported }[] }
  >()
  for (const { where, receipts } of entries) {
    const state = fold(receipts)
    if (state === null) continue
    // Not with the carrier as a whole, or waiting to be resent: only good news ends that.
    if (state !== 'delivered' && (where.message_state === 'queued' || where.message_state === 'uncertain'))
      continue
    const carrierCode = receipts.find((receipt) => receipt.state === state)?.error ?? null
    // One segment and never sent twice: the segment's word is the message's.
    if (where.segments === 1 && !where.possible_duplicate)
      decided.set(where.message_id, { where, state, carrierCode })
    else {
      const entry = open.get(where.message_id) ?? { where, carrierCode, said: [] }
      entry.said.push({ index: where.index, attempt: where.attempt, state })
      open.set(where.message_id, entry)
    }
  }
  if (open.size > 0) {
    const known = await segmentStates(
      tx,
      [...open.values()].map(({ where }) => ({ account_id: where.account_id, id: where.message_id })),
    )
    const byMessage = Map.groupBy(known, (row) => row.message_id)
    for (const [id, { where, carrierCode, said }] of open) {
      const state = messageState(where.segments, overlay(byMessage.get(id) ?? [], said))
      if (state) decided.set(id, { where, state, carrierCode })
    }
  }
  return [...decided.values()].map(({ where, state, carrierCode }) =>
    decision(where, state, carrierCode, newId(), now),
  )
}

/** The segments as they will be once these receipts are written. */
const overlay = (
  known: readonly SegmentState[],
  said: readonly { index: number; attempt: number; state: Reported }[],
): Pick<SegmentState, 'index' | 'state'>[] =>
  known.map((row) => {
    const word = said.find(({ index, attempt }) => index === row.index && attempt === row.attempt)
    return {
      index: row.index,
      state: word && (row.state === 'submitted' || word.state === 'delivered') ? word.state : row.state,
    }
  })

function decision(
  where: Match,
  state: Reported,
  carrierCode: string | null,
  eventId: string,
  now: Date,
): Decision & { where: Match } {
  const { account_id, message_id: id } = where
  const error_code = errorOf[state] ?? null
  const carrier_code = state === 'delivered' ? null : carrierCode
  return {
    where,
    account_id,
    id,
    state,
    steps: [{ state, at: now.toISOString(), ...(state === 'delivered' ? {} : { error: carrierCode }) }],
    error_code,
    carrier_code,
    event_id: eventId,
    event_name: eventOf[state]!,
    event: messagePayload({ ...where, id, state, error_code, carrier_code }),
  }
}

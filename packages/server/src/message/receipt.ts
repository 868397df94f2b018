import type { CarrierReceipt } from '../carriers/carrier.ts'
import type { ErrorCode } from '../errors.ts'
import type { EventRow } from '../outbox/chunk.ts'
import type { Emit } from '../outbox/emit.ts'
import type { Tx } from '../store/db.ts'
import { choose } from './match.ts'
import { eventOf, messagePayload } from './moved.ts'
import type { ReadingBook, Sample } from './reading.store.ts'
import { distinct, keysOf } from './reading.ts'
import {
  type Candidate,
  type Decision,
  findReceipted,
  keepOrphans,
  type ReceiptRecord,
  type ReceiptRow,
  type SegmentState,
  type SegmentUpdate,
  segmentStates,
  takeAmbiguousOrphans,
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

/** A receipt as the ledger takes it. */
export function receiptRow(carrierId: string, receipt: CarrierReceipt, now: Date): ReceiptRow {
  const { remoteId: remote_id, readings, covers, parties, state, error, text, doneAt, details } = receipt
  const at = now.toISOString()
  return {
    carrier_id: carrierId,
    remote_id,
    readings,
    covers,
    parties,
    receipt: {
      state,
      error,
      at,
      text,
      ...(doneAt === null ? {} : { done_at: doneAt }),
      ...(details ? { details } : {}),
    },
  }
}

interface Receipted {
  where: Candidate
  receipts: ReceiptRecord[]
  /** One of them is for all segments of the message. */
  whole: boolean
}

interface Said {
  where: Candidate
  receipts: ReceiptRecord[]
}

export interface ReceiptHouse {
  emit: Emit
  newId: () => string
  readings: ReadingBook
  /** Told how many receipts found their message, and how many wait for it. */
  counted?: ((found: 'matched' | 'orphaned', count: number) => void) | undefined
}

/**
 * Stores receipts and moves the messages that they decide, in the caller's transaction, and their events with it.
 * A receipt that fits no segment waits among the orphans until its answer is settled; one that fits several, until the
 * carrier's ids are known better. Returns the events.
 */
export async function record(
  tx: Tx,
  receipts: readonly ReceiptRow[],
  house: ReceiptHouse,
  now: Date,
): Promise<EventRow[]> {
  const { bySegment, learned } = await find(tx, receipts, house, now)
  const told = bySegment.size === 0 ? [] : await write(tx, [...bySegment.values()], house, now)
  if (learned.length === 0) return told
  const waiting = await takeAmbiguousOrphans(tx, learned)
  return waiting.length === 0 ? told : [...told, ...(await record(tx, waiting, house, now))]
}

/** The segment of each receipt, and the carriers of whose ids something became certain on the way. */
async function find(
  tx: Tx,
  receipts: readonly ReceiptRow[],
  { newId, readings, counted }: ReceiptHouse,
  now: Date,
): Promise<{ bySegment: Map<string, Receipted>; learned: string[] }> {
  const unsure = receipts.filter((receipt) => distinct(receipt.readings).length > 1)
  await readings.refresh(
    tx,
    unsure.map(({ carrier_id }) => carrier_id),
  )
  const candidates = await candidatesOf(tx, receipts, readings, now)
  const bySegment = new Map<string, Receipted>()
  const orphans: (ReceiptRow & { id: string; ambiguous: boolean })[] = []
  const samples: Sample[] = []
  for (const [n, receipt] of receipts.entries()) {
    const { carrier_id } = receipt
    const choice = choose(receipt, candidates.get(n) ?? [], readings.of(carrier_id))
    if (typeof choice === 'string') {
      orphans.push({ ...receipt, id: newId(), ambiguous: choice === 'ambiguous' })
      continue
    }
    const where = choice.found
    if (choice.news) samples.push({ carrier_id, readings: receipt.readings, key: where.remote_key })
    const name = `${where.message_id}/${where.attempt}/${where.index}`
    const entry = bySegment.get(name) ?? { where, receipts: [], whole: false }
    entry.receipts.push(receipt.receipt)
    entry.whole ||= receipt.covers === 'message'
    bySegment.set(name, entry)
  }
  await keepOrphans(tx, orphans, now)
  counted?.('matched', receipts.length - orphans.length)
  counted?.('orphaned', orphans.length)
  return { bySegment, learned: await readings.learn(tx, samples) }
}

/** By the keys that are certain; where these lead to nothing, by all that a receipt can mean. */
async function candidatesOf(
  tx: Tx,
  receipts: readonly ReceiptRow[],
  learned: ReadingBook,
  now: Date,
): Promise<Map<number, Candidate[]>> {
  const likely = receipts.map(({ readings, carrier_id }) => keysOf(readings, learned.of(carrier_id)).keys)
  const asked = (keysAt: (n: number) => readonly string[]) =>
    receipts.flatMap(({ carrier_id }, n) => keysAt(n).map((key) => ({ n, carrier_id, key })))
  const found = await findReceipted(
    tx,
    asked((n) => likely[n]!),
    now,
  )
  const others = await findReceipted(
    tx,
    asked((n) =>
      found.has(n) ? [] : distinct(receipts[n]!.readings).filter((key) => !likely[n]!.includes(key)),
    ),
    now,
  )
  return new Map([...found, ...others])
}

async function write(
  tx: Tx,
  entries: readonly Receipted[],
  { emit }: ReceiptHouse,
  now: Date,
): Promise<EventRow[]> {
  // One segment and never sent twice: the segment's word is the message's, and nothing else need be known.
  const several = entries.filter(({ where }) => where.segments > 1 || where.possible_duplicate)
  const known = await segmentStates(
    tx,
    several.map(({ where }) => ({ account_id: where.account_id, id: where.message_id })),
  )
  const byMessage = Map.groupBy(known, (row) => row.message_id)
  const said = merged(entries.flatMap((entry) => spread(entry, byMessage.get(entry.where.message_id) ?? [])))
  const updates = said.map(({ where, receipts }): SegmentUpdate => {
    const { account_id, message_id, attempt, index } = where
    return { account_id, message_id, attempt, index, state: fold(receipts), receipts }
  })
  const decisions = decide(said, byMessage, now)
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

/**
 * The segments that a receipt speaks of: the one that it names, those that went out in the same submission, and all of
 * the message for a carrier that sends one receipt for all of them (group 34).
 */
function spread({ where, receipts, whole }: Receipted, known: readonly SegmentState[]): Said[] {
  if (where.segments === 1) return [{ where, receipts }]
  const own = known.find((row) => row.attempt === where.attempt && row.index === where.index)
  const same = known.filter(
    (row) =>
      row.carrier_id === own?.carrier_id &&
      (whole || (row.attempt === where.attempt && row.remote_key === where.remote_key)),
  )
  return same.map(({ attempt, index }) => ({ where: { ...where, attempt, index }, receipts }))
}

/** Each segment once: two parts may each have a receipt for the whole. */
function merged(said: readonly Said[]): Said[] {
  const bySegment = Map.groupBy(
    said,
    ({ where: { message_id, attempt, index } }) => `${message_id}/${attempt}/${index}`,
  )
  return [...bySegment.values()].map((all) => ({
    where: all[0]!.where,
    receipts: all.flatMap(({ receipts }) => receipts),
  }))
}

/** The messages whose fate is decided by these receipts together with those that came before. */
function decide(
  said: readonly Said[],
  byMessage: ReadonlyMap<string, readonly SegmentState[]>,
  now: Date,
): (Decision & { where: Candidate })[] {
  const decided = new Map<string, { where: Candidate; state: Reported; carrierCode: string | null }>()
  const open = new Map<
    string,
    {
      where: Candidate
      carrierCode: string | null
      said: { index: number; attempt: number; state: Reported }[]
    }
  >()
  for (const { where, receipts } of said) {
    const state = fold(receipts)
    if (state === null) continue
    // Not with the carrier as a whole, or waiting to be resent: only good news ends that.
    if (state !== 'delivered' && (where.message_state === 'queued' || where.message_state === 'uncertain'))
      continue
    const carrierCode = receipts.find((receipt) => receipt.state === state)?.error ?? null
    if (where.segments === 1 && !where.possible_duplicate)
      decided.set(where.message_id, { where, state, carrierCode })
    else {
      const entry = open.get(where.message_id) ?? { where, carrierCode, said: [] }
      entry.said.push({ index: where.index, attempt: where.attempt, state })
      open.set(where.message_id, entry)
    }
  }
  for (const [id, { where, carrierCode, said }] of open) {
    const state = messageState(where.segments, overlay(byMessage.get(id) ?? [], said))
    if (state) decided.set(id, { where, state, carrierCode })
  }
  return [...decided.values()].map(({ where, state, carrierCode }) =>
    decision(where, state, carrierCode, now),
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
  where: Candidate,
  state: Reported,
  carrierCode: string | null,
  now: Date,
): Decision & { where: Candidate } {
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
    event_name: eventOf[state]!,
    event: messagePayload({ ...where, id, state, error_code, carrier_code }),
  }
}

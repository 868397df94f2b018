import { type Batcher, createBatcher } from '../batcher.ts'
import type { Bell } from '../bell.ts'
import type { IncomingPart } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'
import { publicId, uuidv7 } from '../ids.ts'
import type { Log } from '../log.ts'
import type { EventRow } from '../outbox/chunk.ts'
import type { Emit } from '../outbox/emit.ts'
import { type Db, isTransient, type Tx } from '../store/db.ts'
import { type Claimer, claimIncoming } from './claim.ts'
import { createCopies } from './copies.ts'
import { forgetInboundIds, noteInboundIds } from './ids.store.ts'
import type { Incoming } from './incoming.ts'
import { ownersOf } from './owner.store.ts'
import {
  type Assembled,
  forgetComplete,
  type GroupKey,
  insertReceived,
  type NewInbound,
  type PartRow,
  staleGroups,
  storeParts,
  takeStaleGroup,
} from './store.ts'

/** The carrier that a part came in on. */
export interface Origin {
  carrierId: string
}

export interface Inbound {
  /** Resolves once the part, its message, the claim and all that the claim did are committed. */
  receive(origin: Origin, part: IncomingPart): Promise<void>
  /** Hands on long messages whose missing parts did not come; returns how many. */
  sweep(before: Date): Promise<number>
  /** Parts that wait or are being stored. */
  readonly load: number
  idle(): Promise<void>
}

interface Arrived {
  origin: Origin
  part: IncomingPart
  /** When it came from the wire. */
  at: Date
}

const offset16 = 65_536
const hour = 3_600_000
/** How long providers send a callback again that was not answered: a day as a rule, and Sinch almost two. */
const idsMs = 72 * hour
/** Batches under way at a time: while one waits for the disk, another is read, claimed and answered. */
const laneCount = 2
/** SQLSTATE of a transaction that gave way to another; nothing of it stayed, so it is done again at once. */
const deadlock = '40P01'
const deadlocksBorne = 3
/** Incomplete messages a round: the next one goes on. */
const sweepLimit = 500

export function createInbound(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  /** In the order in which they are asked. */
  claimers: () => readonly Claimer[]
  emit: Emit
}): Inbound {
  const { db, clock, bell, log, claimers, emit } = options
  const copies = createCopies(db)

  /** Returns which of them were here already. */
  async function store(tx: Tx, arrived: readonly Arrived[]): Promise<Set<Arrived>> {
    const now = clock.now()
    // "Part 1 of 1" is a message; gateways that write this use one reference for all of them.
    const single = arrived.filter(({ part }) => !(part.concat && part.concat.total > 1))
    const known = await copiesOf(tx, single, now)
    const whole = single.filter((one) => !known.has(one)).map((one) => wholeMessage(one, now))
    const parts = arrived.flatMap(({ origin, part }) =>
      part.concat && part.concat.total > 1 ? [partRow(origin, part, part.concat)] : [],
    )
    const assembled = await storeParts(tx, parts, now)
    await hand(tx, [...whole, ...assembled.map((row) => fromParts(row, now))], now)
    return known
  }

  /** Messages that are here already: the network has sent them again because our answer did not reach it. */
  async function copiesOf(tx: Tx, arrived: readonly Arrived[], now: Date): Promise<Set<Arrived>> {
    const known = await copies.among(tx, arrived, now)
    const named = arrived.flatMap(({ origin, part: { remoteId } }, n) =>
      remoteId === undefined ? [] : [{ n, carrier_id: origin.carrierId, remote_id: remoteId }],
    )
    for (const n of await noteInboundIds(tx, named, now)) known.add(arrived[n]!)
    if (known.size > 0) log.info({ copies: known.size }, 'deliveries came again: copies')
    return known
  }

  function wholeMessage({ origin, part, at: receivedAt }: Arrived, at: Date): Arrival {
    const { from, to, encoding, answered, copy } = part
    const text = part.text.toWellFormed()
    return {
      encoding,
      receivedAt,
      fingerprint: copy?.fingerprint ?? null,
      incoming: {
        carrierId: origin.carrierId,
        id: uuidv7(at.getTime()),
        from,
        to,
        text,
        segments: 1,
        ...(answered && { answered }),
        complete: true,
        flags: [],
        at,
      },
    }
  }

  function fromParts(row: Assembled, at: Date): Arrival {
    const { carrier_id: carrierId, sender: from, recipient: to, bodies, parts, wide, total } = row
    const complete = total === undefined || total === parts
    const text = bodies
      .map((body) => JSON.parse(body) as string)
      .join(complete ? '' : ' … ')
      .toWellFormed()
    const id = uuidv7(at.getTime())
    return {
      encoding: wide ? 'ucs2' : 'gsm7',
      receivedAt: at,
      fingerprint: null,
      incoming: {
        carrierId,
        id,
        from,
        to,
        text,
        segments: parts,
        complete,
        flags: [],
        at,
      },
    }
  }

  /** Finds the account of each message, asks who takes it, stores it with the answer, and tells the world: in one transaction. */
  async function hand(tx: Tx, found: readonly Arrival[], now: Date): Promise<void> {
    const owners = await ownersOf(
      tx,
      found.map(({ incoming }) => incoming),
    )
    const arrivals = found.map(({ incoming, ...rest }, at) => {
      const accountId = owners[at]
      if (accountId === undefined)
        throw new Error('A message came in on a carrier that is not in the database.')
      return { ...rest, incoming: { ...incoming, accountId } }
    })
    const traces = await claimIncoming(
      claimers(),
      arrivals.map(({ incoming }) => incoming),
      tx,
    )
    const rows = arrivals.map((arrival, at) => newRow(arrival, traces[at]!))
    await insertReceived(tx, rows, now)
    const events = arrivals.map(({ incoming }, at) => receivedEvent(incoming, traces[at]!.taken_by))
    await emit(tx, events, now)
  }

  async function storeAll(arrived: Arrived[], again = deadlocksBorne): Promise<(undefined | Error)[]> {
    try {
      await copies.settle(arrived)
      const known = await db.transaction((tx) => store(tx, arrived))
      copies.stored(arrived, known)
      ring()
      return arrived.map(() => undefined)
    } catch (error) {
      if ((error as { code?: string }).code === deadlock && again > 0) return storeAll(arrived, again - 1)
      // Not acknowledged, so the network sends it again: nothing is lost by giving up here.
      if (isTransient(error) || arrived.length === 1) {
        log.warn(
          { error: (error as Error).message },
          'inbound messages could not be stored; the network will send them again',
        )
        return arrived.map(() => error as Error)
      }
      const alone: (undefined | Error)[] = []
      for (const one of arrived) alone.push(...(await storeAll([one])))
      return alone
    }
  }

  function handStale(group: GroupKey, before: Date): Promise<boolean> {
    return db.transaction(async (tx) => {
      const now = clock.now()
      const row = await takeStaleGroup(tx, group, before)
      if (row) await hand(tx, [fromParts(row, now)], now)
      return row !== undefined
    })
  }

  function ring(): void {
    bell.ring('outbox')
    // Whoever took a message may have answered it.
    if (claimers().length > 0) bell.ring('queue')
  }

  // What one person sends stays in its lane, and so in its order.
  const lanes: Batcher<Arrived, undefined>[] = Array.from({ length: laneCount }, () =>
    createBatcher({ flush: (arrived) => storeAll(arrived), maxWeight: 200, concurrency: 1 }),
  )
  const laneOf = ({ from }: IncomingPart) => lanes[(from.codePointAt(from.length - 1) ?? 0) % laneCount]!

  return {
    receive: (origin, part) => laneOf(part).push({ origin, part, at: clock.now() }),
    async sweep(before) {
      let count = 0
      // Each in a transaction of its own: one that cannot be handed on must not keep the others.
      for (const group of await staleGroups(db, before, sweepLimit)) {
        try {
          if (await handStale(group, before)) count++
        } catch (error) {
          if (isTransient(error)) throw error
          log.error({ error: (error as Error).message }, 'an incomplete message could not be handed on')
        }
      }
      const now = clock.now().getTime()
      await forgetComplete(db, new Date(now - hour))
      copies.forget(new Date(now))
      await forgetInboundIds(db, new Date(now - idsMs))
      if (count > 0) ring()
      return count
    },
    get load() {
      return lanes.reduce((sum, { load }) => sum + load, 0)
    },
    async idle() {
      await Promise.all(lanes.map((lane) => lane.idle()))
    },
  }
}

interface Arrival {
  incoming: Omit<Incoming, 'accountId'>
  encoding: 'gsm7' | 'ucs2'
  receivedAt: Date
  fingerprint: string | null
}

function partRow(origin: Origin, part: IncomingPart, concat: NonNullable<IncomingPart['concat']>): PartRow {
  return {
    carrier_id: origin.carrierId,
    sender: part.from,
    recipient: part.to,
    reference: concat.reference + (concat.bits === 16 ? offset16 : 0),
    total: concat.total,
    part: concat.part,
    body: JSON.stringify(part.text),
    encoding: part.encoding,
  }
}

function newRow(
  { incoming, encoding, receivedAt, fingerprint }: Arrival & { incoming: Incoming },
  trace: object,
): NewInbound {
  return {
    account_id: incoming.accountId,
    id: incoming.id,
    sender: incoming.from,
    recipient: incoming.to,
    body: incoming.text,
    encoding,
    segments: incoming.segments,
    carrier_id: incoming.carrierId,
    timeline: [
      {
        state: 'received',
        at: incoming.at.toISOString(),
        ...(incoming.complete ? {} : { incomplete: true }),
      },
    ],
    trace,
    fingerprint,
    received_at: receivedAt,
  }
}

function receivedEvent(incoming: Incoming, claimedBy: string | null): EventRow {
  return {
    account_id: incoming.accountId,
    name: 'message.received',
    payload: {
      message_id: publicId('message', incoming.id),
      from: incoming.from,
      to: incoming.to,
      text: incoming.text,
      segments: incoming.segments,
      complete: incoming.complete,
      claimed_by: claimedBy,
    },
  }
}

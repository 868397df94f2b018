import type { Carrier } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'
import { uuidFloor } from '../ids.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { silent } from './inquiry.store.ts'
import type { Lease } from './lease.ts'
import type { Ledger } from './ledger.ts'
import { receiptRow } from './receipt.ts'

/** At which age a message is asked about of which nothing is known: most receipts that come at all have come by then. */
const ageMs = 15 * 60_000
/** A new holder begins so far back: what the one before it has asked is asked once more at most. */
const backMs = 15 * 60_000
const everyMs = 60_000
/** Messages of so long are looked through at a time: of most of them there is nothing to ask. */
const stretchMs = 60_000
/** Questions between two looks; there is one on the link at a time, for submissions matter more. */
const atOnce = 100

/**
 * Asks a carrier that can be asked (query_sm, smpp-interop group 30) what has become of messages that it took and never
 * spoke of again, once each. What it says goes the way of receipts; that it says nothing changes nothing.
 */
export function startInquiry(options: {
  db: Db
  clock: Clock
  log: Log
  lease: Lease
  ledger: Ledger
  carrier: Carrier
  /** Whether this bind is the one of its carrier's that asks. */
  asks: () => boolean
}): { stop(): Promise<void> } {
  const { db, clock, log, lease, ledger, carrier, asks } = options
  const stopping = new AbortController()
  const before = (ms: number): Date => new Date(clock.now().getTime() - ms)
  let from = before(ageMs + backMs)
  let after = uuidFloor(from)

  async function look(): Promise<number | undefined> {
    // Settings may come to say so.
    const { query } = carrier
    if (!query || !asks()) {
      from = before(ageMs + backMs)
      after = uuidFloor(from)
      return undefined
    }
    const end = before(ageMs)
    const until = new Date(Math.min(end.getTime(), from.getTime() + stretchMs))
    const asked = await silent(db, lease.carrierId, { after, until, limit: atOnce })
    for (const sent of asked) {
      // Without a link the question waits, and so do those behind it.
      if (stopping.signal.aborted || !lease.valid() || carrier.freeWindow === 0) return undefined
      const said = await query(sent, stopping.signal)
      if (said?.state) await ledger.receipt(receiptRow(lease.carrierId, said, clock.now()))
      after = sent.id
    }
    if (asked.length === atOnce) return 1
    from = until
    after = uuidFloor(from)
    return until < end ? 1 : undefined
  }

  const pulse = startPulse({
    name: 'the asking after messages without a receipt',
    work: look,
    everyMs,
    clock,
    log,
  })
  return {
    async stop() {
      stopping.abort()
      await pulse.stop()
    },
  }
}

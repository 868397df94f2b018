import type { Bell } from '../bell.ts'
import type { Carrier, CarrierSink } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'
import { drain } from '../drain.ts'
import type { Log } from '../log.ts'
import { type Dispatcher, startDispatch } from '../message/dispatch.ts'
import type { Lease } from '../message/lease.ts'
import type { Ledger } from '../message/ledger.ts'
import { receiptRow } from '../message/receipt.ts'
import type { UncertainRules } from '../message/settle.ts'
import type { ClaimedMessage } from '../message/store.ts'
import { takeOver } from '../message/sweep.ts'
import { runDuty } from '../message/sweeper.ts'
import type { Emit } from '../outbox/emit.ts'
import { backoff } from '../pause.ts'
import type { Db } from '../store/db.ts'
import type { Crew } from './crew.ts'
import { type HeldLease, takeLease } from './lease.ts'

/** How long the link has to close when the database is known to be gone. */
const impatientMs = 1_000

export interface Bind {
  /** Drains: claims no more, waits for answers, unbinds, gives the lease back. */
  stop(): Promise<void>
}

/**
 * The life of one bind slot on this node: take the lease, decide the fate of what an earlier holder left on the
 * wire, open the link, dispatch; and from the beginning when the lease is lost.
 */
export function startBind(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  emit: Emit
  ledger: Ledger
  node: () => number
  crew: Crew
  carrierId: string
  slot: number
  window: number
  carrier: Carrier
  /** What comes in: receipts go to the ledger, messages to inbound. */
  incoming: CarrierSink['incoming']
  uncertain: UncertainRules
  tracePdus: boolean
  onWire?: (message: ClaimedMessage, now: Date) => void
}): Bind {
  const { clock, bell, log, ledger, carrier, carrierId, incoming, uncertain } = options
  const stopping = new AbortController()
  let dispatcher: Dispatcher | undefined

  async function settleAbandoned(lease: Lease): Promise<void> {
    for (let more = true; more; ) {
      const swept = await runDuty(options, (tx, now) => takeOver(tx, lease, uncertain, now))
      more = swept.more
      if (swept.moved.length > 0) {
        log.warn(
          { messages: swept.moved.length },
          'messages were on the wire when their sender died; their lanes decide',
        )
      }
    }
  }

  async function hold(lease: HeldLease): Promise<void> {
    await settleAbandoned(lease)
    dispatcher = startDispatch({ ...options, lease })
    const close = await carrier.open({
      incoming,
      receipt: (receipt) => ledger.receipt(receiptRow(carrierId, receipt, clock.now())),
      late: (segment, submitted) => dispatcher?.late(segment, submitted),
      changed: () => dispatcher?.wake(),
      mayWrite: lease.valid,
    })
    const unlisten = bell.on('queue', () => dispatcher?.wake())
    await aborted(AbortSignal.any([lease.lost, lease.handOver, stopping.signal]))
    unlisten()
    const settled = await dispatcher.stop()
    const closed = close()
    // The link closes once every receipt on it is stored and answered: at a stop that is not waited for for ever.
    if (stopping.signal.aborted)
      await drain(closed, {
        log,
        left: () => ledger.load,
        what: 'the link is left with deliveries unanswered; the carrier sends them again',
        ...(settled ? {} : { ms: impatientMs }),
      })
    else await closed
    // A database that did not take the answers within that time would not take the receipts either.
    if (!settled) return
    await drain(ledger.idle(), {
      log,
      left: () => ledger.load,
      what: 'the lease is given back with answers and receipts unwritten; carriers send receipts again',
    })
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      let lease: HeldLease | undefined
      try {
        lease = await takeLease({ ...options, signal: stopping.signal })
        attempt = 0
        await hold(lease)
      } catch (error) {
        if (stopping.signal.aborted) break
        log.warn({ error: (error as Error).message }, 'the bind could not be held; trying again')
        await backoff(attempt, { signal: stopping.signal }).catch(() => {})
      } finally {
        await lease?.release().catch(() => {})
      }
    }
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

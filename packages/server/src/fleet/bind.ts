import type { Bell } from '../bell.ts'
import type { Carrier, CarrierSink } from '../carriers/carrier.ts'
import { createPacedCarrier, type PacedCarrier } from '../carriers/paced.ts'
import type { Clock } from '../clock.ts'
import { drain } from '../drain.ts'
import type { Log } from '../log.ts'
import type { ClaimedMessage } from '../message/claim.store.ts'
import type { Ways } from '../message/deliver.ts'
import { type Choice, type Dispatcher, startDispatch } from '../message/dispatch.ts'
import { startInquiry } from '../message/inquiry.ts'
import type { Lease } from '../message/lease.ts'
import type { Ledger } from '../message/ledger.ts'
import { receiptRow } from '../message/receipt.ts'
import type { UncertainRules } from '../message/settle.ts'
import { takeOver } from '../message/sweep.ts'
import { runDuty } from '../message/sweeper.ts'
import type { Emit } from '../outbox/emit.ts'
import { backoff } from '../pause.ts'
import type { Router } from '../routing/router.ts'
import type { Db } from '../store/db.ts'
import { type BindState, readFound } from './board.store.ts'
import type { Board } from './board.ts'
import { createBreaker } from './breaker.ts'
import type { Crew } from './crew.ts'
import { type HeldLease, takeLease } from './lease.ts'

/** How long the link has to close when the database is known to be gone. */
const impatientMs = 1_000

/** What all binds of a node share. */
export interface BindHouse {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  emit: Emit
  ledger: Ledger
  node: () => number
  crew: Crew
  board: Board
  router: Router
  uncertain: UncertainRules
  tracePdus: boolean
  onWire?: (message: ClaimedMessage, now: Date) => void
  onClaim?: (carrier: string, messages: number) => void
  onLeaseLost?: (carrier: string) => void
}

/** What one bind is. */
export interface BindPlan {
  carrierId: string
  carrierName: string
  slot: number
  type: string
  submits: boolean
  carrier: Carrier
  window: number
  /** Whether it is the one of its carrier's binds that asks after messages. */
  asks: boolean
  /** Segments a second that this bind may send by contract. */
  perSecond: number | undefined
  /** What comes in: receipts go to the ledger, messages to inbound. */
  incoming: CarrierSink['incoming']
}

/** What of a bind changes while its link stands. */
export type Terms = Pick<BindPlan, 'window' | 'perSecond' | 'asks'>

export interface Bind {
  /** Holds from now on. */
  adjust(terms: Terms): void
  /** Resolves when the link has stood for the first time, on this node. */
  readonly up: Promise<void>
  /** Drains: claims no more, waits for answers, unbinds, gives the lease back. */
  stop(): Promise<void>
}

/**
 * The life of one bind slot on this node: take the lease, decide the fate of what an earlier holder left on the
 * wire, open the link, dispatch; and from the beginning when the lease is lost.
 */
export function startBind(house: BindHouse, plan: BindPlan): Bind {
  const { clock, bell, ledger, board, router, uncertain } = house
  const { carrier, carrierId, carrierName, slot, submits, incoming } = plan
  const log = house.log.child({ carrier: carrierName, slot })
  const stopping = new AbortController()
  let terms: Terms = plan
  const up = Promise.withResolvers<void>()
  let paced: PacedCarrier | undefined
  const ways: Ways = { elsewhere: router.elsewhere, namesOf: router.namesOf }

  async function settleAbandoned(lease: Lease): Promise<void> {
    for (let more = true; more; ) {
      const swept = await runDuty(house, (tx, now) => takeOver(tx, lease, uncertain, router.elsewhere, now))
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
    const found = submits ? await readFound(house.db, carrierId, slot) : undefined
    const breaker = createBreaker({ clock, changed: turned })
    let dispatcher: Dispatcher | undefined
    paced = createPacedCarrier({
      carrier,
      perSecond: terms.perSecond,
      found,
      // The holder before may have filled the second that runs.
      ...(lease.fence > 1 && terms.perSecond !== undefined ? { notBefore: performance.now() + 1_000 } : {}),
      permit: lease.valid,
      answered: breaker.answered,
    })
    const link = paced

    const linkStands = (): boolean => {
      const said = carrier.report?.().state
      return said === undefined
        ? carrier.freeWindow > 0 || (dispatcher?.outstanding ?? 0) > 0
        : said === 'bound'
    }
    const state = (): BindState =>
      !linkStands() ? 'binding' : breaker.circuit === 'closed' ? 'bound' : 'open'

    /** Nothing while the carrier is paused or its circuit open; one message to see whether it works again. */
    function choose(): Choice {
      if (!submits || terms.perSecond === 0) return { offers: [] }
      const { circuit } = breaker
      if (circuit === 'closed') return { offers: router.pathsFor(carrierId, board.takable) }
      if (circuit === 'open' || (dispatcher?.outstanding ?? 0) > 0) return { offers: [] }
      return {
        offers: router.pathsFor(carrierId, (id) => id === carrierId || board.takable(id)),
        messages: 1,
      }
    }

    const place = board.join({
      carrierId,
      slot,
      fence: lease.fence,
      submits,
      state,
      report: () => report(link),
    })
    function turned(): void {
      if (linkStands()) up.resolve()
      place.turned()
      dispatcher?.wake()
    }
    dispatcher = startDispatch({
      ...house,
      log,
      lease,
      carrier: link,
      carrierName,
      window: () => terms.window,
      ways,
      choose,
    })
    const { wake, press } = dispatcher
    const close = await link.open({
      incoming,
      receipt: (receipt) => ledger.receipt(receiptRow(carrierId, receipt, clock.now())),
      late: (segment, submitted) => dispatcher?.late(segment, submitted),
      changed: turned,
      mayWrite: lease.valid,
    })
    const asks = () => terms.asks
    const inquiry = submits ? startInquiry({ ...house, log, lease, carrier: link, asks }) : undefined
    const deaf = [bell.on('queue', wake), bell.on('urgent', press), bell.on('carriers', wake), board.on(wake)]
    turned()
    await aborted(AbortSignal.any([lease.lost, lease.handOver, stopping.signal]))
    if (lease.lost.aborted) house.onLeaseLost?.(carrierName)
    for (const stop of deaf) stop()
    await inquiry?.stop()
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
    const left = place.leave()
    // A database that did not take the answers within that time would not take the receipts either.
    if (!settled) return
    await left
    await drain(ledger.idle(), {
      log,
      left: () => ledger.load,
      what: 'the lease is given back with answers and receipts unwritten; carriers send receipts again',
    })
  }

  /** What people read of this bind, in the names of the API. */
  function report(link: PacedCarrier): object {
    const said = carrier.report?.()
    const pace = link.snapshot()
    return {
      type: said?.type ?? plan.type,
      host: said?.host ?? null,
      window: said?.window ?? terms.window,
      in_flight: said?.inFlight ?? 0,
      segments_per_second: terms.perSecond ?? null,
      rate: link.throughput(),
      // Between probes: who holds the bind next begins there.
      pace: pace ? Math.round(pace.heldRate * 10) / 10 : null,
      limit: pace?.limit ?? null,
      answer_ms: said?.answerMs ?? null,
      errors: said?.errors ?? [],
      last_error: said?.lastError ?? null,
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      let lease: HeldLease | undefined
      try {
        lease = await takeLease({ ...house, log, carrierId, slot, signal: stopping.signal })
        attempt = 0
        await hold(lease)
      } catch (error) {
        if (stopping.signal.aborted) break
        log.warn({ error: (error as Error).message }, 'the bind could not be held; trying again')
        await backoff(attempt, { signal: stopping.signal }).catch(() => {})
      } finally {
        paced = undefined
        await lease?.release().catch(() => {})
      }
    }
  }

  const running = run()
  return {
    adjust(next) {
      terms = next
      paced?.setRate(next.perSecond)
    },
    up: up.promise,
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

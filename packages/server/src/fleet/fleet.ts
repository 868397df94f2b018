import { setTimeout as wait } from 'node:timers/promises'
import type { Bell } from '../bell.ts'
import type { Carrier, CarrierSink } from '../carriers/carrier.ts'
import {
  type CarrierHouse,
  type CarrierSetup,
  createCarrier,
  rateOf,
  type SlotPlan,
  slotsOf,
} from '../carriers/kinds.ts'
import { type CarrierRow, listCarriers } from '../carriers/store.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import { type Bind, type BindHouse, startBind, type Terms } from './bind.ts'

/** A bind that this node runs or waits for, what it was made with, and by which settings it works. */
interface Running {
  readonly connection: string
  readonly bind: Bind
  readonly adjust: (carrier: CarrierRow) => void
  revision: number
}

/** How long the next slot of a carrier waits for a link that was made anew, before its own is ended. */
const turnMs = 10_000

export interface Fleet {
  stop(): Promise<void>
}

/**
 * Runs the binds of all carriers as their rows say: makes those that are wanted, ends those that are not, and makes
 * anew, one slot of a carrier after the other, those whose connection has changed; what else has changed holds at once, over
 * the links that stand. Other carriers are never touched,
 * and what one of them throws is its own affair.
 */
export function startFleet(
  options: BindHouse & {
    bell: Bell
    clock: Clock
    log: Log
    house: CarrierHouse
    /** Counts what a carrier does, under its name. */
    measured?: (name: string, own: Carrier) => Carrier
    incoming(carrier: { carrierId: string; accountId: string }): CarrierSink['incoming']
    everyMs?: number
  },
): Fleet {
  const { db, bell, clock, log, house, incoming, measured = (_, own) => own, everyMs = 2_000 } = options
  const running = new Map<string, Map<number, Running>>()
  /** Carriers whose binds are being changed: the next look waits for them, and for them alone. */
  const busy = new Map<string, Promise<void>>()
  const stopping = new AbortController()

  function start(carrier: CarrierRow, plan: SlotPlan, terms: Terms): Running {
    const { id: carrierId, account_id: accountId, name, revision } = carrier
    const own = createCarrier(carrier, plan.slot, {
      ...house,
      log: log.child({ carrier: name, slot: plan.slot }),
    })
    const bind = startBind(options, {
      carrierId,
      carrierName: name,
      slot: plan.slot,
      type: plan.type,
      submits: plan.submits,
      carrier: measured(name, own.carrier),
      ...terms,
      incoming: incoming({ carrierId, accountId }),
    })
    return { connection: plan.connection, bind, adjust: own.adjust, revision }
  }

  async function adjust(id: string, carrier: CarrierRow | undefined): Promise<void> {
    const mine = running.get(id) ?? new Map<number, Running>()
    running.set(id, mine)
    const plans = carrier && carrier.mode !== 'drained' ? slotsOf(carrier) : []
    const wanted = new Map(plans.map((plan) => [plan.slot, plan]))
    const gone = [...mine].filter(([slot]) => !wanted.has(slot))
    for (const [slot] of gone) mine.delete(slot)
    await Promise.all(gone.map(([, { bind }]) => bind.stop()))
    let remade: Running | undefined
    // Where one link does not come up, the next will not either.
    let hopeful = true
    for (const plan of plans) {
      if (stopping.signal.aborted) return
      const terms = termsOf(carrier!, plan, plans)
      const present = mine.get(plan.slot)
      if (present?.connection === plan.connection) {
        if (present.revision === carrier!.revision) continue
        present.adjust(carrier!)
        present.bind.adjust(terms)
        present.revision = carrier!.revision
        continue
      }
      if (present) {
        if (remade && hopeful) hopeful = await comesUp(remade)
        if (stopping.signal.aborted) return
        mine.delete(plan.slot)
        await present.bind.stop()
      }
      const made = start(carrier!, plan, terms)
      mine.set(plan.slot, made)
      if (present) remade = made
    }
    if (mine.size === 0) running.delete(id)
  }

  const comesUp = ({ bind }: Running): Promise<boolean> =>
    Promise.race([
      bind.up.then(() => true),
      wait(turnMs, false, { signal: stopping.signal, ref: false }).catch(() => false),
    ])

  function look(carriers: readonly CarrierRow[]): void {
    const byId = new Map(carriers.map((carrier) => [carrier.id, carrier]))
    for (const id of new Set([...byId.keys(), ...running.keys()])) {
      if (busy.has(id)) continue
      const work = adjust(id, byId.get(id))
        .catch((error: Error) =>
          log.error(
            { carrier: byId.get(id)?.name ?? id, error: error.message },
            'a carrier could not be run',
          ),
        )
        .finally(() => busy.delete(id))
      busy.set(id, work)
    }
  }

  const pulse = startPulse({
    name: 'the fleet of binds',
    async work() {
      const carriers = await listCarriers(db)
      // Those are passed over now; the others are as they shall be.
      const again = busy.size > 0
      look(carriers)
      return again ? 100 : undefined
    },
    everyMs,
    spacingMs: 20,
    clock,
    log,
  })
  const deaf = bell.on('carriers', pulse.ring)

  return {
    async stop() {
      stopping.abort()
      deaf()
      await pulse.stop()
      await Promise.all(busy.values())
      const binds = [...running.values()].flatMap((slots) => [...slots.values()])
      await Promise.all(binds.map(({ bind }) => bind.stop()))
    },
  }
}

function termsOf(carrier: CarrierSetup, plan: SlotPlan, plans: readonly SlotPlan[]): Terms {
  return {
    window: plan.window,
    perSecond: shareOf(carrier, plan, plans),
    asks: plan === plans.find(({ submits }) => submits),
  }
}

/**
 * The part of a carrier's rate that is one bind's: equal shares, so that no second exceeds the rate whoever holds the
 * binds. With fewer segments a second than binds the first ones have one each.
 */
function shareOf(carrier: CarrierSetup, plan: SlotPlan, plans: readonly SlotPlan[]): number | undefined {
  const rate = rateOf(carrier)
  if (rate === undefined || !plan.submits) return undefined
  const submitting = plans.filter(({ submits }) => submits)
  const sharing = Math.max(1, Math.min(submitting.length, Math.floor(rate)))
  return submitting.indexOf(plan) < sharing ? rate / sharing : 0
}

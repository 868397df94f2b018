import type { Behaviour } from '../behaviour.ts'
import { mix, purposes } from '../chance.ts'
import type { Trace } from '../trace.ts'
import type { Fault, Spoiled } from './fault.ts'
import { idOf } from './frames.ts'
import { canSpoil, type FaultGroup, faultsOf } from './malformed.ts'
import type { Tampering, Wire } from './wire.ts'

const ENQUIRE_LINK_RESP = 0x8000_0015

/** What is wrong with PDUs on purpose: so many of all (`malformed`), or the next few that were asked for. */
export interface Faults extends Tampering {
  /** Spoils the next `count` PDUs that this group can spoil, on any link. */
  order(group: FaultGroup, count: number): void
  clear(): void
}

export function createFaults({ behaviour, trace }: { behaviour: Behaviour; trace: Trace }): Faults {
  let orders: { readonly group: FaultGroup; left: number }[] = []

  const fitting = (group: FaultGroup, frame: Buffer): Fault[] =>
    faultsOf(group).filter((fault) => canSpoil(fault, frame))

  const choose = (frame: Buffer, key: number): Fault | undefined => {
    for (const order of orders) {
      const faults = fitting(order.group, frame)
      if (faults.length === 0) continue
      order.left -= 1
      orders = orders.filter(({ left }) => left > 0)
      return faults[mix(key, purposes.malformedHow) % faults.length]
    }
    const group = behaviour.plan.malformed?.pick('', key, purposes.malformed)
    if (!group) return undefined
    const faults = fitting(group, frame)
    return faults[mix(key, purposes.malformedHow) % faults.length]
  }

  return {
    get active() {
      return orders.length > 0 || behaviour.plan.tampers
    },
    get silent() {
      return behaviour.settings.silent
    },
    tamper(frame, wire: Wire): Spoiled | undefined {
      if (behaviour.settings.enquireLinkNever && idOf(frame) === ENQUIRE_LINK_RESP) return { writes: [] }
      const fault = choose(frame, behaviour.chance.key(wire.id, wire.count))
      if (!fault) return undefined
      trace.add('fault', { link: wire.id, what: fault.what })
      return fault.spoil(frame)
    },
    order(group, count) {
      orders.push({ group, left: count })
    },
    clear() {
      orders = []
    },
  }
}

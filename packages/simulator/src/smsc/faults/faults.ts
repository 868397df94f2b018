import type { Behaviour } from '../../behaviour.ts'
import { mix, purposes } from '../../chance.ts'
import type { Trace } from '../../trace.ts'
import type { Fault, Spoiled } from './fault.ts'
import { idOf } from './frames.ts'
import { type FaultName, faultsFor } from './groups.ts'
import type { Tampering, Wire } from './wire.ts'

const ENQUIRE_LINK_RESP = 0x8000_0015

/** What is wrong with PDUs on purpose: so many of all (`malformed`), or the next few that were asked for. */
export interface Faults extends Tampering {
  /** Spoils the next `count` PDUs that this group can spoil, on any link. */
  order(group: FaultName, count: number): void
  clear(): void
}

export function createFaults({ behaviour, trace }: { behaviour: Behaviour; trace: Trace }): Faults {
  let orders: { readonly group: FaultName; left: number }[] = []

  const choose = (frame: Buffer, key: number): Fault | undefined => {
    const oneOf = (faults: readonly Fault[]) => faults[mix(key, purposes.malformedHow) % faults.length]
    for (const order of orders) {
      const faults = faultsFor(order.group, frame)
      if (faults.length === 0) continue
      order.left -= 1
      orders = orders.filter(({ left }) => left > 0)
      return oneOf(faults)
    }
    // Turns and shares are of the PDUs that a group can spoil.
    const fits = (group: FaultName): boolean => faultsFor(group, frame).length > 0
    const group = behaviour.plan.malformed?.pick('', key, purposes.malformed, fits)
    return group && oneOf(faultsFor(group, frame))
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
      trace.add('fault', { link: wire.id, fault: fault.what })
      return fault.spoil(frame)
    },
    order(group, count) {
      const known = orders.find((order) => order.group === group)
      if (known) known.left += count
      else orders.push({ group, left: count })
    },
    clear() {
      orders = []
    },
  }
}

import type { Hand, HeldSlot } from './nodes.store.ts'

/** A newcomer gets slots of others after so long: one that dies again at once would only make them move to and fro. */
const provenMs = 1_500

/** How many slots each node holds that may take some; those of the others count for nobody. */
function loads(hands: readonly Hand[], held: readonly HeldSlot[]): Map<number, number> {
  const load = new Map(hands.filter(({ draining }) => !draining).map(({ number }) => [number, 0]))
  for (const { node } of held) {
    const already = load.get(node)
    if (already !== undefined) load.set(node, already + 1)
  }
  return load
}

/** Whether a free slot is `me`'s to take: nobody else holds fewer. */
export function mayTake(me: number, hands: readonly Hand[], held: readonly HeldSlot[]): boolean {
  const load = loads(hands, held)
  const mine = load.get(me)
  return mine !== undefined && mine <= Math.min(...load.values())
}

/**
 * The slot that `me` should give to another node, or undefined: only when that node then still holds no more than `me`,
 * so that shares differ by one at most and then rest. It comes from the carrier of which `me` holds most.
 */
export function toGive(me: number, hands: readonly Hand[], held: readonly HeldSlot[]): HeldSlot | undefined {
  const load = loads(
    hands.filter(({ number, age_ms }) => number === me || age_ms >= provenMs),
    held,
  )
  const mine = load.get(me)
  if (mine === undefined || mine < Math.min(...load.values()) + 2) return undefined
  const own = held.filter(({ node }) => node === me)
  const ofCarrier = Map.groupBy(own, ({ carrier_id }) => carrier_id)
  const size = (slot: HeldSlot): number => ofCarrier.get(slot.carrier_id)!.length
  return own.toSorted(
    (a, b) => size(b) - size(a) || a.carrier_id.localeCompare(b.carrier_id) || b.slot - a.slot,
  )[0]
}

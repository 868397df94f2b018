import type { Carrier, Queue } from '../api/operate-types.ts'
import { measures, windowOf } from '../carriers/history.ts'

export interface Reason {
  code: 'noCarrier' | 'noRoute' | 'down' | 'paused' | 'drained' | 'limit' | 'busy' | 'uncertain'
  count: number
  carrier?: Carrier
}

/** A rate this near to the limit counts as at it: a measured rate swings. */
const nearly = 0.9

/** Fewer than this are on their way in a moment, and nobody needs to be told why. */
const fewSeconds = 2

function holdUp(carrier: Carrier, count: number): Reason['code'] | undefined {
  const { state } = carrier.health
  if (state === 'down' || state === 'paused' || state === 'drained') return state
  const { rate, limit } = measures(carrier)
  if (count <= rate * fewSeconds) return undefined
  if (limit !== null && rate >= limit * nearly) return 'limit'
  const { used, size } = windowOf(carrier)
  return size > 0 && used >= size * nearly ? 'busy' : undefined
}

/** Why messages wait, the most first. None when the queue is empty, or flows. */
export function reasonsOf(queue: Queue, carriers: readonly Carrier[]): Reason[] {
  const ready = queue.lanes.reduce((sum, lane) => sum + lane.ready, 0)
  const uncertain = queue.lanes.reduce((sum, lane) => sum + lane.uncertain, 0)
  const known = new Map(carriers.map((carrier) => [carrier.id, carrier]))
  const reasons: Reason[] = []
  if (carriers.length === 0 && ready + queue.no_route > 0) reasons.push({ code: 'noCarrier', count: ready })
  else if (queue.no_route > 0) reasons.push({ code: 'noRoute', count: queue.no_route })
  for (const { carrier_id, ready: count } of queue.carriers) {
    const carrier = known.get(carrier_id)
    const code = carrier && count > 0 ? holdUp(carrier, count) : undefined
    if (carrier && code) reasons.push({ code, count, carrier })
  }
  if (uncertain > 0) reasons.push({ code: 'uncertain', count: uncertain })
  return reasons.sort((a, b) => b.count - a.count)
}

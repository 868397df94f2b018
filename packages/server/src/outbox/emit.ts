import type { EventName } from '../events.ts'
import type { Tx } from '../store/db.ts'
import type { EventRow } from './chunk.ts'
import { insertEvents } from './store.ts'

/** Hears events in the transaction of their change: what it does commits with them, and its throw undoes them. */
export type Listener = (events: readonly EventRow[], tx: Tx) => Promise<void>
export type Listeners = Partial<Record<EventName, readonly Listener[]>>

export interface Emit {
  /** Writes the events to the outbox and lets the listeners hear them. Ring `outbox` once it has committed. */
  (tx: Tx, events: readonly EventRow[], now: Date): Promise<void>
  /** Lets the listeners hear events that the caller writes by a statement of its own. */
  tell(tx: Tx, events: readonly EventRow[]): Promise<void>
  hears(name: EventName): boolean
}

/** `listeners` is asked at each event: capabilities are made after the core that they listen to. `counted` hears of all. */
export function createEmit(
  listeners: () => Listeners,
  counted: (name: EventName, events: readonly EventRow[]) => void = () => {},
): Emit {
  async function tell(tx: Tx, events: readonly EventRow[]): Promise<void> {
    for (const [name, rows] of Map.groupBy(events, (event) => event.name)) {
      counted(name, rows)
      for (const listener of listeners()[name] ?? []) await listener(rows, tx)
    }
  }
  const emit = async (tx: Tx, events: readonly EventRow[], now: Date): Promise<void> => {
    await insertEvents(tx, events, now)
    await tell(tx, events)
  }
  return Object.assign(emit, { tell, hears: (name: EventName) => (listeners()[name]?.length ?? 0) > 0 })
}

/**
 * In-process wake-up calls. `store/notify.ts` carries them to the other nodes, and whoever listens also polls:
 * a bell that is lost costs time, never work.
 */
export const bellNames = [
  'queue',
  'urgent',
  'outbox',
  'deliveries',
  'webhooks',
  'carriers',
  'binds',
  'logins',
  'esme',
  'numbers',
] as const
export type BellName = (typeof bellNames)[number]
/** Where a ring came from; `here` when a coalesced ring has both. */
export type RingOrigin = 'here' | 'elsewhere'

export interface Bell {
  /** Wakes the listeners once, however often it rings within a turn of the event loop. Ring after the commit. */
  ring(name: BellName, origin?: RingOrigin): void
  /** Returns how to stop listening. */
  on(name: BellName, listener: (origin: RingOrigin) => void): () => void
}

export function createBell(): Bell {
  const listeners = new Map<BellName, Set<(origin: RingOrigin) => void>>()
  const rung = new Map<BellName, RingOrigin>()

  const wake = (): void => {
    const due = [...rung]
    rung.clear()
    for (const [name, origin] of due) for (const listener of listeners.get(name) ?? []) listener(origin)
  }

  return {
    ring(name, origin = 'here') {
      if (!listeners.get(name)?.size) return
      if (rung.size === 0) setImmediate(wake)
      if (rung.get(name) !== 'here') rung.set(name, origin)
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => {
        set.delete(listener)
      }
    },
  }
}
